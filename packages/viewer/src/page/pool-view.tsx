/** One pool: its blocks as they lie, what each was made for, and what keeps the arena mapped. */
import type { MappedBlock, PoolAnswer } from '../session/explore-messages.ts'
import { colourOf } from './colours.ts'
import { bytes, count, hex } from './format.ts'
import { chosenObject } from './objects.tsx'
import { moveTo, showTab } from './store.ts'
import { Table } from './table.tsx'
import { useAnswer } from './use-answer.ts'

const ROWS_MAX = 300

function showObject(object: number): void {
  chosenObject.value = String(object)
  showTab('types')
}

interface PoolViewProps {
  readonly at: number
  readonly address: number
  readonly bytes: number
  readonly arena: number
}

export function PoolView({ at, address, bytes: size, arena }: PoolViewProps) {
  const answer = useAnswer('pool', { at, address, bytes: size })
  if (answer === undefined) return null
  const { blocks } = answer
  return (
    <section aria-label={`pool ${hex(address)}`}>
      {answer.arena !== null && <Pins arena={answer.arena} number={arena} />}
      <Strip blocks={blocks} address={address} bytes={size} />
      <div class="scroll">
        <Table
          label="blocks of the pool"
          heads={['block', 'address', 'bytes', 'made by event', 'thread', 'made for', 'stack']}
          rowsMax={ROWS_MAX}
          rows={blocks.map(({ block, address: place, bytes: asked, born, thread, object, type, frames }) => [
            block,
            [place, hex(place)],
            [asked, count(asked)],
            born === null ? 'before the log' : [born, count(born)],
            thread ?? '',
            object === null ? '' : [object, `${type} ${object}`, () => showObject(object)],
            frames[0] ?? '',
          ])}
          onPick={(row) => {
            const born = blocks[row]?.born ?? null
            if (born !== null) void moveTo(born + 1)
          }}
        />
      </div>
    </section>
  )
}

function Pins({
  arena: { address, pools, freePools, liveBytes, blocks, oldest },
  number,
}: {
  readonly arena: NonNullable<PoolAnswer['arena']>
  readonly number: number
}) {
  const since = oldest === null ? '' : `, the oldest made by event ${count(oldest)}`
  return (
    <p class="told pins" data-blocks={blocks} data-bytes={liveBytes}>
      {blocks === 0
        ? `Arena ${number} at ${hex(address)}: nothing pins it.`
        : `Arena ${number} at ${hex(address)} stays mapped as long as one of these lives: ${count(blocks)} blocks, ${bytes(liveBytes)}, in ${count(pools - freePools)} of ${count(pools)} pools${since}.`}
    </p>
  )
}

/** The blocks as they lie in the pool, coloured by type. */
function Strip({
  blocks,
  address,
  bytes: size,
}: {
  readonly blocks: readonly MappedBlock[]
  readonly address: number
  readonly bytes: number
}) {
  const types = [...new Set(blocks.map(({ type }) => type ?? ''))]
  return (
    <svg
      viewBox={`0 0 ${size} 1`}
      preserveAspectRatio="none"
      class="strip"
      role="img"
      aria-label={`${blocks.length} live blocks as they lie in the pool`}
    >
      {blocks.map(({ block, address: place, bytes: asked, type }) => (
        <rect key={block} x={place - address} y="0" width={asked} height="1" style={{ fill: colourOf(types.indexOf(type ?? '')) }}>
          <title>
            block {block}: {type ?? 'no object of the log'}
          </title>
        </rect>
      ))}
    </svg>
  )
}
