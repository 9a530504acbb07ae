import { describe, expect, test } from 'vitest'
import { areaAt, type Fact, mallinfo, mappingOf, processMemory, systemMemory } from '../src/index.ts'
import { Host, LINUX, PAGE, tinyHost } from './host.ts'

const BREAK = LINUX.breakStart
const MIB = 1024 ** 2
const given = (facts: readonly Fact[]) => facts.filter((fact) => fact.kind === 'ChunkGiven')

describe('the system refuses, and the program goes on without', () => {
  test('[H1] no free range holds the mapping: there is none', () => {
    const host = new Host({ ...LINUX, mapTop: 4 * PAGE })
    expect(host.map(1, 5)).toEqual([])
    expect(mappingOf(host.state, 1)).toBeNull()
    expect(host.refusal({ kind: 'TouchPages', mapping: 1, from: 0, bytes: 1 })).toBe('MappingNotLive')
    expect(host.map(1, 3).map(({ kind }) => kind)).toEqual(['AreaMapped'])
  })

  test('[H4] nor does one hold what it shall grow to: it is as it was', () => {
    const host = new Host({ ...LINUX, mapTop: 8 * PAGE })
    host.map(1, 2)
    host.map(2, 2)
    expect(host.do({ kind: 'RemapMemory', mapping: 2, bytes: 5 * PAGE })).toEqual([])
    expect(mappingOf(host.state, 2)?.bytes).toBe(2 * PAGE)
  })

  test('[H5] something is mapped behind the break: no block, and the heap stays as it is', () => {
    const host = new Host()
    host.do({ kind: 'LibraryMalloc', block: 1, bytes: 100 })
    const { heapBytes } = processMemory(host.state, 0)
    host.map(1, 1, { address: BREAK + heapBytes })
    expect(given(host.do({ kind: 'LibraryMalloc', block: 2, bytes: 120_000 }))).toHaveLength(1)
    expect(host.do({ kind: 'LibraryMalloc', block: 3, bytes: 120_000 })).toEqual([])
    expect(host.refusal({ kind: 'LibraryFree', block: 3 })).toBe('BlockNotLive')
    expect(processMemory(host.state, 0).heapBytes).toBe(heapBytes)
  })

  test('[H5] and the block that was to grow keeps its bytes under its new name', () => {
    const host = new Host()
    host.do({ kind: 'LibraryMalloc', block: 1, bytes: 100 })
    host.map(1, 1, { address: BREAK + processMemory(host.state, 0).heapBytes })
    const [before] = given(host.do({ kind: 'LibraryMalloc', block: 2, bytes: 60_000 }))
    host.do({ kind: 'LibraryMalloc', block: 4, bytes: 10 })
    const [after] = given(host.do({ kind: 'LibraryRealloc', block: 2, newBlock: 3, bytes: 131_000 }))
    expect(after).toMatchObject({ block: 3, address: before?.address, bytes: before?.bytes })
    expect(host.refusal({ kind: 'LibraryFree', block: 2 })).toBe('BlockNotLive')
  })

  test('[H1] a large block that no range holds is none either', () => {
    const host = new Host({ ...LINUX, mapTop: 16 * PAGE, breakStart: 2 ** 47 - 64 * PAGE })
    expect(given(host.do({ kind: 'LibraryMalloc', block: 1, bytes: MIB }))).toEqual([])
    expect(given(host.do({ kind: 'LibraryAlign', block: 2, alignment: PAGE, bytes: MIB }))).toEqual([])
    expect(given(host.do({ kind: 'LibraryCalloc', block: 3, count: 1, elementBytes: MIB }))).toEqual([])
  })
})

describe('a hole in what the library has mapped', () => {
  // Found by the laws of agreement: a mapping is moved into the chunk, and out again.
  test('[H76] it does not move as one, and what is mapped is what there was and the new block', () => {
    const host = new Host()
    host.map(0, 6)
    const [block] = given(host.do({ kind: 'LibraryMalloc', block: 0, bytes: 134_473 }))
    const address = Math.floor((block?.address ?? 0) / PAGE) * PAGE
    host.do({ kind: 'RemapMemory', mapping: 0, bytes: PAGE, address: address + 28 * PAGE })
    host.do({ kind: 'RemapMemory', mapping: 0, bytes: PAGE, address: LINUX.mapTop - PAGE })
    const { vmsBytes } = processMemory(host.state, 0)
    const facts = host.do({ kind: 'LibraryRealloc', block: 0, newBlock: 7, bytes: 263_059 })
    expect(facts.filter(({ kind }) => kind === 'AreaMoved')).toEqual([])
    expect(given(facts)).toMatchObject([{ block: 7 }])
    // 65 pages come, and of the 33 that there were one was gone already.
    expect(processMemory(host.state, 0).vmsBytes).toBe(vmsBytes + (65 - 32) * PAGE)
  })
})

