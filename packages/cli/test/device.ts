import { fileURLToPath } from 'node:url'
import { linesOf } from './command.ts'

/** Recordings of the real device allocator, see packages/device-memory/test/fixtures. */
export const deviceRecording = (name: string): string =>
  fileURLToPath(new URL(`../../device-memory/test/fixtures/pytorch-2.11-${name}.jsonl.gz`, import.meta.url))

export const OOM = deviceRecording('oomstorm-default')
export const TRAIN = deviceRecording('train-default')

export interface Line {
  readonly kind: string
  readonly of?: string
  readonly values?: Readonly<Record<string, unknown>>
}

/** Events of a recording. */
export const eventsOf = (path: string): readonly Line[] =>
  linesOf(path)
    .slice(1)
    .map((line) => JSON.parse(line) as Line)

interface Final {
  readonly current: number
  readonly peak: number
  readonly allocated: number
  readonly freed: number
}

/** What the real allocator answered in the end. */
export function finalOf(path: string): Readonly<Record<string, Final>> {
  const line = eventsOf(path).findLast(({ of }) => of === 'deviceStatsFinal')
  return line?.values as Readonly<Record<string, Final>>
}

/** The last value that the real allocator was seen to answer. */
export const lastStats = (path: string, before = Number.POSITIVE_INFINITY): Readonly<Record<string, number>> =>
  eventsOf(path).findLast(({ of }, index) => of === 'deviceStats' && index < before)?.values as Readonly<Record<string, number>>
