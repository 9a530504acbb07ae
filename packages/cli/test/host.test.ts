import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOST_OPENED } from '../../../scripts/tests/host-opened.ts'
import { HELLO, json, linesOf, reheap, SESSIONS, workplace } from './command.ts'
import { OOM } from './device.ts'

const place = workplace()
afterAll(place.remove)

const MIB = 2 ** 20
const LINUX = ['--host', 'linux-x86_64']
const HEADER = '{"reheap":1,"runtime":{"name":"cpython","version":"3.11.7","pointerBits":64}}'

/** Writes a log. @returns its name */
function written(name: string, events: readonly object[]): string {
  writeFileSync(place.at(name), `${[HEADER, ...events.map((event) => JSON.stringify(event))].join('\n')}\n`)
  return place.at(name)
}

interface HostJson {
  readonly system: { readonly total: number; readonly used: number; readonly swapUsed: number }
  readonly processes: readonly {
    readonly state: string
    readonly rssBytes: number
    readonly peakBytes: number
    readonly heapBytes: number
    readonly ended: { readonly index: number; readonly rssBytes: number; readonly swapBytes: number } | null
  }[]
  readonly swap: { readonly swappedOutBytes: number; readonly nanoseconds: number }
}
interface TraceJson {
  readonly request: { readonly kind: string }
  readonly steps: readonly {
    readonly layer: string
    readonly name: string
    readonly facts: readonly { readonly kind: string }[]
    readonly place: readonly string[]
  }[]
  readonly pyramid: {
    readonly objectAllocator: { readonly arenas: number }
    readonly physicalMemory: { readonly residentBytes: number } | null
  }
}

/** Blocks of 100 MiB, so many, on a machine with 832 MiB free, 64 MiB of cache and 256 MiB of swap. */
const blocks = (count: number): string =>
  written(`blocks-${count}.jsonl`, [
    HOST_OPENED,
    ...Array.from({ length: count }, (_, block) => ({ kind: 'LibraryMalloc', block, bytes: 100 * MIB })),
  ])

