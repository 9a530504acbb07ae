import { type EventBatch, formatBytes } from '@reheap/kernel'
import { type LogHeader, writeSnapshot } from '@reheap/trace'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import { openOutput, STANDARD } from '../io/output.ts'
import type { Outcome, Result } from '../outcome.ts'
import { counted } from '../show/table.ts'

/** Is an output of this name a snapshot? */
export const isSnapshotName = (output: string): boolean => /\.(pickle|pkl)$/.test(output)

/** Writes a device's log as a snapshot that PyTorch's own viewer opens. */
export async function exportSnapshot(input: Input, target: string, force: boolean): Promise<Result<Outcome>> {
  const opened = openOutput(target, force)
  if (opened._tag === 'Left') return opened
  const output = opened.right
  let fault: string | null = null
  let events = 0
  let bytes = 0
  async function* batches(): AsyncGenerator<EventBatch, void, undefined> {
    for await (const read of input.batches) {
      if (read._tag === 'Left') {
        fault = read.left
        return
      }
      events += read.right.length
      yield read.right
    }
  }
  for await (const piece of writeSnapshot(input.header as LogHeader, batches(), { name: input.name })) {
    const written = fault !== null ? left(fault) : piece._tag === 'Left' ? left(piece.left.message) : await output.write(piece.right)
    if (written._tag === 'Left') {
      output.abandon()
      return written
    }
    bytes += piece._tag === 'Right' ? piece.right.length : 0
  }
  const committed = output.commit()
  if (committed._tag === 'Left') return committed
  const text = (): string => (target === STANDARD ? '' : `${target}: ${counted(events, 'event')} in ${formatBytes(bytes)}`)
  return right({ status: 0, json: { output: target, events, bytes }, text })
}
