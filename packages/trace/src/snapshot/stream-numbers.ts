import type { Snapshot } from './snapshot.ts'

/** Dense numbers of the streams' pointers, in ascending order: 0 is the default stream, whether it is used or not. */
export function streamNumbers({ records, segments }: Snapshot): ReadonlyMap<number, number> {
  const pointers = new Set([0])
  for (const { stream } of segments) pointers.add(stream)
  const { stream, length } = records.entries
  let last = 0
  for (let entry = 0; entry < length; entry++) {
    if (stream[entry] === last) continue
    last = stream[entry]
    pointers.add(last)
  }
  return new Map([...pointers].sort((a, b) => a - b).map((pointer, number) => [pointer, number]))
}

/** Streams that stand for those that a trace does not name: numbered above all real ones, used again when they are free. */
export class StandInStreams {
  #next: number
  readonly #free: number[] = []

  constructor(first: number) {
    this.#next = first
  }

  take(): number {
    return this.#free.pop() ?? this.#next++
  }

  giveBack(stream: number): void {
    this.#free.push(stream)
  }
}
