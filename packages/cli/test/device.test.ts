import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { HELLO, json, reheap, spoil, workplace } from './command.ts'
import { deviceRecording, eventsOf, finalOf, lastStats, OOM, TRAIN } from './device.ts'

const place = workplace()
afterAll(place.remove)

const EDGES = deviceRecording('edges-exp')

describe('verify of a device', () => {
  test('[C60] a recording of the real allocator has no mismatch', () => {
    const verified = reheap(['verify', OOM])
    expect(verified.status).toBe(0)
    expect(verified.stdout).toMatch(
      /10,403 events of pytorch 2\.11\.0, replayed as pytorch-2\.11\n[\d,]+ observations compared: all as recorded\n$/,
    )
  })

  test('[C60] the stored form verifies alike', () => {
    const stored = place.at('oom.arrows')
    expect(reheap(['import', OOM, '-o', stored]).status).toBe(0)
    expect(json(reheap(['verify', stored, '--json']))).toMatchObject({ mismatches: 0, unanswered: 0, profile: 'pytorch-2.11' })
  })

  test('[C60] one spoiled value is exactly one mismatch, and exit 1', () => {
    const log = place.at('spoiled.jsonl')
    const index = spoil(
      OOM,
      log,
      (line) => line.includes('outOfMemoryMessage'),
      (line) => line.replace('Tried to allocate', 'Tried to get'),
    )
    const verified = reheap(['verify', log, '--json'])
    expect(verified.status).toBe(1)
    expect(json(verified)).toMatchObject({ mismatches: 1, first: [{ index, of: 'outOfMemoryMessage.text' }] })
    expect(reheap(['verify', log]).stdout).toContain('1 differs')
  })
})

interface Device {
  readonly device: number
  readonly memoryStats: Readonly<Record<string, number>>
  readonly segments: readonly { readonly bytes: number; readonly blocks: readonly { readonly bytes: number; readonly state: string }[] }[]
  readonly final: Readonly<Record<string, number>>
  readonly peaks: Readonly<Record<string, { readonly value: number; readonly index: number }>>
}

describe('stats, replay and timeline of a device', () => {
  test('[C61] the figures are those that the real allocator answered, under their own names', () => {
    const { devices } = json<{ devices: Device[] }>(reheap(['stats', OOM, '--json']))
    const [{ memoryStats: stats = {}, segments = [] } = {} as Device] = devices
    for (const [statistic, figures] of Object.entries(finalOf(OOM))) {
      for (const [metric, value] of Object.entries(figures))
        expect([statistic, stats[`${statistic}.all.${metric}`]]).toEqual([statistic, value])
    }
    expect(stats.num_ooms).toBe(lastStats(OOM).ooms)
    const reserved = segments.reduce((sum, { bytes }) => sum + bytes, 0)
    expect([segments.length, reserved]).toEqual([lastStats(OOM).segments, lastStats(OOM).reservedBytes])
    const { stdout } = reheap(['stats', OOM, '--pins', '2'])
    expect(stdout).toContain('reserved_bytes.large_pool')
    expect(stdout).toMatch(/\n\s+segment +kind .*\n.*\n.*\n\.\.\. and \d+ more segments\n$/)
  })

  test('[C61] figures at one moment are those of the last observation before it', () => {
    const until = 5000
    const { devices } = json<{ devices: Device[] }>(reheap(['replay', OOM, '--until', String(until), '--json']))
    expect(devices[0]?.final).toEqual(lastStats(OOM, until))
  })

  test('[C62] peaks are those of the real allocator, and a timeline keeps them', () => {
    const replayed = json<{ devices: Device[] }>(reheap(['replay', TRAIN, '--peaks', '--json'])).devices[0]
    const drawn = json<{ devices: Device[] }>(reheap(['timeline', TRAIN, '--json'])).devices[0]
    for (const [layer, statistic] of [
      ['requestedBytes', 'requested_bytes'],
      ['allocatedBytes', 'allocated_bytes'],
      ['activeBytes', 'active_bytes'],
      ['reservedBytes', 'reserved_bytes'],
    ] as const) {
      expect([layer, replayed?.peaks[layer]?.value]).toEqual([layer, finalOf(TRAIN)[statistic]?.peak])
      expect(drawn?.peaks[layer]).toEqual(replayed?.peaks[layer])
    }
  })

  test('[C62] a timeline is plotted, and written as CSV and SVG', () => {
    const [csv, svg] = [place.at('train.csv'), place.at('train.svg')]
    const { stdout, status } = reheap(['timeline', TRAIN, '--height', '6', '--width', '60', '--csv', csv, '--svg', svg])
    expect(status).toBe(0)
    expect(stdout).toContain('reserved, free')
    const [titles, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\n')
    expect(titles).toMatch(/^device,from,to,requestedBytesMax,.*,reservedBytesLast$/)
    const place0 = titles?.split(',').indexOf('reservedBytesMax') ?? -1
    expect(Math.max(...lines.map((line) => Number(line.split(',')[place0])))).toBe(finalOf(TRAIN).reserved_bytes?.peak)
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg [\s\S]*reserved, free[\s\S]*<\/svg>\n$/)
  })

  test('[C62] a device that the log does not hold is refused', () => {
    expect(reheap(['timeline', TRAIN, '--device', '3'])).toMatchObject({ status: 2, stdout: '' })
  })

  test('[C61] facts are written with the index of their event, as many as were recorded', () => {
    const { stdout } = reheap(['replay', OOM, '--facts', '-'])
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string })
    expect(told.length).toBe(eventsOf(OOM).filter(({ of }) => of === 'deviceFact').length)
  })
})

