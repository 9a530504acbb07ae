import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { HostMemoryState } from '@reheap/host-memory'
import { EventColumns, type Sealed } from '@reheap/kernel'
import { type LogEvent, readEvent, readJsonl, writeEvent } from '@reheap/trace'
import { hostOf, type MachineState, profileOfRuntime, type Runtime, Verification, type VerifyReport } from '../src/index.ts'

/** A recording as tagged events, so that a test can spoil one. */
export interface Recording {
  readonly runtime: Runtime
  readonly events: readonly LogEvent[]
}

/** Real recordings of `print("hello")`, from the first allocation to the last. */
export const RECORDINGS = ['cpython-3.8-hello', 'cpython-3.11-hello'] as const

/** The good outcome. @throws the bad one */
export const must = <A>(result: { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; readonly right: A }): A => {
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  return result.right
}

export async function readRecording(name: (typeof RECORDINGS)[number]): Promise<Recording> {
  const path = fileURLToPath(new URL(`../../trace/test/fixtures/${name}.jsonl.gz`, import.meta.url))
  const log = must(await readJsonl(createReadStream(path), { name }))
  const events: LogEvent[] = []
  for await (const read of log.batches) {
    const batch = must(read)
    for (let row = 0; row < batch.length; row++) events.push(must(readEvent(batch, row)))
  }
  return { runtime: log.header.runtime as Runtime, events }
}

/** Events as batches of at most `rows` rows. */
export function* batchesOf(events: readonly LogEvent[], rows = 65_536): Generator<EventColumns> {
  for (let from = 0; from < events.length; from += rows) {
    const batch = new EventColumns(Math.min(rows, events.length - from), from)
    for (const event of events.slice(from, from + rows)) writeEvent(event, batch)
    yield batch
  }
}

/** The outcome of verifying a recording, cut into batches of `rows`. */
export function verify({ runtime, events }: Recording, rows?: number): VerifyReport {
  const verification = new Verification(must(profileOfRuntime(runtime)))
  for (const batch of batchesOf(events, rows)) must(verification.feed(batch))
  return verification.report()
}

/** The recording with the event at `index` replaced; no event at all where `event` is null. */
export function spoiled(recording: Recording, index: number, event: LogEvent | null): Recording {
  const events = [...recording.events]
  events.splice(index, 1, ...(event === null ? [] : [event]))
  return { ...recording, events }
}

/** The host of a machine that follows one. */
export function hosted(state: Sealed<MachineState>): Sealed<HostMemoryState> {
  const host = hostOf(state)
  if (host === null) throw new Error('no host is followed')
  return host
}
