import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'
import { EventColumns } from '@reheap/kernel'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { Decoder } from './decoder.ts'
import type { EventSink, SinkError } from './event-sink.ts'
import { findings } from './findings.ts'
import type { Interpreter } from './interpreter.ts'
import type { Sampler } from './native/sampler.ts'
import type { Program, ProgramExit } from './program.ts'
import { type RecordError, recordError } from './record-error.ts'
import type { Ring } from './ring.ts'
import { RECORD_BYTES, STOP_REASONS } from './ring-layout.ts'
import type { Tally } from './tally.ts'

/** Rows of a batch: as many as a stored batch holds. */
const BATCH_ROWS = 65_536

/** What became of a recording. */
export interface RecordResult extends Readonly<Tally> {
  readonly interpreter: Interpreter
  readonly exit: ProgramExit
  readonly events: number
  /** What keeps the recording from being the whole truth, a line each for people; none: it is complete. */
  readonly findings: readonly string[]
  /** Of the processes that the program started, in the order in which they began; left out where none was to be recorded. */
  readonly children?: readonly ChildResult[]
}

/** What became of the recording of a process that the program started. */
export interface ChildResult {
  readonly pid: number
  readonly result: Either<RecordError, RecordResult>
}

/** One recording under way: from the ring, through the decoder, into the sink. */
export class Recording {
  readonly #ring: Ring
  readonly #sink: EventSink
  readonly #interpreter: Interpreter
  readonly #rows = new EventColumns(BATCH_ROWS)
  readonly #decoder: Decoder
  #failure: SinkError | null = null
  #isRecording = true

  #samples = 0

  readonly #onChild: ((pid: number) => number | null) | null

  /**
   * @param isNative the C library and the memory maps are recorded too
   * @param onChild gives the descriptor of a ring for a process that the program has started; null: none is recorded
   */
  constructor(
    ring: Ring,
    sink: EventSink,
    interpreter: Interpreter,
    isNative: boolean,
    onChild: ((pid: number) => number | null) | null = null,
  ) {
    this.#onChild = onChild
    this.#ring = ring
    this.#sink = sink
    this.#interpreter = interpreter
    this.#decoder = new Decoder(
      this.#rows,
      interpreter.pointerBits,
      undefined,
      isNative ? (time, sampler) => this.#sample(time, sampler) : null,
    )
  }

  async result(program: Program): Promise<Either<RecordError, RecordResult>> {
    await this.#follow(program)
    const exit = await program.ended
    this.#flush()
    const closed = this.#sink.close()
    if (exit instanceof Error) return left(recordError('NoPython', `${this.#interpreter.command}: could not be started (${exit.message})`))
    const failure = this.#failure ?? (isLeft(closed) ? closed.left : null)
    if (failure !== null) return left({ kind: 'Unwritable', message: failure.message, exit })
    return this.#ring.recordedPid() === 0 ? left({ kind: 'NotRecorded', message: this.#unrecorded(), exit }) : right(this.#summary(exit))
  }

  /** Takes chunks until the program has ended, then what it had begun. */
  async #follow(program: Program): Promise<void> {
    let idle = 0
    for (let taken = 1; ; taken++) {
      const hasEnded = program.hasEnded()
      this.#answerChild()
      const chunk = this.#ring.take()
      if (chunk !== null) {
        idle = 0
        this.#consume(chunk)
        if (taken % 16 === 0) await breathe()
      } else if (hasEnded) {
        this.#consume(this.#ring.takeRest())
        return
      } else {
        idle = Math.min(idle + 1, 10)
        await pause(idle)
      }
    }
  }

  #answerChild(): void {
    const pid = this.#onChild === null ? null : this.#ring.childAsking()
    if (pid !== null) this.#ring.answerChild(this.#onChild?.(pid) ?? null)
  }

  #consume(words: Uint32Array): void {
    const records = words.length / (RECORD_BYTES / 4)
    let next = 0
    while (next < records && this.#isRecording) {
      next = this.#decoder.decode(words, next, BATCH_ROWS)
      if (next < records) this.#flush()
      if (this.#decoder.isOutOfIds) this.#stop()
    }
  }

  /** The program waits for this. */
  #sample(time: number, sampler: Sampler): void {
    sampler.sample(this.#ring.recordedPid(), time)
    this.#ring.sampled(++this.#samples)
  }

  #flush(): void {
    if (this.#rows.length === 0 || this.#failure !== null) return
    const appended = this.#sink.append(this.#rows)
    if (isLeft(appended)) {
      this.#failure = appended.left
      this.#stop()
    }
    this.#rows.firstIndex += this.#rows.length
    this.#rows.clear()
  }

  /** The program goes on without being recorded. */
  #stop(): void {
    this.#isRecording = false
    this.#ring.stop()
  }

  #unrecorded(): string {
    const { command, executable } = this.#interpreter
    return `${command}: the program ran, but recording never began: a wrapper may start Python as another process; try --python ${executable}`
  }

  #summary(exit: ProgramExit): RecordResult {
    const { tally } = this.#decoder
    const stopped = this.#decoder.isOutOfIds ? 'tooManyBlocks' : (STOP_REASONS[this.#ring.stopReason()] ?? null)
    return {
      ...tally,
      interpreter: this.#interpreter,
      exit,
      events: this.#rows.firstIndex,
      findings: findings(tally, stopped, this.#ring.forks()),
    }
  }
}
