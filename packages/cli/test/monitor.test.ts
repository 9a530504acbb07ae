import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { CLI, HELLO, json, reheap, SESSIONS, start, workplace } from './command.ts'
import { OOM } from './device.ts'

const place = workplace()
afterAll(place.remove)

interface Document {
  readonly log?: string
  readonly pid?: number
  readonly readings: readonly {
    readonly event: number | null
    readonly system: { readonly total: number } | null
    readonly processes: readonly { readonly rss: number; readonly peak: number }[]
    readonly layers: readonly { readonly name: string; readonly bytes: number }[]
    readonly devices: readonly { readonly reserved: number; readonly allocated: number }[]
  }[]
}

const document = (args: readonly string[]): Document => JSON.parse(reheap([...args, '--json']).stdout) as Document
const isLinux = process.platform === 'linux'
const hasScript = isLinux && spawnSync('script', ['--version']).status === 0

/** Runs a command line in a real terminal of 90 x 24, types the keys one after another, and gives all that the terminal was sent. */
async function inTerminal(
  args: readonly string[],
  keys: readonly string[],
): Promise<{ readonly status: number | null; readonly sent: string }> {
  const line = `stty cols 90 rows 24; exec ${[process.execPath, CLI, ...args].join(' ')}`
  const child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...process.env, TERM: 'xterm' } })
  let sent = ''
  let typed = 0
  child.stdout.on('data', (chunk: Buffer) => {
    sent += chunk
    // The next key is pressed when the screen was drawn after the last one.
    const drawn = sent.split('\u001b[?2026h').length - 1
    if (drawn > typed && typed < keys.length) child.stdin.write(keys[typed++] ?? '')
  })
  const late = setTimeout(() => child.kill(), 30_000)
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(late)
  return { status, sent }
}

test('[C95] replay --monitor ends with the figures of replay, in one document', () => {
  const { log, readings } = document(['replay', HELLO, '--until', '19100', '--monitor', '--speed', 'max'])
  const final = json<{ final: Record<string, number> }>(reheap(['replay', HELLO, '--until', '19100', '--json'])).final
  const last = readings.at(-1)
  expect([log, last?.event]).toEqual([HELLO, 19_100])
  expect(last?.layers.map(({ bytes }) => bytes)).toEqual(
    ['requestedBytes', 'blockBytes', 'arenaBytes', 'cLibraryBytes', 'heldBytes'].map((measure) => final[measure]),
  )
})

test('[C95] replay --monitor of objects and of devices ends with their figures', () => {
  const objects = document(['replay', SESSIONS, '--monitor', '--speed', 'max']).readings.at(-1)
  expect(objects?.layers[0]).toEqual({
    name: 'objects: 360',
    bytes: json<{ objects: { bytes: number } }>(reheap(['replay', SESSIONS, '--json'])).objects.bytes,
  })
  const device = document(['replay', OOM, '--monitor', '--speed', 'max']).readings.at(-1)
  const { final } = json<{ devices: { final: Record<string, number> }[] }>(reheap(['replay', OOM, '--json'])).devices[0] ?? { final: {} }
  expect(device?.devices).toEqual([{ device: 0, total: 2 ** 31, reserved: final.reservedBytes, allocated: final.allocatedBytes }])
})

test('[C95] replay --monitor of a log with a host ends with the system and processes that replay gives', () => {
  const log = fileURLToPath(new URL('../scenarios/owners.jsonl', import.meta.url))
  const last = document(['replay', log, '--until', '16', '--monitor', '--speed', 'max']).readings.at(-1)
  const { host } = json<{ host: { system: Record<string, number>; processes: Record<string, number>[] } }>(
    reheap(['replay', log, '--until', '16', '--json']),
  )
  const { swapFree: _, ...system } = host.system
  expect(last?.system).toMatchObject(system)
  expect(last?.processes.map(({ rss, peak }) => [rss, peak])).toEqual(
    host.processes.map(({ rssBytes, peakBytes }) => [rssBytes, peakBytes]),
  )
  expect(host.processes.map(({ process }) => process)).toEqual([0, 1])
})

test('[C95] replay --monitor shows a GPU beside a host, as stats and replay have both', () => {
  const log = fileURLToPath(new URL('../scenarios/gpu.jsonl', import.meta.url))
  const last = document(['replay', log, '--until', '13', '--monitor', '--speed', 'max']).readings.at(-1)
  // 64 images of 1920 x 1080 x 3 bytes take a segment of 380 MiB, whose rest is too small to be split off (kSmallSize); then the same as float32.
  expect(last?.devices).toMatchObject([{ device: 0, total: 24 * 2 ** 30, allocated: 380 * 2 ** 20 + 64 * 6_220_800 * 4 }])
  expect(last?.processes[0]?.rss).toBeGreaterThan(64 * 6_220_800 * 4)
})

