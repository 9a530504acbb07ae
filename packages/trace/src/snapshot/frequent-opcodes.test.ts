import { describe, expect, test } from 'vitest'
import { pickled } from '../../test/pickle.ts'
import { entry, refusalOf, told } from '../../test/snapshots.ts'

const frame = (line: number): { filename: string; line: number; name: string } => ({ filename: 'a.py', line, name: `f${line}` })
/** So many that most of them are memo entries beyond 255. */
const FRAMES = Array.from({ length: 300 }, (_, line) => frame(line))
const stack = (from: number, depth: number): ReturnType<typeof frame>[] => FRAMES.slice(from, from + depth)

const uint32 = (value: number): number[] => [...new Uint8Array(Uint32Array.of(value).buffer)]
const text = (letters: string): number[] => [0x8c, letters.length, ...Buffer.from(letters)]
const LONG_BINGET = 0x6a
const LONG_BINPUT = 0x72

/** An entry of a trace, with a list of frames in opcodes. */
const entryOps = (action: string, frames: readonly number[]): number[] => [
  ...[0x7d, 0x28, ...text('action'), ...text(action), ...text('addr'), 0x4b, 16, ...text('size'), 0x4b, 16, ...text('frames')],
  ...frames,
  0x75,
]
/** What follows the entries of the trace: so many bytes that the last entry is not done opcode by opcode. */
const END = [0x65, 0x61, ...text('external_annotations'), 0x5d, 0x75, 0x2e]
/** A snapshot with one trace, in opcodes. */
const snapshotOps = (entries: readonly number[]): Uint8Array =>
  Uint8Array.from([0x80, 4, 0x7d, 0x28, ...text('segments'), 0x5d, ...text('device_traces'), 0x5d, 0x5d, 0x28, ...entries, ...END])
const frameOps = (line: number): number[] => [
  ...[0x7d, 0x28, ...text('filename'), ...text('a.py'), ...text('line'), 0x4b, line, ...text('name'), ...text(`f${line}`), 0x75],
]
const run = (...entries: readonly number[]): number[] => [0x5d, 0x28, ...entries.flatMap((index) => [LONG_BINGET, ...uint32(index)]), 0x65]

const stacksIn = (events: readonly { readonly kind: string }[]): unknown[] =>
  events.flatMap((event) =>
    event.kind === 'Stack' ? [(event as unknown as { frames: { line: number }[] }).frames.map(({ line }) => line)] : [],
  )

describe('stacks by the memo', () => {
  test.each([2, 4, 5] as const)(
    '[T35] in protocol %d stacks that come again are the same stacks, in chunks of any size',
    async (protocol) => {
      const traced = [stack(0, 300), stack(200, 30), stack(200, 3), stack(200, 30), stack(201, 30), stack(0, 300), stack(200, 3)]
      const file = pickled({ segments: [], device_traces: [traced.map((frames) => entry('oom', 16, 16, { frames }))] }, protocol)
      const { events } = await told(file)
      expect(stacksIn(events)).toEqual([traced[0], traced[1], traced[2], traced[4]].map((frames) => frames?.map(({ line }) => line)))
      const oom = events.flatMap((event) => (event.kind === 'DeviceMalloc' ? [event.stack] : []))
      expect(oom).toEqual([0, 1, 2, 1, 3, 0, 2])
      for (const chunkBytes of [1, 3, 64, 1000]) expect((await told(file, chunkBytes)).events).toEqual(events)
    },
  )

  test('[T35] a memo entry that is put again names another frame in a run that was seen before', async () => {
    const first = [0x5d, 0x28, ...[1, 2, 3, 4].flatMap((line) => [...frameOps(line), 0x94]), 0x65]
    const again = [0x5d, ...frameOps(9), LONG_BINPUT, ...uint32(2), 0x61]
    const entries = [first, run(0, 1, 2, 3), run(0, 1, 2, 3), again, run(0, 1, 2, 3)].flatMap((frames) => entryOps('oom', frames))
    const { events } = await told(snapshotOps(entries))
    expect(stacksIn(events)).toEqual([[1, 2, 3, 4], [9], [1, 2, 9, 4]])
  })

  test('[T35] a run of texts that comes again is no stack', async () => {
    const lists = ['b', 'c'].flatMap((key) => [...text(key), ...run(0, 0, 0, 0)])
    const file = [0x80, 4, 0x7d, 0x28, ...text('segments'), 0x5d, ...text('a'), 0x94, 0x4e, ...lists, 0x75, 0x2e]
    expect(await refusalOf(Uint8Array.from(file))).toBe('accepted')
  })
})

describe('what is refused in a run of memo entries', () => {
  const first = [0x5d, 0x28, ...frameOps(1), 0x94, ...frameOps(2), 0x94, 0x65]

  test('[T37] an entry that is not there is refused at the byte of its opcode', async () => {
    const file = snapshotOps([...entryOps('oom', first), ...entryOps('oom', run(0, 1, 0, 77, 1))])
    const at = Buffer.from(file).indexOf(Buffer.from([LONG_BINGET, 77, 0, 0, 0]))
    for (const chunkBytes of [1, 100, 65_536]) expect(await refusalOf(file, chunkBytes)).toContain(`byte ${at}: memo entry 77 of 2`)
  })

  test('[T37] a list before the innermost MARK is not filled, whether the run is known or not', async () => {
    const known = entryOps('oom', run(0, 1, 0, 1))
    const marked = [0x5d, 0x28, ...run(0, 1, 0, 1).slice(1)]
    for (const before of [[], known]) {
      const file = snapshotOps([...entryOps('oom', first), ...before, ...entryOps('oom', marked)])
      const at = file.length - END.length - 2
      expect(await refusalOf(file)).toContain(`byte ${at}: fewer values than the opcode takes`)
    }
  })

  test('[T39] a text in a run of frames is refused', async () => {
    const file = snapshotOps([...entryOps('oom', first), ...text('no frame'), 0x94, ...entryOps('oom', run(0, 1, 2, 0))])
    expect(await refusalOf(file)).toContain('expected a list of frames, got one with a text that is none')
  })
})

describe('numbers', () => {
  test.each([
    [5, 2 ** 39 - 1],
    [6, -(2 ** 41)],
    [7, 2 ** 53 - 1],
    [8, -(2 ** 53) + 1],
  ])('[T39] a number of %d bytes is read to its last bit', async (_bytes, value) => {
    const file = pickled({ segments: [], device_traces: [[entry('oom', 16, value), entry('oom', 16, 16, { frames: FRAMES })]] })
    if (value > 0) expect((await told(file)).text).toContain(`"bytes":${value}`)
    else expect(await refusalOf(file)).toContain(`as the size of a trace entry, got ${value}`)
  })
})
