/** The pyramid of memory as a picture: one step for each layer, the objects on top. */

/** One layer of the picture. */
export interface PyramidStep {
  /** The layer's number, as in `-1`; empty beside the pyramid. */
  readonly layer: string
  readonly name: string
  /** What is told of it, in one line. */
  readonly figures: string
}

/** Columns by which a step is wider, at each side, than the one above it. */
const STEP = 2

/** The steps as lines, each wider than the one above it. */
export function pyramidLines(steps: readonly PyramidStep[]): readonly string[] {
  const texts = steps.map(({ name, figures }) => `${name}: ${figures}`)
  const widest = texts.length - 1
  // The top step decides: each one below it has room for a little more.
  const top = Math.max(...texts.map((text, place) => text.length - 2 * STEP * place))
  const widths = texts.map((_, place) => top + 2 * STEP * place)
  const indents = texts.map((_, place) => STEP * (widest - place))
  const layers = Math.max(...steps.map(({ layer }) => layer.length))
  const margin = ' '.repeat(layers + 2)
  const rows = texts.flatMap((text, place) => {
    const width = widths[place] ?? 0
    const indent = ' '.repeat(indents[place] ?? 0)
    const label = (steps[place]?.layer ?? '').padStart(layers)
    return [`${margin}${indent}+${edge(width + 2, widths[place - 1])}+`, `${label}  ${indent}| ${centred(text, width)} |`]
  })
  const bottom = (widths[widest] ?? 0) + 2
  return [...rows, `${margin}+${'-'.repeat(bottom)}+`]
}

/** The upper edge of a step, with the corners of the step that stands on it. */
function edge(width: number, above: number | undefined): string {
  if (above === undefined) return '-'.repeat(width)
  return `${'-'.repeat(STEP - 1)}+${'-'.repeat(above + 2)}+${'-'.repeat(STEP - 1)}`
}

function centred(text: string, width: number): string {
  const before = Math.floor((width - text.length) / 2)
  return `${' '.repeat(before)}${text}${' '.repeat(width - text.length - before)}`
}
