import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'

/** The built command: tests run what users run. */
export const CLI = fileURLToPath(new URL('../dist/main.js', import.meta.url))
if (!existsSync(CLI)) throw new Error(`${CLI} is not there: build it with npx tsc -b`)

/** Real recordings of `print("hello")`, with real answers. */
export const HELLO = fileURLToPath(new URL('../../trace/test/fixtures/cpython-3.11-hello.jsonl.gz', import.meta.url))
export const HELLO_38 = fileURLToPath(new URL('../../trace/test/fixtures/cpython-3.8-hello.jsonl.gz', import.meta.url))

/** A script with late objects and held ones, recorded by `reheap run` on 3.13.2. */
export const SESSIONS = fileURLToPath(new URL('./fixtures/sessions.jsonl.gz', import.meta.url))

export const VERBS = [
  'record',
  'run',
  'import',
  'export',
  'verify',
  'replay',
  'stats',
  'timeline',
  'trace-request',
  'leaks',
  'whatif',
  'explain',
  'tune',
  'monitor',
  'units',
  'sizeof',
  'scenario',
  'check',
  'view',
  'play',
  'report',
] as const

export interface Ran {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  readonly input?: string | Uint8Array
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs one command line in a process of its own, to its end. */
export function reheapProcess(args: readonly string[], { input = '', cwd, env }: RunOptions = {}): Ran {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    input,
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return { status, signal, stdout, stderr }
}

const RUN_MS = 120_000
const turn = new Int32Array(new SharedArrayBuffer(4))
let commands: MessagePort | undefined

/** @returns where command lines go to, and what they printed comes from */
function commandThread(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  const url = new URL('./command-thread.mjs', import.meta.url)
  new Worker(url, { workerData: { turn, port: port2 }, transferList: [port2], execArgv: [] }).unref()
  port1.unref()
  return port1
}

/**
 * Runs one command line to its end, in a thread that has loaded the built command before: a process would spend most of its time on that.
 * Tests about the process itself (signals, pipes, limits) start one.
 */
export function reheap(args: readonly string[], { input = '', cwd, env }: RunOptions = {}): Ran {
  commands ??= commandThread()
  const here = process.cwd()
  if (cwd !== undefined) process.chdir(cwd)
  try {
    Atomics.store(turn, 0, 0)
    commands.postMessage({ args, input, env })
    if (Atomics.wait(turn, 0, 0, RUN_MS) === 'timed-out') throw new Error(`reheap ${args.join(' ')} does not end`)
    return receiveMessageOnPort(commands)?.message as Ran
  } finally {
    process.chdir(here)
  }
}

/** The document that a run printed, and that it printed nothing else. */
export function json<A = Record<string, unknown>>({ stdout, stderr }: Ran): A {
  if (!stdout.endsWith('\n') || stdout.trimEnd().includes('\n')) throw new Error(`expected one document, got ${stdout}${stderr}`)
  return JSON.parse(stdout) as A
}

/** Starts one command line. @returns the process, and how it ended */
export function start(
  args: readonly string[],
  cwd?: string,
  env?: NodeJS.ProcessEnv,
): { readonly child: ChildProcess; readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['pipe', 'pipe', 'pipe'], cwd, env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const ended = new Promise<Ran>((resolve) => child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr })))
  return { child, ended }
}

/** A folder of one test file, removed by the returned function. */
export function workplace(): { readonly at: (name: string) => string; readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-cli-test-'))
  return { folder, at: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Lines of a recording. */
export const linesOf = (path: string): string[] => gunzipSync(readFileSync(path)).toString().trimEnd().split('\n')

/** Writes a recording with the first line that `matches` changed. @returns the changed event's index */
export function spoil(from: string, to: string, matches: (line: string) => boolean, change: (line: string) => string): number {
  const lines = linesOf(from)
  const place = lines.findIndex(matches)
  if (place < 1) throw new Error('no line to spoil')
  lines[place] = change(lines[place] ?? '')
  writeFileSync(to, `${lines.join('\n')}\n`)
  return place - 1
}

/** A stored log of the recording, made by the command. */
export function storedHello(path: string): string {
  const imported = reheap(['import', HELLO, '-o', path])
  if (imported.status !== 0) throw new Error(imported.stderr)
  return path
}
