/** Recordings of the processes that a recorded program starts. */
import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import type { EventSink, RecordingHeader } from './event-sink.ts'
import type { Interpreter } from './interpreter.ts'
import type { Program } from './program.ts'
import type { RecordError } from './record-error.ts'
import { type ChildResult, Recording, type RecordResult } from './recording.ts'
import { headerOf } from './recording-header.ts'
import { createRing, type Ring } from './ring.ts'

/** Milliseconds between looks at whether a process is there still: it is nobody's child here. */
const LOOK_EVERY = 20

type OpenSink = (pid: number, header: RecordingHeader) => Promise<Either<RecordError, EventSink>>

export class Children {
  readonly #interpreter: Interpreter
  readonly #executable: string
  readonly #intervals: { readonly observeEvery: number; readonly sampleEvery: number }
  readonly #openSink: OpenSink
  readonly #recordings: { readonly pid: number; readonly result: Promise<Either<RecordError, RecordResult>> }[] = []

  constructor(interpreter: Interpreter, intervals: { observeEvery: number; sampleEvery: number }, openSink: OpenSink) {
    this.#interpreter = interpreter
    this.#executable = realpathSync(interpreter.executable)
    this.#intervals = intervals
    this.#openSink = openSink
  }

  /** Descriptor of a ring for a process that has just begun and waits for it; null: it is another interpreter, or there is no room. */
  ringFor(pid: number): number | null {
    if (!this.#isSame(pid)) return null
    let ring: Ring
    try {
      ring = createRing(this.#intervals.observeEvery, this.#intervals.sampleEvery, true)
    } catch {
      return null
    }
    this.#recordings.push({ pid, result: this.#record(pid, ring) })
    return ring.descriptor
  }

  /** Once the program and all these processes have ended. */
  async results(): Promise<readonly ChildResult[]> {
    const results: ChildResult[] = []
    // Those that come meanwhile are among them.
    for (let next = this.#recordings[0]; next !== undefined; next = this.#recordings[results.length])
      results.push({ pid: next.pid, result: await next.result })
    return results
  }

  #isSame(pid: number): boolean {
    try {
      return readlinkSync(`/proc/${pid}/exe`) === this.#executable
    } catch {
      return false
    }
  }

  async #record(pid: number, ring: Ring): Promise<Either<RecordError, RecordResult>> {
    try {
      const [python = '', ...args] = commandOf(pid)
      const sink = await this.#openSink(pid, headerOf(this.#interpreter, python, args))
      if (isLeft(sink)) {
        ring.stop()
        return sink
      }
      const recording = new Recording(ring, sink.right, this.#interpreter, this.#intervals.sampleEvery > 0, (child) => this.ringFor(child))
      return await recording.result(followed(pid))
    } finally {
      ring.close()
    }
  }
}

const commandOf = (pid: number): readonly string[] => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)

/** A process that somebody else started: when it is gone is seen, how it ended is not. */
function followed(pid: number): Program {
  let hasEnded = false
  const ended = (async () => {
    while (isAlive(pid)) await pause(LOOK_EVERY)
    hasEnded = true
    return { code: null, signal: null, status: 0 }
  })()
  return { ended, hasEnded: () => hasEnded }
}

function isAlive(pid: number): boolean {
  try {
    // The state stands behind the name, which may hold anything; a zombie has no memory any more.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}
