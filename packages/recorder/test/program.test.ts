/** The recorded program is itself: what it sees, what it does to its process, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import type { RecordResult } from '../src/recording.ts'
import { env, folder, lack, python, pythons, type Recorded, type RecordTestOptions, recorded } from './recorded.ts'
import { written } from './scripts.ts'

afterAll(() => rmSync(folder, { recursive: true }))

const command = python?.command ?? ''
const record = (script: string, options: Partial<RecordTestOptions> = {}): Promise<Recorded> =>
  recorded({ python: command, script, ...options })

/** The result, of a recording that was made and whose replay agrees. */
function agreed({ result, report }: Recorded): RecordResult {
  if (!isRight(result)) throw new Error(result.left.message)
  expect(report).toMatchObject({ mismatches: 0, events: result.right.events })
  expect(result.right.findings).toStrictEqual([])
  return result.right
}

const FILL = 'kept = [[i] * (i % 40) for i in range(20000)]\n'
describe.skipIf(lack !== '')(`the program sees what it would see unrecorded${lack}`, () => {
  test('[R11] its arguments, executable, environment, descriptors and streams', async () => {
    const script = `
import os, sys
print([sys.argv[1:], sys.executable, list(os.environ.items()), sorted(os.listdir('/proc/self/fd'))])
print(sys.stdin.read(), file=sys.stderr, end='')
`
    const path = written(folder, 'seen.py', script)
    const own = { ...env, LD_PRELOAD: '' }
    const recording = await record(script, { args: ['-I', '-S', path, 'a', 'b c'], stdin: 'line\n', env: own })
    agreed(recording)
    const plain = await new Promise<string>((resolve) => {
      const child = spawn(command, ['-I', '-S', path, 'a', 'b c'], { env: own, stdio: ['ignore', 'pipe', 'ignore'] })
      let said = ''
      child.stdout.on('data', (piece) => {
        said += String(piece)
      })
      child.on('close', () => resolve(said))
    })
    expect(recording.stdout).toBe(plain)
    expect(recording.stderr).toBe('line\n')
  })

  test('[R11] its own preloaded libraries', async () => {
    const library = 'libdl.so.2'
    const recording = await record("import os\nprint(os.environ['LD_PRELOAD'])", {
      args: ['-c', "import os\nprint(os.environ['LD_PRELOAD'])"],
      env: { ...env, LD_PRELOAD: library },
    })
    agreed(recording)
    expect(recording.stdout).toBe(`${library}\n`)
  })

  test('[R20] also if the interpreter is a script that becomes Python', async () => {
    const wrapper = written(folder, 'wrapper', `#!/bin/sh\n/bin/true\nexec '${command}' "$@"\n`)
    expect(agreed(await record(FILL, { python: wrapper })).isFinalized).toBe(true)
  })

  test('[R20] a script that starts Python as another process is told apart, with the interpreter to name', async () => {
    const wrapper = written(folder, 'starter', `#!/bin/sh\n'${command}' "$@"\nexit $?\n`)
    const { result, stdout } = await record('import sys\nprint("ran")\nsys.exit(5)', { python: wrapper })
    expect(stdout).toBe('ran\n')
    expect(result).toMatchObject({ left: { kind: 'NotRecorded', exit: { status: 5 } } })
    expect(result).toMatchObject({
      left: { message: expect.stringMatching(/^.*starter: the program ran, but recording never began: .*; try --python .*python/) },
    })
  })
})

