import type { StdioOptions } from 'node:child_process'
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'
import { EventColumns } from '@reheap/kernel'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { Decoder, type Tally } from './decoder.ts'
import type { EventSink, RecordingHeader, SinkError } from './event-sink.ts'
import { allocatorSetting, askInterpreter, type Interpreter } from './interpreter.ts'
import { type Program, type ProgramExit, startProgram } from './program.ts'
import { type RecordError, recordError } from './record-error.ts'
import { createRing, type Ring } from './ring.ts'
import { STOP_REASONS } from './ring-layout.ts'
import { compiledShim } from './shim.ts'

/** Rows of a batch: as many as a stored batch holds. */
const BATCH_ROWS = 65_536

export interface RecordOptions {
  /** Interpreter, as on a command line; default `python3`. */
  readonly python?: string
  /** What stands behind the interpreter: its options, the script, the script's arguments. */
  readonly args: readonly string[]
  /** Observe the allocator's figures about every so many events; 0 or left out: only where the program asks, and at its end. */
  readonly observeEvery?: number
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Default: the program has this process's own. */
  readonly stdio?: StdioOptions
}

/** What became of a recording. */
export interface RecordResult extends Readonly<Tally> {
  readonly interpreter: Interpreter
  readonly exit: ProgramExit
  readonly events: number
  /** Did the interpreter run to the end of its finalization? Not after a signal, `os._exit` or `exec`. */
  readonly isFinalized: boolean
  /** Why the program stopped recording before it ended; null: it did not. */
  readonly stopped: string | null
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
  const { python = 'python3', args, observeEvery = 0, env = process.env, cwd = process.cwd(), stdio = 'inherit' } = options
  if (process.platform !== 'linux') return left(recordError('System', `recording needs Linux, this is ${process.platform}; logs can be read and replayed anywhere`))
  if (!Number.isSafeInteger(observeEvery) || observeEvery < 0)
    return left(recordError('Options', `observe every: a whole number of events is needed, got ${observeEvery}`))
  const interpreter = askInterpreter(python, env, cwd)
  if (isLeft(interpreter)) return interpreter
  const setting = allocatorSetting(interpreter.right.minor, args, env)
  if (setting !== null) return left(recordError('AllocatorSetting', setting))
  const shim = compiledShim(interpreter.right, env)
  if (isLeft(shim)) return shim
  const ring = openRing(observeEvery)
  if (isLeft(ring)) return ring
  try {
    const sink = await openSink(headerOf(interpreter.right, python, args))
    if (isLeft(sink)) return sink
    const program = startProgram({ command: python, args, env: preloaded(env, shim.right, ring.right.path), cwd, stdio })
    const recording = new Recording(ring.right, sink.right, interpreter.right)
    return await recording.result(program)
  } finally {
    ring.right.close()
  }
}

function openRing(observeEvery: number): Either<RecordError, Ring> {
  try {
    return right(createRing(observeEvery))
  } catch (error) {
    return left(recordError('Unwritable', `no room for the recorder's buffer in shared memory or the temporary folder (${(error as Error).message}); free 16 MiB`))
  }
}

function preloaded(env: NodeJS.ProcessEnv, shim: string, ring: string): NodeJS.ProcessEnv {
  const others = env.LD_PRELOAD
  return { ...env, LD_PRELOAD: others === undefined ? shim : `${shim}:${others}`, REHEAP_RING: ring }
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

function headerOf({ version, pointerBits }: Interpreter, python: string, args: readonly string[]): RecordingHeader {
  return {
    reheap: 1,
    runtime: { name: 'cpython', version, pointerBits },
    command: [python, ...args].map(quoted).join(' '),
    recordedAt: new Date().toISOString(),
  }
}

/** One recording under way: from the ring, through the decoder, into the sink. */
class Recording {
  readonly #ring: Ring
  readonly #sink: EventSink
  readonly #interpreter: Interpreter
  readonly #rows = new EventColumns(BATCH_ROWS)
  readonly #decoder: Decoder
  #failure: SinkError | null = null

  constructor(ring: Ring, sink: EventSink, interpreter: Interpreter) {
    this.#ring = ring
    this.#sink = sink
    this.#interpreter = interpreter
    this.#decoder = new Decoder(this.#rows, interpreter.pointerBits)
  }

  async result(program: Program): Promise<Either<RecordError, RecordResult>> {
    await this.#follow(program)
    const exit = await program.ended
    if (exit instanceof Error) return left(recordError('NoPython', `${this.#interpreter.command}: could not be started (${exit.message})`))
    await this.#flush()
    const closed = this.#failure === null ? await this.#sink.close() : left(this.#failure)
    if (isLeft(closed)) return left({ kind: 'Unwritable', message: closed.left.message, exit })
    return this.#ring.recordedPid() === 0 ? left({ kind: 'NotRecorded', message: this.#unrecorded(), exit }) : right(this.#summary(exit))
  }

  /** Takes chunks until the program has ended, then what it had begun. */
  async #follow(program: Program): Promise<void> {
    let idle = 0
    for (let taken = 1; ; taken++) {
      const hasEnded = program.hasEnded()
      const chunk = this.#ring.take()
      if (chunk !== null) {
        idle = 0
        await this.#consume(chunk)
        if (taken % 16 === 0) await breathe()
      } else if (hasEnded) {
        await this.#consume(this.#ring.takeRest())
        return
      } else {
        idle = Math.min(idle + 1, 10)
        await Promise.race([pause(idle), program.ended])
      }
    }
  }

  async #consume(words: Uint32Array): Promise<void> {
    const records = words.length / 8
    let next = 0
    while (next < records && this.#failure === null) {
      next = this.#decoder.decode(words, next, BATCH_ROWS)
      if (next < records) await this.#flush()
      if (this.#decoder.isOutOfIds) this.#fail({ message: 'the program asked for more than 4,294,967,293 blocks: the log holds all events before' })
    }
  }

  async #flush(): Promise<void> {
    if (this.#rows.length === 0 || this.#failure !== null) return
    const appended = await this.#sink.append(this.#rows)
    if (isLeft(appended)) this.#fail(appended.left)
    this.#rows.firstIndex += this.#rows.length
    this.#rows.clear()
  }

  /** The program goes on without being recorded. */
  #fail(error: SinkError): void {
    this.#failure ??= error
    this.#ring.stop()
  }

  #unrecorded(): string {
    const { command, executable } = this.#interpreter
    return `${command}: the program ran, but recording never began: a wrapper may start Python as another process; try --python ${executable}`
  }

  #summary(exit: ProgramExit): RecordResult {
    const stopped = STOP_REASONS[this.#ring.stopReason()] ?? ''
    return {
      ...this.#decoder.tally,
      interpreter: this.#interpreter,
      exit,
      events: this.#rows.firstIndex,
      isFinalized: this.#decoder.tally.marks.includes('finalized'),
      stopped: stopped === '' ? null : stopped,
    }
  }
}
