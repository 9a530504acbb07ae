import { Readable } from 'node:stream'
import { simulatedSystem } from '@reheap/allocator'
import { Emit, type Sealed } from '@reheap/kernel'
import { readJsonl } from '@reheap/trace'
import { emptyMachine, type MachineState, machineMechanism, profileOfRuntime, type Runtime } from '../src/index.ts'
import { must } from './recordings.ts'

/** What became of a log that was replayed row by row. */
export interface ReplayedLog {
  readonly state: Sealed<MachineState>
  readonly factsOfRow: readonly number[]
}

/** Reads the lines of a log as a file's, and replays them under the profile that its header names. */
export async function replayedLog(lines: readonly string[]): Promise<ReplayedLog> {
  const log = must(await readJsonl(Readable.from([Buffer.from(`${lines.join('\n')}\n`)]), { name: 'lines' }))
  const profile = must(profileOfRuntime(log.header.runtime as Runtime))
  const draft = machineMechanism.thaw(emptyMachine(profile, simulatedSystem()))
  const factsOfRow: number[] = []
  for await (const read of log.batches) {
    const batch = must(read)
    for (let row = 0; row < batch.length; row++) {
      const emit = new Emit()
      const rejected = machineMechanism.applyBatch(draft, batch, row, row + 1, emit)
      if (rejected >= 0) throw new Error(`row ${row} is rejected for reason ${emit.reason}`)
      factsOfRow.push(emit.facts.length)
    }
  }
  return { state: machineMechanism.seal(draft), factsOfRow }
}
