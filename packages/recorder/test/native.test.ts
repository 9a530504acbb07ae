/** Recordings of a whole process: the C library and the memory maps too. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { profileOfRuntime, Verification } from '@reheap/machine'
import { isRight, right } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import type { RecordResult } from '../src/recording.ts'
import type { KeptEvent } from './kept-events.ts'
import { env, folder, lack, python, pythons, type Recorded, type RecordTestOptions, recorded } from './recorded.ts'
import { fakePython } from './scripts.ts'

afterAll(() => rmSync(folder, { recursive: true }))

const record = (script: string, options: Partial<RecordTestOptions> = {}): Promise<Recorded> =>
  recorded({ python: python?.command ?? '', script, sampleEvery: 20_000, keep: 'all', ...options })

/** The result, of a recording that was made and whose replay agrees in every address and size. */
function agreed({ result, report }: Recorded): RecordResult {
  if (!isRight(result)) throw new Error(result.left.message)
  expect(report?.first).toStrictEqual([])
  expect(report).toMatchObject({ mismatches: 0, events: result.right.events })
  return result.right
}

const MIB = 1024 * 1024
const sizes = (events: readonly KeptEvent[]): readonly Record<string, number>[] =>
  events.flatMap(({ detail }) => {
    const { of, values } = (detail ?? {}) as { of?: string; values?: Record<string, number> }
    return of === 'hostMemory' && values !== undefined ? [values] : []
  })
const ofKind = (events: readonly KeptEvent[], ...kinds: string[]): readonly KeptEvent[] => events.filter(({ kind }) => kinds.includes(kind))

const LIBRARY =
  'import ctypes\nlibc = ctypes.CDLL(None)\nlibc.malloc.restype = libc.calloc.restype = libc.realloc.restype = libc.mmap.restype = libc.mremap.restype = ctypes.c_void_p\n'

describe.skipIf(lack !== '')(`the C library${lack}`, () => {
  test('[R44] its calls are events, with the address that was given', async () => {
    const recording = await record(`${LIBRARY}
libc.malloc.argtypes = [ctypes.c_size_t]; libc.calloc.argtypes = [ctypes.c_size_t] * 2
libc.realloc.argtypes = [ctypes.c_void_p, ctypes.c_size_t]; libc.free.argtypes = [ctypes.c_void_p]
a = libc.malloc(12345); b = libc.calloc(7, 1111); c = libc.realloc(a, 23456)
p = ctypes.c_void_p(); libc.posix_memalign(ctypes.byref(p), ctypes.c_size_t(256), ctypes.c_size_t(3333))
print(a, b, c, p.value)
libc.free(c)
libc.valloc.restype = libc.pvalloc.restype = ctypes.c_void_p; libc.valloc(ctypes.c_size_t(1234)); libc.pvalloc(ctypes.c_size_t(4444))`)
    agreed(recording)
    const [a, b, c, p] = recording.stdout.trim().split(' ').map(Number)
    const { events } = recording
    const given = (kind: string, size: number) => events.filter((event) => event.kind === kind && event.size === size)
    expect(given('LibraryMalloc', 12345)).toMatchObject([{ address: a }])
    expect(given('LibraryCalloc', 1111)).toMatchObject([{ address: b, other: 7 }])
    const [resized] = given('LibraryRealloc', 23456)
    expect(resized).toMatchObject({ address: c, id: given('LibraryMalloc', 12345)[0]?.id })
    expect(given('LibraryAlign', 3333)).toMatchObject([{ address: p, other: 256 }])
    expect([...given('LibraryAlign', 1234), ...given('LibraryAlign', 8192)].map(({ other }) => other)).toStrictEqual([4096, 4096])
    expect(ofKind(events, 'LibraryFree').filter(({ id }) => id === resized?.other)).toHaveLength(1)
    // From the first: the thread's cache of the C library lies before the first block.
    expect(ofKind(events, 'LibraryMalloc')[0]?.address).toBeDefined()
  })

  test('[R45] what Python passes on is no second event', async () => {
    const recording = await record("x = bytes(54321)\ny = bytearray(54321)\ny.extend(b'z' * 11111)\ndel x, y")
    agreed(recording)
    const addresses = ofKind(recording.events, 'Malloc', 'Calloc', 'Realloc')
      .filter(({ size = 0 }) => size > 50_000 && size < 80_000)
      .map(({ address }) => address)
    expect(addresses.length).toBeGreaterThanOrEqual(2)
    const twice = ofKind(recording.events, 'LibraryMalloc', 'LibraryCalloc', 'LibraryRealloc').filter(
      ({ size = 0 }) => size > 54_000 && size < 70_000,
    )
    expect(twice).toStrictEqual([])
  })

  test('[R46] memory maps are events, and the libraries that are loaded are found', async () => {
    const recording = await record(`${LIBRARY}
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]; libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]; libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
import reheap_recorder
a = libc.mmap(None, 77 * 4096, 3, 34, -1, 0); libc.memset(a, 1, 40 * 4096)
reheap_recorder.observe()
libc.madvise(a, 4096, 4); b = libc.mremap(a, 77 * 4096, 99 * 4096, 1); libc.munmap(b, 99 * 4096)
reheap_recorder.observe()
print(a, b)`)
    agreed(recording)
    const [a, b] = recording.stdout.trim().split(' ').map(Number)
    const own = recording.events.find(({ kind, size }) => kind === 'MapMemory' && size === 77 * 4096)
    expect(own).toMatchObject({ address: a })
    const after = recording.events.filter(({ kind, id }) => id === own?.id && /Memory$|Pages$/.test(kind))
    expect(after.map(({ kind, size, address }) => [kind, size, address])).toStrictEqual([
      ['MapMemory', 77 * 4096, a],
      ['CopyPages', 40 * 4096, 0],
      ['ReleasePages', 4096, 0],
      ['RemapMemory', 99 * 4096, b],
      ['UnmapMemory', 99 * 4096, 0],
    ])
    // Backing 1 is a file: the interpreter and its libraries.
    expect(ofKind(recording.events, 'MapMemory').filter(({ other }) => other === 1).length).toBeGreaterThan(3)
  })
})