describe('trace-request', () => {
  test('[C120] it gives, layer by layer, just the facts that the request causes, as replay --facts writes them', () => {
    expect(reheap(['replay', HELLO, ...LINUX, '--facts', place.at('facts.jsonl')]).status).toBe(0)
    const facts = linesOfText(reheap(['replay', HELLO, ...LINUX, '--facts', '-']).stdout)
    // An arena with its first pool, a block of the C library, a block of a pool, a free.
    const indexes = [
      facts.find(({ kind }) => kind === 'ArenaOpened'),
      facts.find(({ kind }) => kind === 'ChunkGiven'),
      facts.findLast(({ kind }) => kind === 'PoolOpened'),
      facts.findLast(({ kind }) => kind === 'BlockReturned'),
    ].map((fact) => fact?.index ?? -1)
    for (const index of indexes) {
      const { steps } = json<TraceJson>(reheap(['trace-request', HELLO, '--index', String(index), ...LINUX, '--json']))
      const told = steps.flatMap((step) => step.facts).map((fact) => JSON.stringify(fact))
      const written = facts.filter((fact) => fact.index === index).map(({ index: _, ...fact }) => JSON.stringify(fact))
      expect(told.toSorted()).toEqual(written.toSorted())
      expect(steps.map(({ layer }) => layer)).toEqual(['3', '2', '1', '0', '-1', '-2'])
    }
  })

  test('[C120] the block lies where the recording has it, in its pool, arena and area; the pyramid shows each layer then', () => {
    const lines = linesOf(HELLO)
      .slice(1)
      .map((line) => JSON.parse(line))
    const index = lines.findLastIndex(({ kind, domain, bytes }) => kind === 'Malloc' && domain === 'obj' && bytes < 512)
    const ran = reheap(['trace-request', HELLO, '--index', String(index), ...LINUX])
    const hex = `0x${lines[index].address.toString(16)}`
    const arena = `0x${lines.find(({ kind }) => kind === 'ArenaMapped').address.toString(16)}`
    expect(ran.stdout).toContain(`block ${lines[index].block.toLocaleString('en')} lies at ${hex}`)
    expect(ran.stdout).toContain(`arena ${arena} of 1.00 MiB`)
    expect(ran.stdout).toContain(`area ${arena} of 1.00 MiB, anonymous`)
    const { pyramid } = json<TraceJson>(reheap(['trace-request', HELLO, '--index', String(index), ...LINUX, '--json']))
    const until = json<{ host: HostJson }>(reheap(['replay', HELLO, '--until', String(index + 1), ...LINUX, '--json']))
    expect(pyramid.physicalMemory?.residentBytes).toBe(until.host.processes[0]?.rssBytes)
    expect(pyramid.objectAllocator.arenas).toBe(1)
  })

  test('[C120] a log without a host ends above the C library, and says how to go on', () => {
    const { stdout } = reheap(['trace-request', HELLO, '--index', '19'])
    expect(stdout).toContain('physical memory: not followed; give --host linux-x86_64')
    const ofObjects = reheap(['trace-request', SESSIONS, '--index', '9000', ...LINUX])
    expect(ofObjects.status).toBe(0)
    expect(ofObjects.stdout).toMatch(/objects: [\d,]+ objects/)
  })

  test('[C121] an event that asks for nothing says so; an index that is none, and a host that is none, are refused', () => {
    const lines = linesOf(HELLO).slice(1)
    const mark = lines.findIndex((line) => line.includes('"kind":"Mark"'))
    const silent = reheap(['trace-request', HELLO, '--index', String(mark)])
    expect(silent).toMatchObject({ status: 0, stderr: '' })
    expect(silent.stdout).toContain('no layer answered')
    const beyond = reheap(['trace-request', HELLO, '--index', '28895'])
    expect(beyond).toMatchObject({ status: 2, stdout: '' })
    expect(beyond.stderr).toBe(`reheap: --index 28895: ${HELLO} has 28,895 events; give a number below 28895\n`)
    expect(reheap(['trace-request', HELLO, '--index', '-1'])).toMatchObject({ status: 2, stdout: '' })
    expect(reheap(['trace-request', HELLO]).stderr).toMatch(/--index/)
    const unknown = reheap(['trace-request', HELLO, '--index', '1', '--host', 'vms'])
    expect(unknown.status).toBe(2)
    expect(unknown.stderr).toBe('reheap: --host vms: no host is called so; known are linux-x86_64\n')
  })
})

