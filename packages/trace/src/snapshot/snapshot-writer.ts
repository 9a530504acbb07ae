import { type SegmentView, type Settings, segments, settingsOf } from '@reheap/device-memory'
import { NO_ID } from '@reheap/kernel'
import type { LogHeader } from '../header.ts'
import { FrameWriter } from './frame-writer.ts'
import { PickleWriter } from './pickle-writer.ts'
import { ACTIONS, OOM } from './snapshot-keys.ts'
import type { ToldLog } from './told-log.ts'
import type { TraceEntries } from './trace-entries.ts'

/** First minor versions of PyTorch 2 that write a field. */
const IS_EXPANDABLE = 1
const ALLOCATOR_SETTINGS = 3
const EXTERNAL_ANNOTATIONS = 5
const COMPILE_CONTEXT = 8
const USER_METADATA = 10
const POOL_ID = 12

const SPLIT_NONE = -1

/** Writes a told log as `torch.cuda.memory._snapshot()` gives it, piece by piece. */
export class SnapshotWriter {
  readonly #log: ToldLog
  readonly #out = new PickleWriter()
  /** Microseconds since 1970 at which the log began. */
  readonly #start: number
  readonly #minor: number
  readonly #frames: FrameWriter

  constructor(log: ToldLog, { runtime, recordedAt }: LogHeader) {
    this.#log = log
    this.#frames = new FrameWriter(this.#out, log.stacks)
    this.#start = microsecondsOf(recordedAt)
    this.#minor = Number(/^2\.(\d+)/.exec(runtime.version)?.[1] ?? 11)
  }

  *pieces(): Generator<Uint8Array<ArrayBuffer>> {
    const out = this.#out
    out.beginDict()
    out.text('segments')
    out.beginList()
    for (const segment of [...segments(this.#log.state)].sort((a, b) => a.device - b.device || a.address - b.address)) {
      out.item()
      this.#segment(segment)
      if (out.isFull) yield out.take()
    }
    out.endList()
    out.text('device_traces')
    out.beginList()
    for (const entries of this.#log.traces) {
      out.item()
      out.beginList()
      for (let row = 0; row < entries.length; row++) {
        out.item()
        this.#entry(entries, row)
        if (out.isFull) yield out.take()
      }
      out.endList()
    }
    out.endList()
    if (this.#minor >= ALLOCATOR_SETTINGS || this.#log.isConfigured) {
      out.text('allocator_settings')
      this.#settings(settingsOf(this.#log.state))
    }
    if (this.#minor >= EXTERNAL_ANNOTATIONS || this.#log.regions.length > 0) {
      out.text('external_annotations')
      this.#regions()
    }
    out.endDict()
    out.stop()
    yield out.take()
  }

  #whole(name: string, value: number): void {
    this.#out.text(name)
    this.#out.int(value)
  }

  #word(name: string, value: string): void {
    this.#out.text(name)
    this.#out.text(value)
  }

  #truth(name: string, value: boolean): void {
    this.#out.text(name)
    this.#out.truth(value)
  }

  #segment({ device, address, bytes, stream, type, pool, isExpandable, blocks }: SegmentView): void {
    const out = this.#out
    const sum = (state: string | null, field: 'bytes' | 'requestedBytes'): number =>
      blocks.reduce(
        (total, block) => total + (block.state === 'inactive' || (state !== null && block.state !== state) ? 0 : block[field]),
        0,
      )
    out.beginDict()
    this.#whole('device', device)
    this.#whole('address', address)
    this.#whole('total_size', bytes)
    this.#whole('allocated_size', sum('active_allocated', 'bytes'))
    this.#whole('active_size', sum(null, 'bytes'))
    this.#whole('requested_size', sum(null, 'requestedBytes'))
    this.#whole('stream', stream)
    this.#word('segment_type', type)
    if (this.#minor >= IS_EXPANDABLE) {
      out.text('segment_pool_id')
      out.pair(0, pool ?? 0)
      this.#truth('is_expandable', isExpandable)
    }
    out.text('frames')
    this.#frames.stack(this.#log.stackOfSegment.get(address) ?? NO_ID)
    out.text('blocks')
    out.beginList()
    for (const block of blocks) {
      out.item()
      out.beginDict()
      this.#whole('address', block.address)
      this.#whole('size', block.bytes)
      this.#whole('requested_size', block.requestedBytes)
      this.#word('state', block.state)
      out.text('frames')
      this.#frames.stack(block.block === null ? NO_ID : (this.#log.stackOfBlock.get(block.block) ?? NO_ID))
      out.endDict()
    }
    out.endList()
    out.endDict()
  }

  #entry(entries: TraceEntries, row: number): void {
    const out = this.#out
    const action = entries.action[row]
    out.beginDict()
    this.#word('action', ACTIONS[action] ?? '')
    this.#whole(action === OOM ? 'device_free' : 'addr', entries.address[row])
    this.#whole('size', entries.bytes[row])
    this.#whole('stream', entries.stream[row])
    if (!Number.isNaN(entries.time[row])) this.#whole('time_us', this.#microseconds(entries.time[row]))
    if (this.#minor >= COMPILE_CONTEXT) this.#word('compile_context', 'N/A')
    if (this.#minor >= USER_METADATA) this.#word('user_metadata', this.#log.texts[entries.metadata.of(row)] ?? '')
    if (this.#minor >= POOL_ID) {
      out.text('pool_id')
      out.pair(0, entries.pool.of(row) === NO_ID ? 0 : entries.pool.of(row))
    }
    if (entries.frames[row] !== NO_ID) {
      out.text('frames')
      this.#frames.stack(entries.frames[row])
    }
    out.endDict()
  }

  #microseconds(nanoseconds: number): number {
    return this.#start + Math.round(nanoseconds / 1000)
  }

  #settings({ text, maxSplitBytes, gcThreshold, expandableSegments, divisions }: Settings): void {
    const out = this.#out
    out.beginDict()
    this.#word('PYTORCH_CUDA_ALLOC_CONF', text)
    this.#whole('max_split_size', Number.isFinite(maxSplitBytes) ? maxSplitBytes : SPLIT_NONE)
    out.text('garbage_collection_threshold')
    out.float(gcThreshold)
    this.#truth('expandable_segments', expandableSegments)
    out.text('roundup_power2_divisions')
    out.beginDict()
    for (const [place, value] of divisions.entries()) this.#whole(String(2 ** place), value)
    out.endDict()
    out.endDict()
  }

  #regions(): void {
    const out = this.#out
    out.beginList()
    for (const { stage, name, time } of this.#log.regions) {
      out.item()
      out.beginDict()
      this.#word('stage', stage)
      this.#word('name', name)
      this.#whole('device', 0)
      this.#whole('time_us', Number.isNaN(time) ? this.#start : this.#microseconds(time))
      out.endDict()
    }
    out.endList()
  }
}

/** An ISO 8601 date as microseconds since 1970; 0 where there is none. */
function microsecondsOf(date: string | undefined): number {
  const milliseconds = Date.parse(date ?? '')
  const digits = /\.\d{3}(\d{1,3})/.exec(date ?? '')?.[1] ?? ''
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds) * 1000 + Number(digits.padEnd(3, '0'))
}