interface Outcome {
  readonly reservedBytesPeak: number
  readonly allocatedBytesPeak: number
  readonly ooms: number
  readonly firstOom: number | null
}
interface Row {
  readonly name: string
  readonly settings: string | null
  readonly capacityBytes: number | null
  readonly devices: readonly Outcome[]
}
const whatif = (log: string, ...vary: string[]): Row[] =>
  json<{ rows: Row[] }>(reheap(['whatif', log, ...vary.flatMap((each) => ['--vary', each]), '--json'])).rows

describe('what-ifs of a device', () => {
  test('[C63] under other settings the figures are those of the real allocator under them', () => {
    const rows = whatif(
      EDGES,
      'settings="max_split_size_mb:40,max_non_split_rounding_mb:64",roundup_power2_divisions:[1:8,16:4,64:2,256:1,>:0]',
    )
    expect(rows.map(({ settings }) => settings)).toEqual([
      null,
      'max_split_size_mb:40,max_non_split_rounding_mb:64',
      'roundup_power2_divisions:[1:8,16:4,64:2,256:1,>:0]',
    ])
    for (const [row, name] of rows.map((each, at) => [each, ['edges-exp', 'edges-mss40r', 'edges-rplist'][at] ?? ''] as const)) {
      const { reserved_bytes: reserved, allocated_bytes: allocated } = finalOf(deviceRecording(name))
      expect([name, row.devices[0]?.reservedBytesPeak, row.devices[0]?.allocatedBytesPeak]).toEqual([name, reserved?.peak, allocated?.peak])
    }
  })

  test('[C63] out of memory is told with its first event, and does not happen with more memory', () => {
    const [recorded, more] = whatif(OOM, 'capacity=64GiB')
    const first = eventsOf(OOM).findIndex((line) => line.kind === 'DeviceMalloc' && (line as { address?: unknown }).address === null)
    expect(recorded?.devices[0]).toMatchObject({ ooms: lastStats(OOM).ooms, firstOom: first })
    expect(more).toMatchObject({ capacityBytes: 64 * 2 ** 30, devices: [{ ooms: 0, firstOom: null }] })
    expect(reheap(['whatif', OOM, '--vary', 'capacity=64GiB']).stdout).toMatch(/46 times, first at event 1,936\n64.00 GiB .* no\n/)
  })

  test('[C64] several --vary make every combination', () => {
    const rows = whatif(OOM, 'settings=max_split_size_mb:128,expandable_segments:True', 'capacity=2GiB,3GiB', 'profile=pytorch-2.4')
    expect(rows.map(({ name }) => name)).toEqual([
      'pytorch-2.11, as recorded',
      'pytorch-2.4 max_split_size_mb:128 2.00 GiB',
      'pytorch-2.4 max_split_size_mb:128 3.00 GiB',
      'pytorch-2.4 expandable_segments:True 2.00 GiB',
      'pytorch-2.4 expandable_segments:True 3.00 GiB',
    ])
  })

  test.each([
    ['settings=max_split_size_mb:1', 'must be >= 20'],
    ['settings=nonsense:1', 'PyTorch refuses "nonsense:1"'],
    ['capacity=much', 'give it as in 24GiB'],
    ['profile=cpython-3.9', 'known are pytorch-2.4'],
    ['gc.threshold0=1', 'known are settings, capacity, profile'],
  ])('[C64] %s is refused', (vary, message) => {
    const { status, stdout, stderr } = reheap(['whatif', OOM, '--vary', vary])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  test('[C64] a host log does not know the settings of a device', () => {
    expect(reheap(['whatif', HELLO, '--vary', 'capacity=1GiB'])).toMatchObject({ status: 2, stdout: '' })
  })
})