describe('a GPU beside the host', () => {
  test('[C120] a request of a GPU goes through block, segment and driver, as its real allocator told', () => {
    const lines = linesOf(OOM)
      .slice(1)
      .map((line) => JSON.parse(line))
    const index = lines.findIndex(({ kind }, at) => kind === 'DeviceMalloc' && lines[at + 1]?.values?.action === 'segment_alloc')
    const { steps } = json<TraceJson>(reheap(['trace-request', OOM, '--index', String(index), '--json']))
    expect(steps.map(({ name }) => name)).toEqual(['block', 'segment', 'driver'])
    const told = steps.flatMap(({ facts }) => facts).map(({ kind }) => kind)
    expect(told).toEqual(['BlockAllocated', 'SegmentAllocated'])
    expect(steps[0]?.facts[0]).toMatchObject({ block: lines[index].block, address: lines[index].address })
    expect(reheap(['trace-request', OOM, '--index', '999999'])).toMatchObject({ status: 2, stdout: '' })
  })

  const both = [
    HOST_OPENED,
    { kind: 'DeviceOpened', device: 0, capacityBytes: 1024 * MIB, contextBytes: 0 },
    { kind: 'Malloc', domain: 'obj', block: 1, bytes: 56 },
    { kind: 'LibraryMalloc', block: 2, bytes: 100 * MIB },
    { kind: 'DeviceMalloc', block: 3, device: 0, stream: 0, bytes: 100 * MIB },
    { kind: 'CopyMemory', direction: 'hostToDevice', bytes: 100 * MIB, pinned: false },
    { kind: 'CopyMemory', direction: 'hostToDevice', bytes: 100 * MIB, pinned: true },
    { kind: 'LibraryFree', block: 2 },
    { kind: 'DeviceFree', block: 3 },
  ]

  test('[C125] host and device stand on one timeline, and copies are cheaper from pinned memory', () => {
    const log = written('both.jsonl', both)
    interface Track {
      readonly peaks: Readonly<Record<string, { readonly value: number; readonly index: number }>>
    }
    const drawn = json<{ host: { processes: readonly Track[] }; devices: readonly Track[] }>(reheap(['timeline', log, '--json']))
    expect(drawn.devices[0]?.peaks.allocatedBytes).toEqual({ value: 100 * MIB, index: 4 })
    expect(drawn.host.processes[0]?.peaks.residentBytes?.index).toBe(3)
    expect(reheap(['timeline', log]).stdout).toContain('device 0; the driver is simulated')
    const [device] = json<{ devices: readonly { readonly memoryStats: Readonly<Record<string, number>> }[] }>(
      reheap(['stats', log, '--until', '5', '--json']),
    ).devices
    expect(device?.memoryStats['allocated_bytes.all.current']).toBe(100 * MIB)
    expect(reheap(['stats', log, '--until', '5']).stdout).toContain('device 0 of 1.00 GiB')
    const costs = [5, 6].map((index) => {
      const { steps } = json<TraceJson>(reheap(['trace-request', log, '--index', String(index), '--json']))
      const [copied] = steps.at(-1)?.facts ?? []
      return (copied as { readonly nanoseconds?: number } | undefined)?.nanoseconds ?? Number.NaN
    })
    const [pageable, pinned] = costs
    expect(pageable).toBeGreaterThan(pinned ?? Number.NaN)
  })
})

