/** Live blocks of a device by who asked for them and since when. */
import { type AnyState, REQUEST_OPCODES, segments } from '@reheap/device-memory'
import { type Batch, type EventIndex, NO_ID } from '@reheap/kernel'

const { DeviceMalloc, RestoreBlock } = REQUEST_OPCODES

/** A block that a program holds, or that waits until other streams are done with it. */
export interface LiveBlock {
  readonly device: number
  readonly address: number
  readonly bytes: number
  readonly requestedBytes: number
  readonly isPending: boolean
  /** Its id in the log; null: nothing in the log names it. */
  readonly block: number | null
  /** Event that asked for it; null: it was there before the log begins. */
  readonly born: EventIndex | null
  /** Id of the stack that asked for it, or `NO_ID`. */
  readonly stack: number
  /** Address of its segment. */
  readonly segment: number
}

/** Rows of a log that follow each other. */
export type NamingRows = Pick<Batch, 'firstIndex' | 'length' | 'code' | 'id'>

/** The last event before `to` that asks for, or restores, each of some blocks; what none names is left out. @param parts of the log, the last one first */
function blockNamings(parts: Iterable<NamingRows>, to: EventIndex, blocks: Iterable<number>): ReadonlyMap<number, EventIndex> {
  const namings = new Map<number, EventIndex>()
  const unfound = new Set(blocks)
  for (const { firstIndex, length, code, id } of parts)
    for (let row = Math.min(length, to - firstIndex) - 1; row >= 0; row--) {
      if (unfound.size === 0) return namings
      if ((code[row] === DeviceMalloc || code[row] === RestoreBlock) && unfound.delete(id[row])) namings.set(id[row], firstIndex + row)
    }
  return namings
}

/** What a log tells of its events. */
export interface NamingLog {
  /** Its rows, the last part first. */
  readonly parts: Iterable<NamingRows>
  readonly codeOf: (event: EventIndex) => number | null
  /** Id of the stack that an event names, or `NO_ID`. */
  readonly stackOf: (event: EventIndex) => number
}

/** Every live block, by address. @param to events that were replayed */
export function namedBlocks(state: AnyState, { parts, codeOf, stackOf }: NamingLog, to: EventIndex): readonly LiveBlock[] {
  const live = segments(state).flatMap((segment) =>
    segment.blocks.flatMap((block) => (block.state === 'inactive' ? [] : [{ segment, ...block }])),
  )
  const namings = blockNamings(
    parts,
    to,
    live.flatMap(({ block }) => block ?? []),
  )
  return live.map(({ segment, address, bytes, requestedBytes, state: blockState, block }) => {
    const event = block === null ? undefined : namings.get(block)
    return {
      device: segment.device,
      address,
      bytes,
      requestedBytes,
      isPending: blockState === 'active_pending_free',
      block,
      born: event === undefined || codeOf(event) === RestoreBlock ? null : event,
      stack: event === undefined ? NO_ID : stackOf(event),
      segment: segment.address,
    }
  })
}

/** Every live block, by address. @param rows the whole log, row 0 being event 0 @param to rows that were replayed */
export function liveBlocks(
  state: AnyState,
  rows: Batch & { readonly stack: Uint32Array | null },
  to: number = rows.length,
): readonly LiveBlock[] {
  const log = { parts: [rows], codeOf: (row: number) => rows.code[row], stackOf: (row: number) => rows.stack?.[row] ?? NO_ID }
  return namedBlocks(state, log, to)
}

/** Live blocks of one origin. */
export interface BlockGroup {
  /** What they have in common. */
  readonly key: string
  /** Of the first one. */
  readonly stack: number
  readonly blocks: number
  readonly bytes: number
  /** Oldest and youngest; null: it was there before the log begins. */
  readonly oldest: EventIndex | null
  readonly youngest: EventIndex | null
}

/** Blocks by what `keyOf` says of them, the most bytes first. */
export function groupBlocks(blocks: readonly LiveBlock[], keyOf: (block: LiveBlock) => string): readonly BlockGroup[] {
  const groups = new Map<string, BlockGroup>()
  for (const block of blocks) {
    const key = keyOf(block)
    const group = groups.get(key)
    const { born } = block
    groups.set(key, {
      key,
      stack: group?.stack ?? block.stack,
      blocks: (group?.blocks ?? 0) + 1,
      bytes: (group?.bytes ?? 0) + block.bytes,
      oldest: group === undefined ? born : earlier(group.oldest, born),
      youngest: group === undefined ? born : later(group.youngest, born),
    })
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes || b.blocks - a.blocks)
}

const earlier = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.min(a, b))
const later = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))

/** What one iteration left behind. */
export interface IterationRest {
  readonly from: EventIndex
  readonly to: EventIndex
  /** Blocks that it asked for and that are still live. */
  readonly blocks: number
  readonly bytes: number
}

/** Live blocks by the iteration that asked for them. @param starts first event of each iteration, ascending @param end events looked at */
export function iterationRests(blocks: readonly LiveBlock[], starts: readonly EventIndex[], end: EventIndex): readonly IterationRest[] {
  return starts.map((from, place) => {
    const to = starts[place + 1] ?? end
    const own = blocks.filter(({ born }) => born !== null && born >= from && born < to)
    return { from, to, blocks: own.length, bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) }
  })
}
