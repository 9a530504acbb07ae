import { type MemorySink, memorySink } from '../src/sink.ts'

/** A disk that is full after `capacity` bytes: it takes what fits of a write, and fails. */
export function fullAfter(capacity: number, code = 'ENOSPC'): MemorySink {
  const disk = memorySink('full.arrows')
  return {
    ...disk,
    write: (bytes) => {
      const room = capacity - disk.bytes().length
      disk.write(bytes.subarray(0, room))
      if (bytes.length > room) throw Object.assign(new Error(`${code}: write`), { code })
    },
  }
}