describe('C names that stand for other calls', () => {
  test('[H60] realloc of nothing is malloc, free of nothing does nothing', () => {
    const host = new Host()
    expect(given(host.do({ kind: 'LibraryRealloc', block: null, newBlock: 1, bytes: 100 }))).toMatchObject([{ block: 1 }])
    expect(host.do({ kind: 'LibraryFree', block: null })).toEqual([])
  })
})

describe('questions of what is not there', () => {
  test('[H25] a process that never lived has no area and an empty heap', () => {
    const host = new Host()
    expect(areaAt(host.state, 3, PAGE)).toBeNull()
    expect(mallinfo(host.state, 3)).toEqual(mallinfo(new Host().state, 0))
  })

  test('[H24] a machine without memory uses no percent of it', () => {
    const host = new Host(tinyHost(0))
    expect(systemMemory(host.state)).toMatchObject({ total: 0, percent: 0 })
  })
})

describe('who is killed while it asks', () => {
  test.each([
    ['malloc', [{ kind: 'LibraryMalloc', block: 2, bytes: 100_000 }]],
    ['realloc', [{ kind: 'LibraryRealloc', block: 1, newBlock: 2, bytes: 100_000 }]],
  ] as const)('[H17] has no block: %s', (_, requests) => {
    const host = new Host(tinyHost(6))
    host.do({ kind: 'LibraryMalloc', block: 1, bytes: 100 })
    expect(host.do(...requests).map(({ kind }) => kind)).toContain('ProcessKilled')
    expect(host.do(...requests)).toEqual([])
    expect(processMemory(host.state, 0).rssBytes).toBe(0)
  })
})

describe('advice and moves that are given an address', () => {
  test('[H10] a part of a block is advised for huge pages', () => {
    const host = new Host()
    host.do({ kind: 'LibraryCalloc', block: 1, count: 8, elementBytes: MIB })
    host.do({ kind: 'AdviseHugeBlock', block: 1, from: 0, bytes: 6 * MIB, huge: true })
    host.do({ kind: 'TouchBlock', block: 1, from: 3 * MIB, bytes: 1 })
    expect(processMemory(host.state, 0).rssBytes).toBeGreaterThanOrEqual(2 * MIB)
    host.do({ kind: 'AdviseHugeBlock', block: 1, from: 0, bytes: 8 * MIB - 100, huge: false })
    const { rssBytes } = processMemory(host.state, 0)
    host.do({ kind: 'TouchBlock', block: 1, from: 6 * MIB, bytes: 1 })
    expect(processMemory(host.state, 0).rssBytes).toBe(rssBytes + PAGE)
  })

  test('[H4] a mapping that the log sees elsewhere is there, and takes the place of what was', () => {
    const host = new Host()
    host.map(1, 2)
    host.map(2, 2, { backing: 'file' })
    host.map(3, 8)
    host.touch(2, 0, 2)
    host.touch(3, 0, 8)
    const place = mappingOf(host.state, 3)?.start as number
    const [fact] = host.do({ kind: 'RemapMemory', mapping: 2, bytes: 4 * PAGE, address: place + 2 * PAGE }).slice(-1)
    expect(fact).toMatchObject({ kind: 'AreaMoved', address: place + 2 * PAGE, bytes: 4 * PAGE })
    expect(areaAt(host.state, 0, place + 2 * PAGE)).toMatchObject({ backing: 'file', residentBytes: 2 * PAGE })
    expect(processMemory(host.state, 0)).toMatchObject({ vmsBytes: 10 * PAGE, rssBytes: 6 * PAGE, fileBytes: 2 * PAGE })
  })

  test('[H4] one that the log sees grow where it lies takes the place of what is behind it', () => {
    const host = new Host()
    host.map(1, 4)
    host.map(2, 2)
    const start = mappingOf(host.state, 2)?.start as number
    host.touch(1, 0, 4)
    host.do({ kind: 'RemapMemory', mapping: 2, bytes: 4 * PAGE, address: start })
    expect(mappingOf(host.state, 2)).toMatchObject({ start, bytes: 4 * PAGE })
    expect(processMemory(host.state, 0)).toMatchObject({ vmsBytes: 6 * PAGE, rssBytes: 2 * PAGE })
  })
})