test('[C95] how a log is cut into looks does not change where it ends', () => {
  const at = (speed: string): unknown =>
    document(['replay', HELLO, '--monitor', '--until', '3000', '--speed', speed, '--interval', '0.02']).readings.at(-1)?.layers
  expect(at('1')).toEqual(at('max'))
})

test('[C95] a log takes as long as its speed says, however fast the machine is', () => {
  const begun = performance.now()
  const { readings } = document(['replay', HELLO, '--monitor', '--speed', '2', '--until', '20000', '--interval', '0.1'])
  // 20,000 events at twice 10,000 a second.
  expect(performance.now() - begun).toBeGreaterThan(1000)
  expect([readings[0]?.event, readings.at(-1)?.event]).toEqual([0, 20_000])
})

test('[C96] without a terminal each look is one plain line', () => {
  const { status, stdout } = reheap(['replay', HELLO, '--monitor', '--speed', 'max'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^event 28,895; .*held: arenas \+ C library 1\.00 MiB$/m)
  expect(stdout).not.toContain('\u001b')
})

test.skipIf(!isLinux)('[C93] monitor --pid shows a real process, and --count ends it (needs Linux)', () => {
  const { pid, readings } = document(['monitor', '--pid', String(process.pid), '--count', '2', '--interval', '0.05'])
  expect([pid, readings.length]).toEqual([process.pid, 2])
  const [reading] = readings
  // This very process tells its own resident size; it grows and shrinks between the two looks.
  const own = process.memoryUsage.rss()
  expect(reading?.processes[0]?.rss).toBeGreaterThan(own / 2)
  expect(reading?.processes[0]?.rss).toBeLessThan(own * 2)
  expect(reading?.system?.total).toBeGreaterThan(own)
})

test.skipIf(!isLinux)('[C96] monitor ends with its process, and a signal ends it in order (needs Linux)', async () => {
  const sleeper = spawn('sleep', ['60'])
  const first = start(['monitor', '--pid', String(sleeper.pid), '--interval', '0.05', '--json'])
  const second = start(['monitor', '--pid', String(process.pid), '--interval', '0.05', '--json'])
  await Promise.all([first, second].map(({ child }) => new Promise((resolve) => child.stdout?.once('data', resolve))))
  sleeper.kill()
  second.child.kill('SIGINT')
  for (const { ended } of [first, second]) {
    const { status, stdout, stderr } = await ended
    expect([status, stderr]).toEqual([0, ''])
    expect((JSON.parse(stdout) as Document).readings.length).toBeGreaterThan(0)
  }
})

test.skipIf(!hasScript)('[C94] on a terminal it is a screen; q ends it and gives the terminal back (needs script)', async () => {
  const { status, sent } = await inTerminal(['replay', HELLO, '--monitor', '--speed', '0.1', '--interval', '0.1'], [' ', '+', 'q'])
  expect(status).toBe(0)
  expect(sent.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true)
  expect(sent).toContain('speed 0.1, paused')
  expect(sent).toContain('speed 0.2, paused')
  const after = sent.slice(sent.lastIndexOf('\u001b[?25h\u001b[?1049l'))
  // What stays on the terminal is the last figures, without any more commands to it.
  expect(after.slice('\u001b[?25h\u001b[?1049l'.length)).not.toContain('\u001b')
  expect(after).toContain('held: arenas + C library')
})

test.skipIf(!hasScript)('[C94] Ctrl-C gives the terminal back too (needs script)', async () => {
  const { status, sent } = await inTerminal(['monitor', '--pid', String(process.pid), '--interval', '0.1'], ['\u0003'])
  expect(status).toBe(0)
  expect(sent).toContain('\u001b[?25h\u001b[?1049l')
  expect(sent).toContain('rss over time')
})

test.each([
  [['monitor'], "required option '--pid <number>' not specified"],
  [['monitor', '--pid', 'init'], "'init' is invalid"],
  [['monitor', '--pid', String(2 ** 30)], 'there is no such process'],
  [['monitor', '--pid', '1', '--interval', '0'], 'Give a number of seconds above 0'],
  [['replay', HELLO, '--monitor', '--speed', 'fast'], '--speed fast: give a number above 0'],
  [['replay', HELLO, '--monitor', '--peaks'], 'leave out --facts and --peaks'],
])('[C97] %j is refused in one line', (args, line) => {
  const { status, stdout, stderr } = reheap(args)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^reheap: [^\n]+\n$/)
  expect(stderr).toContain(line)
})
