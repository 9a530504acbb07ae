import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { SegmentView } from '@reheap/device-memory'
import { describe, expect, test } from 'vitest'
import { deviceProgram, type ProgramOptions } from './device-program.ts'
import { type Plain, pickled, unpickled } from './pickle.ts'
import { replaySnapshot } from './snapshot-replay.ts'
import { exported, MIB, told } from './snapshots.ts'

/** Logs of the simulated allocator, told as snapshots and read again. */

const PROGRAMS: readonly (readonly [string, Omit<ProgramOptions, 'seed' | 'requests'>])[] = [
  ['one stream', {}],
  ['three streams', { streams: 3 }],
  ['blocks that wait for other streams', { streams: 3, recordStream: 6 }],
  ['two devices', { devices: 2, streams: 2 }],
  ['two devices whose cache is emptied', { version: '2.12', devices: 2, emptyCache: 4 }],
  ['expandable segments', { settings: 'expandable_segments:True' }],
  ['expandable segments and waiting', { settings: 'expandable_segments:True', streams: 2, recordStream: 5, emptyCache: 3 }],
  ['expandable segments without memory', { settings: 'expandable_segments:True', capacityBytes: 100 * MIB }],
  ['a split size and garbage collection', { settings: 'max_split_size_mb:21,garbage_collection_threshold:0.6', capacityBytes: 200 * MIB }],
  ['too little memory', { capacityBytes: 120 * MIB, streams: 2 }],
  ['divisions', { settings: 'roundup_power2_divisions:4' }],
  ['an old version without times', { version: '2.4', timeless: true }],
  ['no stacks', { stackless: true, emptyCache: 4 }],
  ['no stacks and too little memory', { stackless: true, capacityBytes: 120 * MIB }],
]

/** What two states must have in common: ids are given anew, and what an inactive block was asked for is out of date. */
const shape = (segments: readonly SegmentView[]): unknown =>
  segments.map((segment) => ({
    ...segment,
    blocks: segment.blocks.map(({ address, bytes, state, requestedBytes }) => ({
      address,
      bytes,
      state,
      requestedBytes: state === 'inactive' ? 0 : requestedBytes,
    })),
  }))

describe('snapshots of the simulated allocator', () => {
  test.each(PROGRAMS)('[T42] %s: the log of a whole trace replays without a mismatch, to the same blocks', async (_what, options) => {
    for (let seed = 1; seed <= 4; seed++) {
      const { header, rows, segments } = deviceProgram({ seed, requests: 300, ...options })
      const replay = await replaySnapshot(await exported(header, [rows]))
      expect(replay.mismatches).toEqual([])
      expect(replay.allocations).toBeGreaterThan(50)
      expect(shape(replay.segments)).toEqual(shape(segments))
    }
  })

  test('[T42] of a trace whose beginning is overwritten it does so too, but where nothing shows how large a block was', async () => {
    let wrong = 0
    let all = 0
    for (const [, options] of PROGRAMS)
      for (let seed = 1; seed <= 4; seed++) {
        const { header, rows, segments } = deviceProgram({ seed: seed * 31, requests: 300, ...options })
        const whole = unpickled(await exported(header, [rows])) as unknown as { readonly device_traces: readonly Plain[][] }
        for (const overwritten of [1, 2, 50, 211]) {
          const rest = { ...whole, device_traces: whole.device_traces.map((trace) => trace.slice(overwritten)) }
          const replay = await replaySnapshot(pickled(rest as never))
          all += 1
          if (replay.mismatches.length > 0 || JSON.stringify(shape(replay.segments)) !== JSON.stringify(shape(segments))) wrong += 1
        }
      }
    expect(wrong / all).toBeLessThan(0.01)
  })

  test.each(PROGRAMS)('[T53] %s: what is exported and read again is the same log', async (_what, options) => {
    for (let seed = 1; seed <= 4; seed++) {
      const { header, rows } = deviceProgram({ seed: seed * 7, requests: 200, ...options })
      const once = await told(await exported(header, [rows]))
      const twice = await told(await exported(once.header, once.batches))
      expect(twice.text).toBe(once.text)
      expect(twice.header).toEqual(once.header)
    }
  })

  test('[T42] one wrong address, size or state is found', async () => {
    const { header, rows } = deviceProgram({ seed: 3, requests: 300 })
    const whole = unpickled(await exported(header, [rows])) as unknown as { device_traces: { action: string; size: number }[][] }
    const trace = whole.device_traces[0] ?? []
    const place = trace.findLastIndex(({ action }) => action === 'segment_alloc')
    const spoiled = trace.map((entry, at) => (at === place ? { ...entry, size: entry.size + 2 * MIB } : entry))
    await expect(replaySnapshot(pickled({ ...whole, device_traces: [spoiled] } as never))).rejects.toThrow('contradicts itself')
    const alloc = trace.findIndex(({ action }) => action === 'alloc')
    const smaller = trace.map((entry, at) => (at === alloc ? { ...entry, size: 600 * 1024 * 1024 } : entry))
    expect((await replaySnapshot(pickled({ ...whole, device_traces: [smaller] } as never))).mismatches.length).toBeGreaterThan(0)
  })
})

