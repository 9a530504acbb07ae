import { rmSync } from 'node:fs'
import { REQUEST_OPCODES } from '@reheap/allocator'
import { createLog, indexPathOf } from '@reheap/event-log/node'
import { REQUEST_OPCODES as HOST_OPCODES } from '@reheap/host-memory'
import { ANY_LAYER_OPCODES } from '@reheap/kernel'
import { type Either, isLeft, isRight, left } from 'fp-ts/lib/Either.js'
import type { EventSink, RecordingHeader } from './event-sink.ts'
import { type RecordOptions, recordInto } from './record.ts'
import { type RecordError, recordError } from './record-error.ts'
import type { RecordResult } from './recording.ts'

/** Names and opcodes of the events that a recording holds, and of those that it holds of the C library and the system. */
const vocabulary = { ...REQUEST_OPCODES, ...ANY_LAYER_OPCODES }
const nativeVocabulary = { ...vocabulary, ...HOST_OPCODES }

/** What is recorded of which program, and into which log. */
export interface RecordProgramOptions extends RecordOptions {
  /** The log to write, an `.arrows` file. */
  readonly output: string
  /** May a file that is there be replaced? Default: no. */
  readonly overwrite?: boolean
  /** Record the processes of the same interpreter that the program starts too: `NAME.1.arrows`, `NAME.2.arrows` ... beside `NAME.arrows`. */
  readonly withChildren?: boolean
}

/** The log of a process that the program started. @param number 1 for the first */
export const childOutput = (output: string, number: number): string => output.replace(/(\.arrows)?$/, `.${number}.arrows`)

/**
 * Runs a Python program and writes every request of its allocator to an event log.
 *
 * Where nothing is recorded no file is left behind. If the log cannot be written any more,
 * the program goes on unrecorded to its end, and the events written so far stay.
 *
 * @returns Left: why it cannot be recorded, and how to mend it
 */
export async function recordProgram(options: RecordProgramOptions): Promise<Either<RecordError, RecordResult>> {
  const { output, overwrite = false, withChildren = false, ...rest } = options
  const kinds = options.sampleEvery === undefined ? vocabulary : nativeVocabulary
  let children = 0
  const openChildSink = (_pid: number, header: RecordingHeader) => openLog(header, childOutput(output, ++children), overwrite, kinds)
  let isOpened = false
  const recorded = await recordInto({ ...rest, ...(withChildren ? { openChildSink } : {}) }, async (header) => {
    const opened = await openLog(header, output, overwrite, kinds)
    isOpened = isRight(opened)
    return opened
  })
  if (isOpened && isLeft(recorded) && recorded.left.kind !== 'Unwritable') removeEmptyLog(output)
  return recorded
}

async function openLog(
  header: RecordingHeader,
  path: string,
  overwrite: boolean,
  vocabulary: Readonly<Record<string, number>>,
): Promise<Either<RecordError, EventSink>> {
  // Threads and heaps have columns of their own: a program may have them on every event. Time stands on marks only.
  const columns = ['thread', 'heap'] as const
  const opened = await createLog(path, { ...header }, { vocabulary, columns: [...columns], overwrite })
  return isRight(opened)
    ? opened
    : left(recordError(opened.left.kind === 'OutputExists' ? 'OutputExists' : 'Unwritable', opened.left.message))
}

/** Of a program that was not recorded. */
function removeEmptyLog(path: string): void {
  rmSync(path, { force: true })
  rmSync(indexPathOf(path), { force: true })
}
