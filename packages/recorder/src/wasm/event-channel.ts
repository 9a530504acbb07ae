import type { ObjectEvent, ObjectEventSink } from './object-event.ts'

const CHUNK_BYTES = 1 << 20
const HEADER_BYTES = 4

/** A piece of memory that both threads see: how many bytes are written, and the events as lines of JSON. */
export type EventChunk = SharedArrayBuffer

/** Writes events where another thread can read them, even if this one is stopped at any moment. */
export class EventChannelWriter implements ObjectEventSink {
  private readonly announce: (chunk: EventChunk) => void
  private bytes: Buffer = Buffer.alloc(0)
  private length: Int32Array = new Int32Array(1)

  /** The other thread has to hear of a chunk before anything is written into it. */
  constructor(announce: (chunk: EventChunk) => void) {
    this.announce = announce
  }

  append(event: ObjectEvent): void {
    const line = `${JSON.stringify(event)}\n`
    // A UTF-16 unit takes at most three bytes.
    const used = this.length[0] ?? 0
    if (this.bytes.length - used < line.length * 3) this.open(Math.max(CHUNK_BYTES, line.length * 3))
    const at = this.length[0] ?? 0
    const written = this.bytes.write(line, at)
    Atomics.store(this.length, 0, at + written)
  }

  private open(bytes: number): void {
    const chunk = new SharedArrayBuffer(HEADER_BYTES + bytes)
    this.length = new Int32Array(chunk, 0, 1)
    this.bytes = Buffer.from(chunk, HEADER_BYTES)
    this.announce(chunk)
  }
}

/** Hands on the whole events of a chunk from a byte on; returns the byte behind the last. */
export function readChunk(chunk: EventChunk, from: number, sink: ObjectEventSink): number {
  const end = Atomics.load(new Int32Array(chunk, 0, 1), 0)
  const lines = Buffer.from(chunk, HEADER_BYTES).toString('utf8', from, end)
  for (const line of lines.split('\n')) if (line !== '') sink.append(JSON.parse(line))
  return end
}
