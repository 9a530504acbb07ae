/** A log of two GPUs: no recording of two is at hand, so it is made of two recordings of one. */
import { eventsOf, TRAIN } from './recordings.ts'

const BLOCKS = 1_000_000

/** Events of a recording as requests alone: what the allocator answered on a GPU of its own says nothing here. */
const requestsOf = (path: string): readonly Record<string, unknown>[] =>
  eventsOf(path)
    .filter(({ kind }) => !['Observe', 'Configure'].includes(kind))
    .map(({ address: _, ...event }: Record<string, unknown>) => event)

/** A training of device 0 in turns with a second recording, whose device is 1 and whose blocks have other numbers. */
export function twoDevices(second: string): Buffer {
  const first = requestsOf(TRAIN)
  const other = requestsOf(second).map((event) => ({
    ...event,
    ...('device' in event ? { device: 1 } : {}),
    ...(typeof event.block === 'number' ? { block: event.block + BLOCKS } : {}),
  }))
  const events = Array.from({ length: Math.max(first.length, other.length) }, (_, at) => [first[at], other[at]]).flat()
  const header = { reheap: 1, runtime: { name: 'pytorch', version: '2.11.0' } }
  return Buffer.from([header, ...events.flatMap((event) => event ?? [])].map((line) => `${JSON.stringify(line)}\n`).join(''))
}
