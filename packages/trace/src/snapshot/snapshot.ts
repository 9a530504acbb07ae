import { NO_ID } from '@reheap/kernel'
import { shown } from '../trace-error.ts'
import { EMPTY, ENTRIES } from './containers.ts'
import type { RecordBuilder } from './record-builder.ts'
import { contradiction, misshapen } from './snapshot-fault.ts'
import { Node } from './snapshot-tree.ts'
import { DICT, kindName, LIST } from './value-columns.ts'

/** States of a block, by the words of a snapshot; the docs of PyTorch call the second one otherwise. */
export const STATES: Readonly<Record<string, number>> = {
  active_allocated: 0,
  active_pending_free: 1,
  active_awaiting_free: 1,
  inactive: 2,
}

export interface BlockRecord {
  readonly address: number
  readonly bytes: number
  readonly requestedBytes: number
  /** Its place in `BLOCK_STATES`. */
  readonly state: number
  /** Row of the table of stacks, or {@link NO_ID}. */
  readonly stack: number
}

/** A segment, or a mapped range of an expandable one. */
export interface SegmentRecord {
  readonly device: number
  readonly address: number
  readonly bytes: number
  readonly stream: number
  readonly isSmall: boolean
  readonly isExpandable: boolean
  /** Two numbers; '0,0': no private pool. */
  readonly pool: string
  readonly stack: number
  readonly blocks: readonly BlockRecord[]
}

export interface Annotation {
  readonly label: string
  readonly device: number
  readonly time: number
}

/** A snapshot with its traces as ranges of entries. */
export interface Snapshot {
  readonly records: RecordBuilder
  readonly segments: readonly SegmentRecord[]
  /** Entries of each device. */
  readonly traces: readonly { readonly from: number; readonly to: number }[]
  readonly settings: ReadonlyMap<string, Node> | null
  readonly annotations: readonly Annotation[]
  /** Fields that only some versions write. */
  readonly fields: ReadonlySet<string>
}

/** A decoded pickle as a snapshot: a dict, or the bare list of segments that `torch.cuda.memory_snapshot()` gives. */
export function snapshotOf(records: RecordBuilder, value: { readonly kind: number; readonly num: number }): Snapshot {
  const fields = new Set<string>()
  records.containers.taken = new Uint8Array(records.containers.length)
  const root = new Node(records, value.kind, value.num, '')
  if (root.kind === LIST) {
    const segments = new Node(records, value.kind, value.num, 'segments').list().map((node) => segmentOf(node, fields))
    return { records, segments: checked(segments), traces: [], settings: null, annotations: [], fields }
  }
  if (root.kind !== DICT) throw misshapen('the snapshot', 'a dict with segments, or a list of segments', kindName(root.kind))
  const top = root.dict()
  for (const name of top.keys()) fields.add(name)
  const segments = top.get('segments')?.list()
  if (segments === undefined) throw misshapen('the snapshot', 'a dict with segments', `one with ${shown([...top.keys()].slice(0, 5))}`)
  return {
    records,
    segments: checked(segments.map((node) => segmentOf(node, fields))),
    traces: rangesOf(records, top.get('device_traces')?.list() ?? []),
    settings: top.get('allocator_settings')?.dict() ?? null,
    annotations: (top.get('external_annotations')?.list() ?? []).map(annotationOf),
    fields,
  }
}

function needed(fields: ReadonlyMap<string, Node>, name: string, place: string): Node {
  const node = fields.get(name)
  if (node === undefined) throw misshapen(place, `a field ${name}`, 'none')
  return node
}

