/** One request on its way down, and all layers at that moment. */
import { formatCount } from '@reheap/kernel'
import { type LayerFigures, layerFigures, type MachineProfile, type RequestStep, requestSteps } from '@reheap/machine'
import { ANSWERS_LISTED, toldWords } from '@reheap/projections'
import type { LogEvent } from '@reheap/trace'
import { pyramidLines } from '../show/pyramid.ts'
import { deviceLines, pyramidSteps } from './pyramid-steps.ts'
import type { Witnessed } from './witness.ts'

export interface Descent {
  readonly index: number
  readonly request: LogEvent
  readonly steps: readonly RequestStep[]
  /** Just after it. */
  readonly pyramid: LayerFigures
}

export const descentOf = (seen: Witnessed): Descent => ({
  index: seen.index,
  request: seen.request,
  steps: requestSteps(seen),
  pyramid: layerFigures(seen.after),
})

const NAME_WIDTH = 18

/** The same for people. */
export function descentLines(name: string, { index, request, steps, pyramid }: Descent, profile: MachineProfile): readonly string[] {
  const isSilent = steps.every(({ facts }) => facts.length === 0)
  return [
    `${name}: event ${formatCount(index)}, replayed as ${profile.name}`,
    toldWords(request),
    '',
    ...(isSilent ? ['no layer answered: the event asks for no memory, or what it asks for was there'] : steps.flatMap(stepLines)),
    '',
    'all layers just after it:',
    ...pyramidLines(pyramidSteps(pyramid)),
    ...deviceLines(pyramid),
  ]
}

/** One layer's part for people; a layer that has nothing but a place is not asked. */
export function stepLines({ layer, name, facts, place }: RequestStep): readonly string[] {
  const told = facts.slice(0, ANSWERS_LISTED).map(toldWords)
  const rest = facts.length - told.length
  // What has no layer of its own is told by its place.
  const silent = layer === '' && place.length > 0 ? [] : ['not asked']
  const lines = facts.length === 0 ? silent : [...told, ...(rest === 0 ? [] : [`... and ${formatCount(rest)} more answers`])]
  const title = `${layer.padStart(3)}  ${name.padEnd(NAME_WIDTH)}`
  return [...lines, ...place].map((line, row) => `${row === 0 ? title : ' '.repeat(title.length)}${line}`)
}
