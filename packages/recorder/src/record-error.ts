import type { ProgramExit } from './program.ts'

/** Why there is no recording. `message` is one line: what, where, how to mend it. */
export interface RecordError {
  readonly kind: /** Not Linux. */
    | 'System'
    /** The options contradict themselves or name what cannot be used. */
    | 'Options'
    /** No such interpreter, or it does not answer. */
    | 'NoPython'
    /** An interpreter that cannot be recorded. */
    | 'UnsupportedPython'
    /** The allocator of CPython is switched off or replaced by a setting. */
    | 'AllocatorSetting'
    | 'NoCompiler'
    | 'CompilerFailed'
    /** The cache folder, the ring or the log cannot be written. */
    | 'Unwritable'
    | 'OutputExists'
    /** The program ran, but nothing of it was recorded. */
    | 'NotRecorded'
  readonly message: string
  /** How the program ended; null if it was not started. */
  readonly exit: ProgramExit | null
}

/** An error from before the program was started. */
export const recordError = (kind: RecordError['kind'], message: string): RecordError => ({ kind, message, exit: null })
