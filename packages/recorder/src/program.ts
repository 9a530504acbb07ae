import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { constants } from 'node:os'

/** How the recorded program ended. */
export interface ProgramExit {
  /** Its own exit code; null if a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** What a shell reports: the code, or 128 + the signal's number. */
  readonly status: number
}

/** A program that was started. */
export interface Program {
  /** Settles when it has ended; the reason if it could not be started. */
  readonly ended: Promise<ProgramExit | Error>
  hasEnded(): boolean
}

export interface ProgramOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly stdio: StdioOptions
}

/** Signals that are sent to this process to reach the program. */
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR2'] as const
/** Signals that a terminal sends to the program itself as well, which therefore are not sent twice. */
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const

/** Starts a program as it would run by itself, and passes signals through while it runs. */
export function startProgram({ command, args, env, cwd, stdio }: ProgramOptions): Program {
  const child = spawn(command, [...args], { env, cwd, stdio })
  let ended = false
  const release = passSignals(child)
  return {
    hasEnded: () => ended,
    ended: new Promise((settle) => {
      const settled = (end: ProgramExit | Error): void => {
        ended = true
        release()
        settle(end)
      }
      child.once('error', settled)
      child.once('exit', (code, signal) =>
        settled({ code, signal, status: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) }),
      )
    }),
  }
}

function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal)
  }
  const passUnlessTerminal = (signal: NodeJS.Signals): void => {
    if (!process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of PASSED_ON) process.on(signal, pass)
  for (const signal of FROM_TERMINAL) process.on(signal, passUnlessTerminal)
  return () => {
    for (const signal of PASSED_ON) process.off(signal, pass)
    for (const signal of FROM_TERMINAL) process.off(signal, passUnlessTerminal)
  }
}