describe.skipIf(lack !== '')(`the program ends as it would unrecorded, and its recording is whole up to there${lack}`, () => {
  test.each([
    ['falls off its end', 'pass', { code: 0, signal: null, status: 0 }, true],
    ['SystemExit with a code', 'raise SystemExit(42)', { code: 42, signal: null, status: 42 }, true],
    ['an exception', 'raise ValueError(1)', { code: 1, signal: null, status: 1 }, true],
    ['a syntax error', 'x = = 1', { code: 1, signal: null, status: 1 }, true],
    ['os._exit', 'import os\nos._exit(7)', { code: 7, signal: null, status: 7 }, false],
    ['os.abort', 'import os\nos.abort()', { code: null, signal: 'SIGABRT', status: 134 }, false],
    ['a signal', 'import os, signal\nos.kill(os.getpid(), signal.SIGTERM)', { code: null, signal: 'SIGTERM', status: 143 }, false],
  ] as const)('[R12] %s', async (_, end, exit, isFinalized) => {
    const result = agreed(await record(`${end}\n`))
    expect([result.exit, result.isFinalized]).toStrictEqual([exit, isFinalized])
  })

  test('[R13] kill -9 loses nothing that was asked before', async () => {
    const script = `import os\nkept = [bytes(1000 + i) for i in range(1234)]\nos.kill(os.getpid(), 9)\n`
    const recording = await record(script, { keep: 'all' })
    expect(agreed(recording).exit).toStrictEqual({ code: null, signal: 'SIGKILL', status: 137 })
    // A bytes object has a head of 33 bytes, 17 with 32-bit pointers, whether it is asked for by malloc or calloc.
    const head = python?.pointerBits === 32 ? 17 : 33
    const asked = new Set(recording.events.map(({ kind, size = 0, other = 1 }) => (kind === 'Calloc' ? size * other : size) - head))
    expect(Array.from({ length: 1234 }, (_, i) => 1000 + i).filter((bytes) => !asked.has(bytes))).toStrictEqual([])
  })

  test('[R15] exec ends the recording, not the program', async () => {
    const recording = await record(`import os, sys\n${FILL}os.execv(sys.executable, [sys.executable, '-c', 'print(6 * 7)'])\n`)
    expect(agreed(recording).isFinalized).toBe(false)
    expect(recording.stdout).toBe('42\n')
    expect(recording.report?.events).toBeGreaterThan(20000)
  })

  test('[R25] requests that the system refuses are counted and are no events', async () => {
    const script = `
import sys
kept, refused = [], 0
for _ in range(5):
    try: kept.append(bytes(sys.maxsize - 1000))
    except MemoryError: refused += 1
print(refused >= 3)
`
    const recording = await record(script)
    expect(recording.stdout).toBe('True\n')
    expect(agreed(recording).refusedRequests).toBeGreaterThanOrEqual(3)
  })
})

describe.skipIf(lack !== '')(`processes that the program starts${lack}`, () => {
  test.each(someOf(pythons, 1).map(({ version, command }) => [version, command]))(
    '[R14] are not recorded, and do not see the recorder, CPython %s',
    async (_, command) => {
      const script = `
import os, subprocess, sys
${FILL}
see = "import os, sys; print(sorted(name for name in os.environ if name in ('LD_PRELOAD', 'REHEAP_RING')), 'reheap_recorder' in sys.builtin_module_names)"
print(subprocess.check_output([sys.executable, '-c', see]).decode(), end='')
sys.stdout.flush()
for _ in range(3):
    child = os.fork()
    if child == 0:
        import reheap_recorder
        reheap_recorder.mark('of the child')
        reheap_recorder.observe()
        more = [[i] for i in range(30000)]
        os._exit(3)
    print(os.waitpid(child, 0)[1] >> 8)
sys.stdout.flush()
child = os.fork()
if child == 0: sys.exit(4)
print(os.waitpid(child, 0)[1] >> 8)
`
      const recording = await recorded({ python: command, script })
      expect(agreed(recording).isFinalized).toBe(true)
      expect(recording.stdout).toBe('[] False\n3\n3\n3\n4\n')
      expect(recording.events.some(({ detail }) => JSON.stringify(detail).includes('of the child'))).toBe(false)
    },
  )

  test('[R14] not even a child that was forked around the C library', async () => {
    const script = `
import os, platform, sys
SYS_fork = {('x86_64', True): 57}.get((platform.machine(), sys.maxsize > 2 ** 32))
try: import ctypes
except ImportError: SYS_fork = None
child = ctypes.PyDLL(None).syscall(SYS_fork) if SYS_fork else os.fork()
if child == 0:
    more = [[i] for i in range(30000)]
    os._exit(3)
print(os.waitpid(child, 0)[1] >> 8)
${FILL}`
    const recording = await record(script, { args: ['-I', written(folder, 'raw.py', script)] })
    agreed(recording)
    expect(recording.stdout).toBe('3\n')
  })

  test('[R14] with multiprocessing, by fork and by spawn', async () => {
    const script = `
import multiprocessing
def work(n): return sum(len([i]) for i in range(n))
if __name__ == '__main__':
    for method in ('fork', 'spawn'):
        with multiprocessing.get_context(method).Pool(2) as pool: print(pool.map(work, [10, 20]))
`
    const recording = await record(script, { args: [written(folder, 'pool.py', script)] })
    agreed(recording)
    expect(recording.stdout).toBe('[10, 20]\n[10, 20]\n')
  })

  test('[R14] a program that becomes a daemon is recorded up to there', async () => {
    const script = `
import os
${FILL}
if os.fork() != 0: os._exit(0)
os.setsid()
os.closerange(0, 1024)
more = [[i] for i in range(30000)]
`
    expect(agreed(await record(script)).exit.status).toBe(0)
  })

  test('[R16] closing every descriptor does not harm the recording', async () => {
    const script = `
import os
os.closerange(3, 1024)
files = [open(os.devnull, 'w') for _ in range(20)]
for _ in range(10): kept = [[i] * (i % 40) for i in range(20000)]
for file in files: file.write('x' * 100000)
`
    expect(agreed(await record(script)).events).toBeGreaterThan(500_000)
  })
})