function segmentOf(node: Node, seen: Set<string>): SegmentRecord {
  const fields = node.dict()
  for (const name of ['segment_pool_id', 'is_expandable']) if (fields.has(name)) seen.add(name)
  const address = needed(fields, 'address', node.place).whole()
  const type = needed(fields, 'segment_type', node.place).text()
  if (type !== 'small' && type !== 'large')
    throw misshapen(`${node.place}.segment_type`, 'small or large', JSON.stringify(type.slice(0, 40)))
  const blocks: BlockRecord[] = []
  let next = address
  for (const block of needed(fields, 'blocks', node.place).list()) {
    blocks.push(blockOf(block, next, seen))
    next = blocks[blocks.length - 1].address + blocks[blocks.length - 1].bytes
  }
  return {
    device: fields.get('device')?.whole() ?? 0,
    address,
    bytes: needed(fields, 'total_size', node.place).whole(),
    stream: fields.get('stream')?.whole() ?? 0,
    isSmall: type === 'small',
    isExpandable: fields.get('is_expandable')?.truth() ?? false,
    pool: fields.get('segment_pool_id')?.pair() ?? '0,0',
    stack: fields.get('frames')?.stack() ?? NO_ID,
    blocks,
  }
}

/** A block. Up to 2.0 it has no address, and its request stands in its history, newest first. */
function blockOf(node: Node, next: number, seen: Set<string>): BlockRecord {
  const fields = node.dict()
  const bytes = needed(fields, 'size', node.place).whole()
  const word = needed(fields, 'state', node.place).text()
  const state = STATES[word]
  if (state === undefined) throw misshapen(`${node.place}.state`, Object.keys(STATES).join(', '), JSON.stringify(word.slice(0, 40)))
  const history = fields.get('history')
  if (history !== undefined) seen.add('history')
  const last = history?.list()[0]?.dict()
  return {
    address: fields.get('address')?.whole() ?? next,
    bytes,
    requestedBytes: (fields.get('requested_size') ?? last?.get('real_size'))?.whole() ?? bytes,
    state,
    stack: (fields.get('frames') ?? last?.get('frames'))?.stack() ?? NO_ID,
  }
}

function annotationOf(node: Node): Annotation {
  const fields = node.dict()
  const label = `${needed(fields, 'name', node.place).text()}: ${needed(fields, 'stage', node.place).text()}`
  return { label, device: fields.get('device')?.number() ?? 0, time: needed(fields, 'time_us', node.place).whole() }
}

/** The entries of every device. */
function rangesOf(records: RecordBuilder, traces: readonly Node[]): readonly { readonly from: number; readonly to: number }[] {
  const { form, ref } = records.containers
  const seen = new Set<number>()
  return traces.map(({ kind, num, place }) => {
    if (kind === LIST && form[num] === EMPTY) return { from: 0, to: 0 }
    if (kind !== LIST || form[num] !== ENTRIES) throw misshapen(place, 'a list of trace entries', 'something else')
    if (seen.has(num)) throw misshapen(place, 'a trace of each device', 'that of another device')
    seen.add(num)
    return records.ranges[ref[num]]
  })
}

/** Segments by device and address; blocks must tile them and segments must not overlap. */
function checked(segments: readonly SegmentRecord[]): readonly SegmentRecord[] {
  const sorted = [...segments].sort((a, b) => a.device - b.device || a.address - b.address)
  let before: SegmentRecord | null = null
  for (const segment of sorted) {
    const place = `device ${segment.device}, segment 0x${segment.address.toString(16)}`
    if (segment.device > 254) throw misshapen(place, 'a device from 0 to 254', String(segment.device))
    if (before?.device === segment.device && before.address + before.bytes > segment.address)
      throw contradiction(place, 'it overlaps the segment before it')
    let next = segment.address
    for (const block of segment.blocks) {
      if (block.address !== next || block.bytes === 0)
        throw contradiction(place, `a block lies at 0x${block.address.toString(16)} where one must begin at 0x${next.toString(16)}`)
      next += block.bytes
    }
    if (next !== segment.address + segment.bytes)
      throw contradiction(place, `its blocks have ${next - segment.address} of ${segment.bytes} bytes`)
    before = segment
  }
  return sorted
}
