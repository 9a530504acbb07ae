/** The block that was chosen: who asked for it, and what else holds its segment. */

import type { Chosen, Place } from './device-rows.ts'
import { bytes, count, counted, hex } from './format.ts'
import { Frames } from './frames.tsx'
import { moveTo } from './store.ts'
import { type Cell, Table } from './table.tsx'
import { useAnswer } from './use-answer.ts'

interface ChosenBlockProps {
  readonly at: number
  readonly place: Place
  /** Null: nothing is mapped there at the cursor. */
  readonly chosen: Chosen | null
}

export function ChosenBlock({ at, place, chosen }: ChosenBlockProps) {
  const isLive = chosen !== null && chosen.block.state !== 'inactive'
  const { device } = place
  const origin = useAnswer('block', isLive ? { at, device, address: chosen.block.address } : null, [])
  if (chosen === null) return <p class="quiet">Nothing is mapped at {hex(place.address)}, which was chosen.</p>
  return (
    <section aria-label="chosen block" data-address={chosen.block.address}>
      <h3>
        Block at {hex(chosen.block.address)}: {bytes(chosen.block.bytes)}
      </h3>
      {!isLive && <p class="told origin">It is free.</p>}
      {origin !== undefined && (
        <>
          <p class="told origin">{origin.born === null ? 'there before the log begins' : `asked for by event ${count(origin.born)}`}</p>
          <Frames frames={origin.stack.frames} />
        </>
      )}
      <HeldSegment at={at} place={place} />
    </section>
  )
}

/** Why a segment is not given back, as `reheap explain --segment --json` tells it. */
function HeldSegment({ at, place: { device, address } }: Omit<ChosenBlockProps, 'chosen'>) {
  const segment = useAnswer('segment', { at, device, address })
  if (segment === undefined || segment === null) return null
  const live = segment.blocks.filter(({ state }) => state !== 'inactive')
  return (
    <>
      <h3>
        Segment {hex(segment.address)} of {bytes(segment.bytes)}
      </h3>
      <p class="quiet">
        {live.length === 0
          ? 'Nothing in it is live: it is given back when memory runs out, or by torch.cuda.empty_cache().'
          : `It cannot be given back while ${live.length === 1 ? 'one block is' : `${counted(live.length, 'block')} are`} live in it.`}
      </p>
      <div class="scroll">
        <Table
          label="blocks of the segment"
          heads={['block', 'bytes', 'asked for', 'state', 'since event', 'who']}
          rows={segment.blocks.map((block) => [
            [block.address, hex(block.address)],
            [block.bytes, bytes(block.bytes)],
            block.state === 'inactive' ? '' : [block.requestedBytes, bytes(block.requestedBytes)],
            block.state === 'inactive' ? 'free' : block.state === 'active_allocated' ? 'allocated' : 'waits for a stream',
            sinceCell(block.born, block.state === 'inactive'),
            block.owner ?? '',
          ])}
        />
      </div>
    </>
  )
}

function sinceCell(born: number | null, isFree: boolean): Cell {
  if (isFree) return ''
  return born === null ? 'before the log' : [born, count(born), () => void moveTo(born + 1)]
}
