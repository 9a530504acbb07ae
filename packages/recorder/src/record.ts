import type { StdioOptions } from 'node:child_process'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { Children } from './children.ts'
import type { EventSink, RecordingHeader } from './event-sink.ts'
import { allocatorSetting, askInterpreter } from './interpreter.ts'
import { startProgram } from './program.ts'
import { type RecordError, recordError } from './record-error.ts'
import { Recording, type RecordResult } from './recording.ts'
import { headerOf } from './recording-header.ts'
import { createRing, type Ring } from './ring.ts'
import { compiledShim } from './shim.ts'

/** What is recorded of which program. */
export interface RecordOptions {
  /** Interpreter, as on a command line; default `python3`. */
  readonly python?: string
  /** What stands behind the interpreter: its options, the script, the script's arguments. */
  readonly args: readonly string[]
  /** Observe the allocator's figures about every so many events; 0 or left out: only where the program asks, and at its end. */
  readonly observeEvery?: number
  /**
   * Record the C library's malloc and the memory maps too, and look at the process about every so many calls; 0: only at its start, where it
   * marks or observes, and at its end. Left out: do not.
   */
  readonly sampleEvery?: number
  /** Record the processes of the same interpreter that the program starts too, each into a sink of its own; they see how. */
  readonly openChildSink?: (pid: number, header: RecordingHeader) => Promise<Either<RecordError, EventSink>>
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Default: the program has this process's own. */
  readonly stdio?: StdioOptions
}

/** Calls between two looks where there are to be none in passing: a program makes fewer. */
const NEVER = Number.MAX_SAFE_INTEGER

/**
 * Runs a Python program and hands every request of its allocator to a sink, from the first to the last.
 *
 * The sink is opened when it is certain that the program can be recorded, and before it is started.
 *
 * @returns Left: why it cannot be recorded, and how to mend it
 */
export async function recordInto(
  options: RecordOptions,
  openSink: (header: RecordingHeader) => Promise<Either<RecordError, EventSink>>,
): Promise<Either<RecordError, RecordResult>> {
  const { python = 'python3', args, observeEvery = 0, env = process.env, cwd = process.cwd(), stdio = 'inherit' } = options
  const isNative = options.sampleEvery !== undefined
  const sampleEvery = isNative ? options.sampleEvery || NEVER : 0
  if (process.platform !== 'linux')
    return left(recordError('System', `recording needs Linux, this is ${process.platform}; logs can be read and replayed anywhere`))
  if (!Number.isSafeInteger(observeEvery) || observeEvery < 0)
    return left(recordError('Options', `observe every: a whole number of events is needed, got ${observeEvery}`))
  if (!Number.isSafeInteger(sampleEvery) || sampleEvery < 0)
    return left(recordError('Options', `sample every: a whole number of calls is needed, got ${sampleEvery}`))
  const interpreter = askInterpreter(python, env, cwd)
  if (isLeft(interpreter)) return interpreter
  const setting = allocatorSetting(interpreter.right.minor, args, env)
  if (setting !== null) return left(recordError('AllocatorSetting', setting))
  if (isNative && !interpreter.right.cLibrary.startsWith('glibc '))
    return left(recordError('UnsupportedPython', `${python}: has no GNU C library, whose malloc is recorded with --native: leave that out`))
  const shim = compiledShim(interpreter.right, env, isNative)
  if (isLeft(shim)) return shim
  const ring = openRing(observeEvery, sampleEvery, options.openChildSink !== undefined)
  if (isLeft(ring)) return ring
  try {
    const sink = await openSink(headerOf(interpreter.right, python, args))
    if (isLeft(sink)) return sink
    const program = startProgram({ command: python, args, env: preloaded(env, shim.right, ring.right.path), cwd, stdio })
    const children =
      options.openChildSink === undefined ? null : new Children(interpreter.right, { observeEvery, sampleEvery }, options.openChildSink)
    const recording = new Recording(ring.right, sink.right, interpreter.right, isNative, children && ((pid) => children.ringFor(pid)))
    const result = await recording.result(program)
    return isLeft(result) || children === null ? result : right({ ...result.right, children: await children.results() })
  } finally {
    ring.right.close()
  }
}

function openRing(observeEvery: number, sampleEvery: number, followsChildren: boolean): Either<RecordError, Ring> {
  try {
    return right(createRing(observeEvery, sampleEvery, followsChildren))
  } catch (error) {
    return left(
      recordError(
        'Unwritable',
        `no room for the recorder's buffer in shared memory or the temporary folder (${(error as Error).message}); free 16 MiB`,
      ),
    )
  }
}

function preloaded(env: NodeJS.ProcessEnv, shim: string, ring: string): NodeJS.ProcessEnv {
  const others = env.LD_PRELOAD
  return { ...env, LD_PRELOAD: others === undefined ? shim : `${shim}:${others}`, REHEAP_RING: ring }
}
