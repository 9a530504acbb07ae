import type { LineCollection, LineFigures } from '@reheap/recorder'

const NAMES_MAX = 6

/** The source with a margin: runs of each line, objects and bytes made and freed; behind it names with their counts, and collections. */
export function annotatedText(lines: ReadonlyMap<number, LineFigures>, source: string): string {
  const rows = source.replace(/\r?\n$/, '').split(/\r?\n/)
  return [HEAD, ...rows.map((row, index) => shownLine(row, lines.get(index + 1)))].map((row) => row.trimEnd()).join('\n')
}

/** The same figures as values, line by line. */
export const linesJson = (lines: ReadonlyMap<number, LineFigures>): readonly object[] =>
  [...lines].sort(([a], [b]) => a - b).map(([line, { names, ...figures }]) => ({ line, ...figures, names: Object.fromEntries(names) }))

function shownLine(source: string, figures: LineFigures | undefined): string {
  if (figures === undefined) return `${margin('', '', '')}${source}`
  const { runs, born, died, bytesRequested, bytesReleased } = figures
  const cells = margin(`${runs}x`, `+${born} -${died}`, `+${bytesRequested} -${bytesReleased}`)
  const notes = notesOf(figures)
  return `${cells}${source}${notes.length > 0 ? `  # ${notes.join(', ')}` : ''}`
}

function notesOf({ names, collections }: LineFigures): string[] {
  const notes = [...names].slice(0, NAMES_MAX).map(([name, count]) => `${name}: ${count ?? 'gone'}`)
  if (names.size > NAMES_MAX) notes.push(`${names.size - NAMES_MAX} more names`)
  const last = collections.at(-1)
  if (collections.length > 2 && last !== undefined) notes.push(`${collections.length} collections, last ${shownCollection(last)}`)
  else notes.push(...collections.map(shownCollection))
  return notes
}

const shownCollection = ({ generation, collected, isRequested }: LineCollection): string =>
  `gen${generation}: ${collected} collected${isRequested ? ', asked for' : ''}`

const margin = (runs: string, objects: string, bytes: string): string =>
  `${runs.padStart(7)} ${objects.padStart(13)} ${bytes.padStart(17)} | `

const HEAD = `${margin('runs', 'objects', 'bytes')}source  # references to what each name holds, collections`
