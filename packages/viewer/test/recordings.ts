/** Real recordings that the page is tested with, and scripts that are recorded on the spot. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const fixture = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
export const COMMAND = fixture('cli/dist/main.js')
export const HELLO = fixture('machine/test/fixtures/cpython-3.11.7-64-hello.jsonl.gz')
/** A program of rings that weak references watch, some of which a finalizer saves. */
export const CALLBACKS = fixture('../scripts/programs/collector/callbacks.py')
export const HELLO_38 = fixture('machine/test/fixtures/cpython-3.8.18-64-hello.jsonl.gz')
/** Lists and sessions in cycles, recorded by `reheap run` on CPython 3.13.2. */
export const SESSIONS = fixture('cli/test/fixtures/sessions.jsonl.gz')
/** A program that keeps what it should not, with the collector off. */
export const LEAK = fixture('cli/scenarios/leak.jsonl.gz')
/** `print("hello")` with every call of the C library and of the system, and sizes of the process. */
export const NATIVE = fixture('machine/test/native/cpython-3.11.7-64-native-hello.jsonl.gz')
export const TRAIN = fixture('device-memory/test/fixtures/pytorch-2.11-train-default.jsonl.gz')
export const EXPANDABLE = fixture('device-memory/test/fixtures/pytorch-2.11-infer-exp.jsonl.gz')
/** Expandable segments under a limit, with gaps in them. */
export const TIGHT = fixture('device-memory/test/fixtures/pytorch-2.11-streams_tight-expgc.jsonl.gz')
export const OOM = fixture('device-memory/test/fixtures/pytorch-2.11-oomstorm-default.jsonl.gz')

export const OOM_SPLIT = fixture('device-memory/test/fixtures/pytorch-2.11-oomstorm-mss40r.jsonl.gz')
/** Several streams, large segments that are not split. */
export const SPLIT_STREAMS = fixture('device-memory/test/fixtures/pytorch-2.11-streams_tight-mss40r.jsonl.gz')

/** Cycles with a finalizer, with weak references and with a callback. */
export const CYCLES = `import gc, weakref

class Node:
    def __init__(self, name):
        self.name = name
        self.links = []

class Closed(Node):
    def __del__(self):
        closed.append(1)

closed = []
told = []

def ring(size):
    nodes = [Node(str(number)) for number in range(size)]
    for number in range(size):
        nodes[number].links.append(nodes[number - 1])
    return nodes[0]

kept = ring(5)
watched = weakref.ref(ring(3), told.append)
late = Closed("late")
late.links.append(late)
del late
ring(4)
gc.collect()
print(len(closed), len(told))
`

/** The events of a log of JSON lines, packed or not; event 0 is the second line. */
export function eventsOf(path: string): readonly Record<string, never>[] {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line))
}

/** Events of the interpreter before one of the device. */
const EVERY = 20

/** An interpreter with its host, and between its events the requests of a training run; its driver is simulated. */
export function mixed(): readonly string[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(NATIVE)).toString().trim().split('\n')
  const requests = eventsOf(TRAIN)
    .filter(({ kind }) => kind !== 'Observe' && kind !== 'Stack')
    .map(({ address: _, stack: __, ...event }) => JSON.stringify(event))
  const made = [header]
  const beginning = Math.floor(lines.length / 3)
  lines.forEach((line, index) => {
    made.push(line)
    // What the system answered stands just before the request that it belongs to.
    if (index > beginning && index % EVERY === 0 && !line.includes('"Arena')) made.push(...requests.splice(0, 1))
  })
  return [...made, ...requests]
}

/** A folder for what a test makes. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'reheap-viewer-'))
  at = (name: string): string => join(this.folder, name)
  remove = (): void => rmSync(this.folder, { recursive: true, force: true })

  /** Runs one command line. @returns what it printed @throws Error where it fails */
  run(args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd: this.folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`reheap ${args.join(' ')}: ${stderr}`)
    return stdout
  }

  /** Records a script on CPython in WebAssembly, 3.14 unless the options of `reheap run` say otherwise. @returns its log */
  record(name: string, script: string, ...options: readonly string[]): string {
    writeFileSync(this.at(`${name}.py`), script)
    this.run(['run', ...options, `${name}.py`])
    return this.at(`${name}.arrows`)
  }
}