describe.skipIf(lack !== '')(`sizes${lack}`, () => {
  test('[R47] are those that the system tells, without the recorder', async () => {
    const script = `
import reheap_recorder
def status():
    with open('/proc/self/status') as f: return [int(l.split()[1]) for l in f if l.startswith('VmRSS')][0]
kept = [bytes(1000) for _ in range(30000)]
before = status()
reheap_recorder.observe()
print(before)`
    const recording = await record(script)
    agreed(recording)
    const told = sizes(recording.events)
    expect(told.length).toBeGreaterThanOrEqual(3)
    const seen = Number(recording.stdout) * 1024
    // The kernel's running counter lags, and the chunk of the recorder's buffer that is being filled is in it.
    expect(Math.min(...told.map(({ rssBytes = 0 }) => Math.abs(rssBytes - seen)))).toBeLessThan(1.2 * MIB)
    expect(told.every((of) => of.rssBytes === (of.anonymousBytes ?? 0) + (of.fileBytes ?? 0) + (of.sharedBytes ?? 0))).toBe(true)
  })

  test('[R47] what recording adds to a process is less than half a MiB of its libraries', async () => {
    const script = `
kept = [bytes(1000) for _ in range(30000)]
try:
    import reheap_recorder; reheap_recorder.observe()
except ImportError: pass
with open('/proc/self/smaps_rollup') as f: print([int(l.split()[1]) for l in f if l.startswith('Rss')][0])`
    const recording = await record(script, { sampleEvery: 0 })
    agreed(recording)
    const alone = spawnSync(python?.command ?? '', ['-I', '-S', '-c', script], { encoding: 'utf8', env })
    const own = Number(alone.stdout) * 1024
    // The start, `initialized`, then the program's own.
    const added = (sizes(recording.events)[2]?.rssBytes ?? 0) - own
    expect(Math.abs(added)).toBeLessThan(MIB / 2)
  })

  test('[R47] a program that is not to be looked at in passing is looked at where it marks and observes', async () => {
    const script = 'import reheap_recorder\nkept = [bytes(700) for _ in range(9000)]\nreheap_recorder.observe()'
    const looks = async (sampleEvery: number): Promise<number> => {
      const recording = await record(script, { sampleEvery })
      agreed(recording)
      return sizes(recording.events).length
    }
    const seldom = await looks(0)
    // The start; `initialized`; the program's own; `finalizing` and its figures; `finalized`.
    expect(seldom).toBe(6)
    expect(await looks(1000)).toBeGreaterThan(20)
  })

  test('[R48] of large blocks are told by page, before they go too', async () => {
    const recording = await record(`${LIBRARY}
libc.malloc.argtypes = [ctypes.c_size_t]; libc.free.argtypes = [ctypes.c_void_p]; libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
a = libc.malloc(9999999); libc.memset(a, 1, 1000000); libc.free(a)
print(a % 4096)`)
    agreed(recording)
    const block = recording.events.find(({ kind, size }) => kind === 'LibraryMalloc' && size === 9_999_999)
    const touched = ofKind(recording.events, 'TouchBlock').filter(({ id }) => id === block?.id)
    const bytes = touched.reduce((sum, { size = 0 }) => sum + size, 0)
    expect(bytes).toBeGreaterThanOrEqual(1_000_000)
    expect(bytes).toBeLessThan(1_000_000 + 3 * 4096)
  })

  test('[R49] the log begins with the machine', async () => {
    const recording = await record('pass')
    agreed(recording)
    const [first] = recording.events
    expect(first).toMatchObject({ kind: 'HostOpened', index: 0, detail: { touches: 'recorded' } })
    expect(first?.size).toBeGreaterThan(64 * MIB)
  })
})

