import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EventBatch } from '@reheap/kernel'
import { profileOfRuntime, Verification, type VerifyReport } from '@reheap/machine'
import { type Either, isLeft, isRight, right } from 'fp-ts/lib/Either.js'
import type { RecordingHeader } from '../src/event-sink.ts'
import type { Interpreter } from '../src/interpreter.ts'
import { findPythons } from '../src/python-search.ts'
import { type RecordOptions, recordInto } from '../src/record.ts'
import type { RecordError } from '../src/record-error.ts'
import type { RecordResult } from '../src/recording.ts'
import { compiledShim } from '../src/shim.ts'
import { type KeptEvent, keptDetails, keptEvents } from './kept-events.ts'
import { freshFolder, written } from './scripts.ts'

/** Scripts, outputs and the compiled library. Each test file removes it; what comes after makes it anew. */
export const folder = freshFolder()
export const env: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') }

/** The newest of each version of CPython that is here and can be recorded. */
function recordable(): readonly Interpreter[] {
  if (process.platform !== 'linux') return []
  const newest = new Map(findPythons(env).map((python) => [python.minor, python]))
  return [...newest.values()].filter((python) => isRight(compiledShim(python, env)))
}

const found = recordable()
/** Stands for the interpreter that is not here, so that what it would show is seen to be skipped. */
const NONE: Interpreter = {
  command: '',
  executable: '',
  version: 'none',
  minor: 99,
  pointerBits: 64,
  sizeClasses: 32,
  cLibrary: 'glibc 2.36',
}
/** At least one. */
export const pythons = found.length > 0 ? found : [NONE]
/** Of one version, for what does not depend on it. */
export const python = found.at(-1)
/** Why tests are skipped, to stand in their names. */
export const lack = python !== undefined ? '' : ' (skipped: needs Linux, a C compiler and a CPython)'

/** What a test wants to know of a recording. */
export interface Recorded {
  readonly result: Either<RecordError, RecordResult>
  readonly header: RecordingHeader | null
  readonly events: readonly KeptEvent[]
  /** Null if a request was rejected by the replay. */
  readonly report: VerifyReport | null
  readonly stdout: string
  readonly stderr: string
}

export interface RecordTestOptions extends Partial<RecordOptions> {
  readonly python: string
  /** Text of the script. */
  readonly script: string
  /** Behind the script. */
  readonly scriptArgs?: readonly string[]
  readonly stdin?: string
  readonly append?: (batch: EventBatch) => Either<{ message: string }, void>
  /** Marks and observations only. */
  readonly keep?: 'all' | 'details'
}

let scripts = 0

/** Records a script, isolated from this machine's site packages, and replays it at once. */
export async function recorded(options: RecordTestOptions): Promise<Recorded> {
  const { script, scriptArgs = [], stdin = '', append, keep = 'details', ...rest } = options
  const path = written(folder, `script-${++scripts}.py`, script)
  const inputPath = written(folder, `stdin-${scripts}`, stdin)
  const files = [openSync(inputPath, 'r'), ...['stdout', 'stderr'].map((name) => openSync(join(folder, `${name}-${scripts}`), 'w+'))]
  const events: KeptEvent[] = []
  let header: RecordingHeader | null = null
  let verification: Verification | null = null
  let isRejected = false
  const result = await recordInto({ args: ['-I', '-S', path, ...scriptArgs], env, stdio: [...files], ...rest }, async (given) => {
    header = given
    const profile = profileOfRuntime(given.runtime)
    if (isLeft(profile)) throw new Error(profile.left)
    verification = new Verification(profile.right)
    return right({
      append: (batch) => {
        if (append !== undefined) return append(batch)
        if (isLeft(verification?.feed(batch) ?? right(undefined))) isRejected = true
        events.push(...(keep === 'all' ? keptEvents(batch) : keptDetails(batch)))
        return right(undefined)
      },
      close: () => right(undefined),
    })
  })
  for (const file of files) closeSync(file)
  const report = isRejected ? null : ((verification as Verification | null)?.report() ?? null)
  const said = (name: string): string => readFileSync(join(folder, `${name}-${scripts}`), 'utf8')
  return { result, header, events, report, stdout: said('stdout'), stderr: said('stderr') }
}
