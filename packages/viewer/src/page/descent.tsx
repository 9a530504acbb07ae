/** The request at the cursor followed down the pyramid, layer by layer. */
import type { LayerFigures, RequestStep } from '@reheap/machine'
import { ANSWERS_LISTED, toldWords } from '@reheap/projections'
import type { DescentAnswer } from '../session/explore-messages.ts'
import { bytes, count, counted } from './format.ts'
import { useAnswer } from './use-answer.ts'

/** Capacity of a device whose snapshot does not say it. @unit bytes */
const UNKNOWN = Number.MAX_SAFE_INTEGER

export function Descent({ at }: { readonly at: number }) {
  const descent = useAnswer('descent', at === 0 ? null : { index: at - 1 }, ['index'])
  if (at === 0) return <p class="quiet">The cursor is at the beginning: step on to see a request.</p>
  if (descent === undefined || descent === null) return null
  const isSilent = descent.steps.every(({ facts }) => facts.length === 0)
  return (
    <section aria-label={`request at event ${descent.index}`}>
      <p class="told">
        {isSilent
          ? 'No layer answered: the event asks for no memory, or what it asks for was there.'
          : `What event ${count(descent.index)} asked for, on its way down; at the right what each layer holds just after it.`}
      </p>
      <ol class="pyramid">
        {descent.steps.map((step, place) => (
          <Layer
            key={step.name}
            step={step}
            figures={figuresOf(step.name, descent)}
            width={70 + (30 * place) / Math.max(1, descent.steps.length - 1)}
          />
        ))}
      </ol>
    </section>
  )
}

interface LayerProps {
  readonly step: RequestStep
  readonly figures: readonly string[]
  readonly width: number
}

function Layer({ step: { layer, name, facts, place }, figures, width }: LayerProps) {
  const told = facts.slice(0, ANSWERS_LISTED)
  return (
    <li class={facts.length === 0 ? 'silent' : 'asked'} style={{ width: `${width}%` }} data-layer={name}>
      <div class="name">
        <b>{layer}</b> {name}
      </div>
      <div class="answers">
        {told.map((fact, row) => (
          <div key={`${row}${fact.kind}`} class="fact">
            {toldWords(fact)}
          </div>
        ))}
        {facts.length > told.length && <div class="fact">and {count(facts.length - told.length)} more answers</div>}
        {place.map((line) => (
          <div key={line} class="quiet">
            {line}
          </div>
        ))}
        {facts.length === 0 && place.length === 0 && <div class="quiet">not asked</div>}
      </div>
      <div class="holds">
        {figures.map((figure) => (
          <div key={figure}>{figure}</div>
        ))}
      </div>
    </li>
  )
}

/** What a layer holds just after the request. */
function figuresOf(name: string, { pyramid, devices }: DescentAnswer): readonly string[] {
  if (pyramid !== null) return OF_LAYER[name]?.(pyramid) ?? []
  if (name !== 'block') return []
  return devices.map(
    ({ device, allocatedBytes, reservedBytes, capacityBytes }) =>
      `GPU ${device}: ${bytes(allocatedBytes)} allocated, ${bytes(reservedBytes)} reserved${capacityBytes === UNKNOWN ? '' : ` of ${bytes(capacityBytes)}`}`,
  )
}

const OF_LAYER: Readonly<Record<string, (figures: LayerFigures) => readonly string[]>> = {
  objects: ({ objects }) => [counted(objects.live, 'object'), bytes(objects.bytes)],
  'object allocator': ({ objectAllocator: each }) => [
    `${counted(each.liveBlocks, 'block')}, ${bytes(each.blockBytes)}`,
    `${counted(each.pools, 'pool')}, ${counted(each.arenas, 'arena')}`,
  ],
  'raw allocator': ({ rawAllocator }) => [`${bytes(rawAllocator.bytes)} passed on`],
  'C library': ({ cLibrary }) => (cLibrary === null ? [] : [`heap of ${bytes(cLibrary.heapBytes)}`]),
  'virtual memory': ({ virtualMemory }) => (virtualMemory === null ? [] : [`${bytes(virtualMemory.mappedBytes)} mapped`]),
  'physical memory': ({ physicalMemory: each }) =>
    each === null ? [] : [`${bytes(each.residentBytes)} resident`, `peak ${bytes(each.peakBytes)}`],
  'device memory': ({ devices }) => devices.map(({ device, allocatedBytes }) => `GPU ${device}: ${bytes(allocatedBytes)} allocated`),
}
