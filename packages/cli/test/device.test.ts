import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
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

interface Explained {
  readonly refusal: { readonly index: number; readonly bytes: number; readonly number: number; readonly of: number }
  readonly message: string
  readonly stats: Readonly<Record<string, number>>
  readonly unused: readonly { readonly reason: string; readonly bytes: number }[]
  readonly owners: readonly { readonly bytes: number; readonly blocks: number }[]
  readonly remedies: {
    readonly capacityBytes: number
    readonly settings: readonly { readonly settings: string; readonly isRefused: boolean }[]
  }
}

describe('explain', () => {
  const isMessage = ({ of }: { readonly of?: string }): boolean => of === 'outOfMemoryMessage'

  test.each([1, 3])('[C65] refused request %i is told with the real text and figures, and what is live adds up', (number) => {
    const { oom } = json<{ oom: Explained }>(reheap(['explain', OOM, '--oom', String(number), '--json']))
    const events = eventsOf(OOM)
    const refused = [...events.keys()].filter((index) => {
      const event = events[index] as { readonly kind: string; readonly address?: number | null }
      return event.kind === 'DeviceMalloc' && event.address === null
    })
    const index = refused[number - 1] ?? -1
    expect(oom.refusal).toMatchObject({ index, number, of: refused.length })
    expect(oom.message).toBe(events.find((event, at) => at > index && isMessage(event))?.values?.text)
    const observed = events.find(({ of }, at) => at > index && of === 'deviceStats')?.values as Readonly<Record<string, number>>
    expect(oom.stats).toEqual(observed)
    const sum = (rows: readonly { readonly bytes: number }[]): number => rows.reduce((total, { bytes }) => total + bytes, 0)
    expect(sum(oom.owners)).toBe(observed.activeBytes)
    expect(sum(oom.unused)).toBe((observed.reservedBytes ?? 0) - (observed.activeBytes ?? 0))
    expect(oom.unused.some(({ reason }) => reason === 'tooSmall')).toBe(true)
  })

  test('[C66] people read what would have made it fit', () => {
    const { stdout } = reheap(['explain', OOM, '--oom', '--top', '3'])
    expect(stdout).toContain('what would have made it fit:')
    expect(stdout).toMatch(/\nexpandable_segments:True +yes/)
    expect(stdout).toMatch(/\nWith 24\.00 MiB more capacity, 2\.02 GiB in all, it fits/)
  })

  test('[C67] a segment is shown block by block, and an event with what it did', () => {
    const { segments } = json<{ devices: { segments: { address: number; bytes: number; blocks: { bytes: number }[] }[] }[] }>(
      reheap(['stats', OOM, '--json']),
    ).devices[0] as { segments: { address: number; bytes: number; blocks: { bytes: number }[] }[] }
    const segment = segments[0]
    const told = json<{ segment: typeof segment }>(reheap(['explain', OOM, '--segment', `0x${segment?.address.toString(16)}`, '--json']))
    expect(told.segment).toMatchObject({ address: segment?.address, bytes: segment?.bytes })
    expect(told.segment?.blocks.map(({ bytes }) => bytes)).toEqual(segment?.blocks.map(({ bytes }) => bytes))
    const at = eventsOf(OOM).findIndex(({ kind }) => kind === 'DeviceMalloc')
    const { event } = json<{ event: { facts: { kind: string }[]; stats: object } }>(reheap(['explain', OOM, '--at', String(at), '--json']))
    expect(event.facts.map(({ kind }) => kind)).toEqual(['SegmentAllocated', 'BlockAllocated'])
    expect(event.stats).toEqual(eventsOf(OOM).find(({ of }, index) => index > at && of === 'deviceStats')?.values)
  })

  test.each([
    [['explain', OOM], 'give --oom, --segment ADDRESS or --at INDEX'],
    [['explain', OOM, '--oom', '99'], 'holds 46 refused requests'],
    [['explain', TRAIN, '--oom'], 'no request was refused'],
    [['explain', OOM, '--segment', '0x10'], 'no segment holds it'],
    [['explain', OOM, '--at', '999999'], 'give the index of one'],
    [['explain', HELLO, '--oom'], 'looks at the memory of a GPU'],
  ])('[C68] %o is refused', (args, message) => {
    const { status, stdout, stderr } = reheap(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})

describe('snapshots', () => {
  test('[C69] a pickle is told by its content, packed or not, and what is missing in it is a warning', () => {
    // Protocol 2: an empty list, which is a bare list of segments.
    const pickle = Uint8Array.of(0x80, 2, 0x5d, 0x2e)
    for (const input of [pickle, gzipSync(pickle)]) {
      const verified = reheap(['verify', '-', '--json'], { input })
      expect(verified.status).toBe(0)
      expect(JSON.parse(verified.stdout)).toMatchObject({ mismatches: 0, profile: expect.stringMatching(/^pytorch-/) })
      expect(verified.stderr).toContain('reheap: warning: ')
    }
  })

  test('[C69] a pickle of another thing is refused with one line', () => {
    const { status, stdout, stderr } = reheap(['verify', '-'], { input: Uint8Array.of(0x80, 2, 0x7d, 0x2e) })
    expect([status, stdout, stderr.trimEnd().includes('\n')]).toEqual([2, '', false])
  })
})

interface TunedRow {
  readonly settings: string
  readonly reservedBytesPeak: number
  readonly allocatedBytesPeak: number
  readonly driverCalls: number
}

describe('tune', () => {
  const GRAPHS = deviceRecording('graphs-default')
  const tune = (...args: string[]) =>
    json<{ tried: TunedRow[]; frontier: TunedRow[]; recorded: TunedRow }>(reheap(['tune', GRAPHS, '--json', ...args]))

  test('[C72] each settings tried gives what the real allocator gave under it', () => {
    const { tried, recorded } = tune()
    for (const [settings, name] of [
      ['', 'graphs-default'],
      ['roundup_power2_divisions:4', 'graphs-rp4'],
    ] as const) {
      const { reserved_bytes: reserved, allocated_bytes: allocated, segment } = finalOf(deviceRecording(name))
      const row = tried.find((each) => each.settings === settings)
      expect([name, row?.reservedBytesPeak, row?.allocatedBytesPeak]).toEqual([name, reserved?.peak, allocated?.peak])
      expect([name, row?.driverCalls]).toEqual([name, (segment?.allocated ?? 0) + (segment?.freed ?? 0)])
    }
    expect(recorded).toMatchObject({ ...tried[0], settings: null })
  })

  test('[C72] threads do not change what is found, and the best is printed to be pasted', () => {
    const { frontier } = tune('--threads', '1')
    expect(tune('--threads', '2').frontier).toEqual(frontier)
    const { stdout } = reheap(['tune', GRAPHS])
    expect(stdout).toContain(frontier[0]?.settings === '' ? 'The default settings' : `export PYTORCH_ALLOC_CONF=${frontier[0]?.settings}\n`)
  })

  test('[C72] --most and --capacity are kept to', () => {
    const { tried } = tune('--most', '5', '--capacity', '64GiB')
    expect(tried.length).toBe(5)
    expect(reheap(['tune', GRAPHS, '--capacity', 'much'])).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('leaks of a device', () => {
  const lines = [
    '{"reheap":1,"runtime":{"name":"pytorch","version":"2.11.0"},"driver":{"kind":"firstFit","granularityBytes":2097152,"mallocBase":139637976727552,"reserveBase":105553116266496}}',
    '{"kind":"DeviceOpened","device":0,"capacityBytes":1073741824,"contextBytes":0}',
    '{"kind":"Stack","stack":0,"frames":[{"file":"/x/torch/nn/linear.py","line":10,"function":"forward"},{"file":"train.py","line":5,"function":"step"}]}',
    '{"kind":"Stack","stack":1,"frames":[{"file":"train.py","line":9,"function":"log"}]}',
    ...[0, 1, 2].flatMap((step) => [
      '{"kind":"Mark","label":"step"}',
      `{"kind":"DeviceMalloc","block":${2 * step},"device":0,"stream":0,"bytes":3000000,"stack":0}`,
      `{"kind":"DeviceMalloc","block":${2 * step + 1},"device":0,"stream":0,"bytes":1000,"stack":1}`,
      `{"kind":"DeviceFree","block":${2 * step}}`,
    ]),
  ]
  const input = `${lines.join('\n')}\n`

  test("[C73] what is live is told by the program's own frame and by the iteration that left it", () => {
    const { devices, iterationLabel } = json<{
      iterationLabel: string
      devices: {
        owners: { owner: string; blocks: number; bytes: number }[]
        iterations: { from: number; blocks: number; bytes: number }[]
      }[]
    }>(reheap(['leaks', '-', '--json'], { input }))
    expect(iterationLabel).toBe('step')
    expect(devices[0]?.owners).toMatchObject([{ owner: 'train.py:9 log', blocks: 3, bytes: 3 * 1024 }])
    expect(devices[0]?.iterations.map(({ from, blocks, bytes }) => [from, blocks, bytes])).toEqual([
      [3, 1, 1024],
      [7, 1, 1024],
      [11, 1, 1024],
    ])
    expect(reheap(['leaks', '-'], { input }).stdout).toContain('2 of 2 iterations by the mark "step" left blocks behind, 2.00 KiB in all:')
    const during = json<{ devices: { owners: { owner: string }[] }[] }>(reheap(['leaks', '-', '--at', '6', '--json'], { input }))
    expect(during.devices[0]?.owners.map(({ owner }) => owner)).toEqual(['train.py:5 step', 'train.py:9 log'])
  })

  test('[C73] a label that no mark has is refused with those that there are', () => {
    const { status, stderr } = reheap(['leaks', '-', '--iterations', 'epoch'], { input })
    expect([status, stderr]).toEqual([2, expect.stringContaining('marks are step')])
  })
})

describe('export of a snapshot', () => {
  test('[C74] the snapshot verifies and ends in the figures of the log', () => {
    const snapshot = place.at('train.pickle')
    expect(reheap(['export', TRAIN, '-o', snapshot]).status).toBe(0)
    const verified = reheap(['verify', snapshot, '--json'])
    expect(verified.status).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({ mismatches: 0 })
    const { final } = (JSON.parse(reheap(['replay', snapshot, '--json']).stdout) as { devices: Device[] }).devices[0] as Device
    const { allocatedBytes, reservedBytes, activeBytes, segments } = lastStats(TRAIN)
    expect(final).toMatchObject({ allocatedBytes, reservedBytes, activeBytes, segments })
  })

  test('[C74] a log of a host is refused and leaves no file', () => {
    const target = place.at('host.pickle')
    expect(reheap(['export', HELLO, '-o', target])).toMatchObject({ status: 2, stdout: '' })
    expect(existsSync(target)).toBe(false)
  })
})

describe('what was there before a log begins', () => {
  const lines = [
    '{"reheap":1,"runtime":{"name":"pytorch","version":"2.11.0"}}',
    '{"kind":"DeviceOpened","device":0,"capacityBytes":1073741824,"contextBytes":0}',
    '{"kind":"RestoreSegment","stream":0,"address":4294967296,"bytes":62914560,"type":"large","isExpandable":false}',
    '{"kind":"RestoreBlock","block":7,"bytes":3145728,"requestedBytes":3145728,"state":"active_allocated"}',
    '{"kind":"RestoreBlock","block":null,"bytes":59768832,"requestedBytes":0,"state":"inactive"}',
  ]
  const input = `${lines.join('\n')}\n`

  test('[C75] it stands as it was, and is asked for anew with --rebuild', () => {
    const vary = ['whatif', '-', '--vary', 'settings=expandable_segments:True']
    const reserved = (...args: string[]): number[] =>
      json<{ rows: Row[] }>(reheap([...vary, '--json', ...args], { input })).rows.map(({ devices }) => devices[0]?.reservedBytesPeak ?? 0)
    expect([reserved(), reserved('--rebuild')]).toEqual([
      [60, 60].map((mebibytes) => mebibytes * 2 ** 20),
      [20, 20].map((mebibytes) => mebibytes * 2 ** 20),
    ])
    expect(reheap(vary, { input }).stdout).toContain('60.00 MiB in segments were there before the log begins')
    expect(reheap(['tune', '-', '--rebuild'], { input }).stdout).toContain('was asked for anew')
  })
})

describe('diff', () => {
  const [a, b] = [deviceRecording('graphs-default'), deviceRecording('graphs-rp4')]

  test('[C76] two logs are compared by the figures of the real allocator and by who holds what', () => {
    const compared = json<{
      before: { devices: Outcome[] }
      after: { devices: Outcome[] }
      owners: { change: number; before: { bytes: number }; after: { bytes: number } }[]
    }>(reheap(['diff', a, b, '--json']))
    expect([compared.before, compared.after].map(({ devices }) => devices[0]?.reservedBytesPeak)).toEqual(
      [a, b].map((path) => finalOf(path).reserved_bytes?.peak),
    )
    const change = compared.owners.reduce((sum, owner) => sum + owner.change, 0)
    expect(change).toBe((finalOf(b).active_bytes?.current ?? 0) - (finalOf(a).active_bytes?.current ?? 0))
    expect(reheap(['diff', a, b]).stdout).toMatch(/\nreserved: peak +\S+ \S+ +\S+ \S+ +\+/)
  })

  test('[C76] a log and itself are the same; a log of a host is refused', () => {
    expect(reheap(['diff', a, a]).stdout).toContain('The same is live at the end')
    expect(reheap(['diff', a, HELLO])).toMatchObject({ status: 2, stdout: '' })
  })
})