const linesOfText = (text: string): { readonly index: number; readonly kind: string }[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('the host of a replay', () => {
  test('[C122] replay and stats give its figures where the log or --host names one, and only there', () => {
    expect(json(reheap(['replay', HELLO, '--json']))).not.toHaveProperty('host')
    const asked = json<{ host: HostJson }>(reheap(['replay', HELLO, ...LINUX, '--json']))
    expect(json<{ host: HostJson }>(reheap(['stats', HELLO, ...LINUX, '--json'])).host).toEqual(asked.host)
    expect(asked.host.processes[0]?.peakBytes).toBeGreaterThanOrEqual(asked.host.processes[0]?.rssBytes ?? Number.NaN)
    const named = json<{ host: HostJson }>(reheap(['replay', blocks(2), '--json']))
    expect(named.host.system.total).toBe(1024 * MIB)
    expect(named.host.processes[0]?.rssBytes).toBeGreaterThan(200 * MIB)
  })

  test('[C123] a log that needs more than RAM is slowed; one that needs more than RAM and swap is killed, exit 1, and it says who held what', () => {
    const slowed = reheap(['replay', blocks(10)])
    expect(slowed.status).toBe(0)
    expect(slowed.stdout).toMatch(/slowed by swapping: [\d.]+ MiB went out of RAM and .* ~[\d.]+ m?s in all \(an estimate\)/)
    const killed = reheap(['replay', blocks(14)])
    expect(killed).toMatchObject({ status: 1, stderr: '' })
    expect(killed.stdout).toContain(
      'out of memory: process 0 was killed at event 12. It held 896.0 MiB of 1.00 GiB RAM and 256.0 MiB of 256.0 MiB swap; the system held 128.0 MiB.',
    )
    const { host } = json<{ host: HostJson }>(reheap(['replay', blocks(14), '--json']))
    expect(host.processes[0]).toMatchObject({
      state: 'killed',
      rssBytes: 0,
      ended: { index: 12, rssBytes: 896 * MIB, swapBytes: 256 * MIB },
    })
  })

  test('[C124] whatif varies RAM, swap, system and cache, and says of each row what became of the process', () => {
    const vary = ['--vary', 'host.ram=512MiB,1GiB,4GiB', '--vary', 'host.swap=0,256MiB', '--vary', 'host.system=128MiB']
    const { stdout, status } = reheap(['whatif', blocks(10), ...vary])
    expect(status).toBe(0)
    const outcomes = stdout.split('\n').filter((line) => line.includes('host.ram=') && /fits|slowed|killed/.test(line))
    expect(outcomes.map((line) => /fits|slowed|killed/.exec(line)?.[0])).toEqual(['killed', 'killed', 'killed', 'slowed', 'fits', 'fits'])
    const rows = json<{ rows: readonly { host: { process: { peakBytes: number } } }[] }>(
      reheap(['whatif', blocks(10), ...vary, '--json']),
    ).rows
    expect(rows).toHaveLength(7)
    expect(Math.max(...rows.map(({ host }) => host.process.peakBytes))).toBeGreaterThan(1000 * MIB)
    const refused = reheap(['whatif', HELLO, '--vary', 'host.ram=much'])
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toContain('"much" is no amount of memory; give it as in host.')
  })

  test('[C125] timeline shows each process and RAM by who has it, in every form, with the peaks of a replay', () => {
    const svg = place.at('ram.svg')
    const ran = reheap(['timeline', HELLO, ...LINUX, '--csv', '-', '--svg', svg, '--view', 'ram'])
    expect(ran.status).toBe(0)
    const [titles = '', ...rows] = ran.stdout.trimEnd().split('\n')
    const column = titles.split(',').indexOf('residentBytesMax')
    const { host } = json<{ host: HostJson }>(reheap(['replay', HELLO, ...LINUX, '--json']))
    expect(Math.max(...rows.map((row) => Number(row.split(',')[column])))).toBe(host.processes[0]?.peakBytes)
    for (const layer of ['heapBytes', 'mappedBytes', 'swapBytes', 'ram.systemBytes', 'ram.freeBytes'])
      expect(titles).toContain(`${layer}Last`)
    const plotted = reheap(['timeline', HELLO, ...LINUX]).stdout
    expect(plotted).toContain('process 0: resident size over events')
    expect(plotted).toContain('RAM by who has it')
    const refused = reheap(['timeline', HELLO, '--view', 'process'])
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toContain('does not say what its machine was; give --host linux-x86_64')
  })
})

describe('verification of a host', () => {
  const observe = (rssBytes: number): object => ({ kind: 'Observe', of: 'hostMemory', values: { rssBytes } })
  const given = [HOST_OPENED, { kind: 'LibraryMalloc', block: 0, bytes: 100 * MIB }]
  beforeAll(() => {
    written('close.jsonl', [...given, observe(101 * MIB), observe(102 * MIB)])
    written('far.jsonl', [...given, observe(101 * MIB), observe(120 * MIB)])
  })

  test('[C126] verify tells the tolerance and the distribution of the errors; one outside of it is a mismatch', () => {
    const close = reheap(['verify', place.at('close.jsonl')])
    expect(close.status).toBe(0)
    expect(close.stdout).toContain('sizes of the host agree where they differ by at most 3.0 % or 2.00 MiB:')
    expect(close.stdout).toMatch(/hostMemory\.rssBytes +2 +0 /)
    const far = reheap(['verify', place.at('far.jsonl')])
    expect(far.status).toBe(1)
    expect(far.stdout).toMatch(/hostMemory\.rssBytes +2 +1 /)
    const { mismatches, first } = json<{ mismatches: number; first: readonly object[] }>(
      reheap(['verify', place.at('far.jsonl'), '--json']),
    )
    expect(mismatches).toBe(1)
    expect(first[0]).toMatchObject({ index: 3, of: 'hostMemory.rssBytes', expected: 120 * MIB })
  })
})