/** Runs the recorder as a process of its own. */
function recorderProcess(script: string, log: string): ChildProcess {
  const path = written(
    folder,
    'recorder.mjs',
    `
import { recordProgram } from ${JSON.stringify(fileURLToPath(new URL('../dist/index.js', import.meta.url)))}
const recorded = await recordProgram({ python: ${JSON.stringify(command)}, args: ['-I', '-S', ${JSON.stringify(written(folder, 'recorded.py', script))}], output: ${JSON.stringify(log)}, overwrite: true })
process.exitCode = recorded._tag === 'Right' ? recorded.right.exit.status : 99
`,
  )
  return spawn(process.execPath, [path], { env, stdio: ['ignore', 'inherit', 'inherit'] })
}

const appeared = async (path: string): Promise<string> => {
  while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20))
  return readFileSync(path, 'utf8')
}
const status = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', (code) => resolve(code)))

describe.skipIf(lack !== '')(`program and recorder${lack}`, () => {
  test('[R17] the program goes on to its end if the recorder is killed', async () => {
    const done = join(folder, 'done')
    const started = join(folder, 'started')
    const script = `
import os, time
def write(path, text):
    with open(path + '.part', 'w') as file: file.write(text)
    os.rename(path + '.part', path)
write(${JSON.stringify(started)}, str(os.getpid()))
parent = os.getppid()
while os.getppid() == parent: time.sleep(0.01)
# More than the ring holds: whoever waits for a reader now would wait for ever.
for _ in range(30): kept = [[i] for i in range(20000)]
write(${JSON.stringify(done)}, 'done')
`
    const recorder = recorderProcess(script, join(folder, 'killed.arrows'))
    await appeared(started)
    recorder.kill('SIGKILL')
    expect(await appeared(done)).toBe('done')
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '[R18] %s to the recorder reaches the program, which may end as it likes',
    async (signal) => {
      const ready = join(folder, `ready-${signal}`)
      const script = `
import os, signal, sys, time
signal.signal(signal.${signal}, lambda *_: sys.exit(33))
open(${JSON.stringify(ready)}, 'w').close()
time.sleep(60)
`
      const recorder = recorderProcess(script, join(folder, 'signalled.arrows'))
      const ended = status(recorder)
      await appeared(ready)
      recorder.kill(signal)
      expect(await ended).toBe(33)
    },
  )

  test('[R19] a sink that fails leaves the program to its own end, and is the error', async () => {
    let batches = 0
    const { result, stdout } = await record(`for _ in range(30): kept = [[i] for i in range(20000)]\nprint('end')\nraise SystemExit(9)\n`, {
      append: () => (++batches === 2 ? left({ message: 'the disk is full' }) : right(undefined)),
    })
    expect(result).toStrictEqual(left({ kind: 'Unwritable', message: 'the disk is full', exit: { code: 9, signal: null, status: 9 } }))
    expect(stdout).toBe('end\n')
    expect(batches).toBe(2)
  })

  test('[R29] a program that is faster than the recorder waits, and nothing is lost', async () => {
    let events = 0
    const { result } = await record('for _ in range(40): kept = [[i] for i in range(20000)]\n', {
      append: (batch) => {
        events += batch.length
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
        return right(undefined)
      },
    })
    // 16 MiB of records are half a million: the ring was full more than once.
    expect(events).toBeGreaterThan(1_500_000)
    expect(result).toMatchObject({ right: { events, findings: [], isFinalized: true } })
  })

  test('[R32] the header names the runtime, the command and the moment', async () => {
    const { header } = await record('pass', { args: ['-c', "print('a b')"] })
    expect(header).toMatchObject({ reheap: 1, runtime: { name: 'cpython', version: python?.version, pointerBits: python?.pointerBits } })
    expect(header?.command).toBe(`${command} -c 'print('\\''a b'\\'')'`)
    expect(new Date(header?.recordedAt ?? '').toISOString()).toBe(header?.recordedAt)
  })
})