/** A folder of real snapshots beside this checkout or above it; null: there is none. */
function realFolder(): string | null {
  for (let folder = dirname(fileURLToPath(import.meta.url)); dirname(folder) !== folder; folder = dirname(folder)) {
    const candidate = join(folder, 'shared/oracles/snapshots')
    if (existsSync(candidate)) return candidate
  }
  return null
}

const folder = realFolder()
const real = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith('.pickle.gz'))
for (const name of real) {
  test(`[T56] ${name}, of a real GPU: every entry is as simulated, and the blocks at its end`, async () => {
    const bytes = readFileSync(join(folder as string, name))
    const replay = await replaySnapshot(bytes)
    expect(replay.mismatches).toEqual([])
    const { events } = await told(bytes)
    const seen = events.flatMap((event) => (event.kind === 'Observe' && event.of === 'deviceSegment' ? [event.values] : []))
    const simulated = replay.segments.map(({ address, bytes: size, blocks }) => [
      address,
      size,
      blocks.map((one) => [one.address, one.bytes, one.state]),
    ])
    expect(simulated).toEqual(
      seen.map((values) => [
        values.address,
        values.bytes,
        (values.blocks as { address: number; bytes: number; state: string }[]).map((one) => [one.address, one.bytes, one.state]),
      ]),
    )
  })

  test(`[T53] ${name}, of a real GPU: what is exported and read again is the same log`, async () => {
    const once = await told(readFileSync(join(folder as string, name)))
    const twice = await told(await exported(once.header, once.batches))
    expect(twice.text).toBe(once.text)
  })

  test(`[T41] ${name}, of a real GPU: the stacks are those of a plain unpickler`, async () => {
    const bytes = gunzipSync(readFileSync(join(folder as string, name)))
    const tree = unpickled(bytes) as unknown as {
      device_traces: { action: string; frames?: { filename: string; line: number; name: string }[] }[][]
    }
    const { events } = await told(bytes)
    const stacks = new Map(events.flatMap((event) => (event.kind === 'Stack' ? [[event.stack, event.frames] as const] : [])))
    const mine = events.flatMap((event) =>
      event.kind === 'DeviceMalloc' ? [event.stack === undefined ? [] : stacks.get(event.stack)] : [],
    )
    const theirs = tree.device_traces.flat().filter(({ action }) => action === 'alloc')
    expect(mine).toEqual(
      theirs.map(({ frames = [] }) =>
        frames.map((one) => ({ file: one.filename, line: one.line > 2 ** 32 || one.line < 0 ? 0 : one.line, function: one.name })),
      ),
    )
  })
}