test.skipIf(process.platform !== 'linux')(
  '[R52] an interpreter with another C library is refused, and can be recorded without it',
  async () => {
    const answer = ['reheap', 'cpython', '3.11.7', '64', '', '/x', '']
    const command = fakePython(folder, 'with-musl', answer, 'Small block threshold = 512, in 32 size classes.')
    const { result } = await record('pass', { python: command })
    expect(result).toMatchObject({
      left: {
        kind: 'UnsupportedPython',
        message: `${command}: has no GNU C library, whose malloc is recorded with --native: leave that out`,
      },
    })
  },
)

describe.skipIf(lack !== '')(`whatever a process does${lack}`, () => {
  test.each(someOf(pythons))('[R44] [R47] $version: a program replays with every address and size', async ({ command }) => {
    const recording = await record('import json\nkept = [json.loads(json.dumps({str(n): [n] * 9})) for n in range(3000)]\ndel kept', {
      python: command,
    })
    expect(agreed(recording).findings).toStrictEqual([])
    // The order of the calls is the real one, from the first on: the simulated C library gives nearly every block the address that it had.
    const { exact, compared } = recording.report?.host?.addresses ?? { exact: 0, compared: 0 }
    expect(exact / compared).toBeGreaterThan(0.99)
  })

  test('[R50] threads that run without the lock', async () => {
    const recording = await record(`
import hashlib, threading, zlib
def work(n):
    for _ in range(30): zlib.compress(bytes(200000), 1); hashlib.sha256(bytes(300000)).digest()
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]`)
    expect(agreed(recording).exit.status).toBe(0)
  })

  test('[R53] heaps that the C library has for threads count as the one heap, and what they keep free as a mapping', async () => {
    const recording = await record(`
import os, reheap_recorder, threading
turn = threading.Barrier(4)
def work():
    kept = [bytes(1000 + n % 50) for n in range(5000)]
    turn.wait(); turn.wait()
threads = [threading.Thread(target=work) for _ in range(3)]
[t.start() for t in threads]
turn.wait(); reheap_recorder.mark('full'); reheap_recorder.observe()
with open('/proc/self/maps') as maps: print(sum(' ---p ' in l and 2 ** 25 < eval('0x%s - 0x%s' % tuple(l.split()[0].split('-')[::-1])) for l in maps), flush=True)
os._exit(0)`)
    agreed(recording)
    // Each thread had one.
    expect(Number(recording.stdout)).toBe(3)
    const seen = Math.max(...sizes(recording.events).map(({ heapBytes = 0 }) => heapBytes))
    expect(seen).toBeGreaterThan(15 * MIB)
    expect(recording.report?.host?.errors.find(({ of }) => of === 'hostMemory.rssBytes')?.maxShare).toBeLessThan(0.03)
  })

  test.each([
    ['os._exit', 'import os\nkept = [bytes(900) for _ in range(5000)]\nos._exit(3)', 3],
    ['kill -9', 'import os\nkept = [bytes(900) for _ in range(5000)]\nos.kill(os.getpid(), 9)', 137],
    ['fork', 'import os\npid = os.fork()\nkept = [bytes(900) for _ in range(5000)]\nif pid: os.waitpid(pid, 0)', 0],
  ])('[R50] %s', async (_, script, status) => {
    const recording = await record(script)
    expect(agreed(recording).exit.status).toBe(status)
    expect(recording.events.filter(({ kind, size }) => kind === 'Calloc' && size === 933).length).toBeGreaterThanOrEqual(4000)
  })

  test('[R51] the processes that it starts have logs of their own', async () => {
    const logs = new Map<string, { events: number; command: string }>()
    const script = `
import os, subprocess, sys
child = "import subprocess, sys; kept = [bytes(800) for _ in range(2000)]; sys.argv[1:] and subprocess.run([sys.executable, '-I', '-S', '-c', 'pass'])"
subprocess.run(['true'])
if os.fork() == 0: kept = [bytes(800) for _ in range(2000)]; os._exit(0)
subprocess.run([sys.executable, '-I', '-S', '-c', child], check=True)
subprocess.run([sys.executable, '-I', '-S', '-c', child, 'again'], check=True)`
    const recording = await record(script, {
      openChildSink: async (pid, header) => {
        const profile = profileOfRuntime(header.runtime)
        if (!isRight(profile)) throw new Error(profile.left)
        const verification = new Verification(profile.right)
        logs.set(String(pid), { events: 0, command: header.command })
        return right({
          append: (batch) => {
            verification.feed(batch)
            return right(undefined)
          },
          close: () => {
            const { events, mismatches } = verification.report()
            expect(mismatches).toBe(0)
            logs.set(String(pid), { events, command: header.command })
            return right(undefined)
          },
        })
      },
    })
    const { children = [], findings } = agreed(recording)
    expect(findings).toMatchObject([expect.stringMatching(/^1 forked process went on as the same program and has no log/)])
    expect(children.map(({ result }) => isRight(result) && result.right.isFinalized)).toStrictEqual([true, true, true])
    expect([...logs.values()].every(({ events, command }) => events > 10_000 && command.includes('-I -S -c'))).toBe(true)
  })
})
