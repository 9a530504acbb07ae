import type { StdioOptions } from 'node:child_process'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { EventSink, RecordingHeader } from './event-sink.ts'
import { allocatorSetting, askInterpreter, type Interpreter } from './interpreter.ts'
import { startProgram } from './program.ts'
import { type RecordError, recordError } from './record-error.ts'
import { Recording, type RecordResult } from './recording.ts'
import { createRing, type Ring } from './ring.ts'
import { compiledShim } from './shim.ts'

export interface RecordOptions {
  /** Interpreter, as on a command line; default `python3`. */
  readonly python?: string
  /** What stands behind the interpreter: its options, the script, the script's arguments. */
  readonly args: readonly string[]
  /** Observe the allocator's figures about every so many events; 0 or left out: only where the program asks, and at its end. */
  readonly observeEvery?: number
  /** Record the C library's malloc and the memory maps too, and take a sample of the process about every so many calls; left out: do not. */
  readonly sampleEvery?: number
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Default: the program has this process's own. */
  readonly stdio?: StdioOptions
}

/**
 * Runs a Python program and hands every request of its allocator to a sink, from the first to the last.
 *
 * The sink is opened when it is certain that the program can be recorded, and before it is started.
 */
export async function recordInto(
  options: RecordOptions,
  openSink: (header: RecordingHeader) => Promise<Either<RecordError, EventSink>>,
): Promise<Either<RecordError, RecordResult>> {
  const { python = 'python3', args, observeEvery = 0, sampleEvery = 0, env = process.env, cwd = process.cwd(), stdio = 'inherit' } = options
  if (process.platform !== 'linux')
    return left(recordError('System', `recording needs Linux, this is ${process.platform}; logs can be read and replayed anywhere`))
  if (!Number.isSafeInteger(observeEvery) || observeEvery < 0)
    return left(recordError('Options', `observe every: a whole number of events is needed, got ${observeEvery}`))
  const interpreter = askInterpreter(python, env, cwd)
  if (isLeft(interpreter)) return interpreter
  const setting = allocatorSetting(interpreter.right.minor, args, env)
  if (setting !== null) return left(recordError('AllocatorSetting', setting))
  const shim = compiledShim(interpreter.right, env, sampleEvery > 0)
  if (isLeft(shim)) return shim
  const ring = openRing(observeEvery, sampleEvery)
  if (isLeft(ring)) return ring
  try {
    const sink = await openSink(headerOf(interpreter.right, python, args))
    if (isLeft(sink)) return sink
    const program = startProgram({ command: python, args, env: preloaded(env, shim.right, ring.right.path), cwd, stdio })
    const recording = new Recording(ring.right, sink.right, interpreter.right, sampleEvery > 0)
    return await recording.result(program)
  } finally {
    ring.right.close()
  }
}

function openRing(observeEvery: number, sampleEvery: number): Either<RecordError, Ring> {
  try {
    return right(createRing(observeEvery, sampleEvery))
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

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

function headerOf({ version, pointerBits, sizeClasses }: Interpreter, python: string, args: readonly string[]): RecordingHeader {
  const isAligned8 = pointerBits === 64 && sizeClasses === 64
  return {
    reheap: 1,
    runtime: { name: 'cpython', version, pointerBits, ...(isAligned8 ? { alignmentBytes: 8 } : {}) },
    command: [python, ...args].map(quoted).join(' '),
    recordedAt: new Date().toISOString(),
  }
}
