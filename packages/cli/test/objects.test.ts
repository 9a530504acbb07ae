import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { observedLog } from '../../machine/test/objects/program.ts'
import { HELLO, json, reheap } from './command.ts'
import { droppedCycles, kept, log } from './objects.ts'

/** What a script printed on real interpreters: see `packages/machine/test/objects`. */
const SEEN: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('../../machine/test/objects/observed.json', import.meta.url), 'utf8'),
)

type Line = Readonly<Record<string, unknown>>
const linesFor = (version: string): readonly Line[] => observedLog(SEEN[version] ?? [])
const logFor = (version: string, lines: readonly Line[]): string => {
  const header = {
    reheap: 1,
    runtime: { name: 'cpython', version, pointerBits: 64 },
    collector: { counts: [0, 0, 0], objects: [0, 0, 0, 0] },
  }
  return `${[header, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`
}

interface Objects {
  readonly live: number
  readonly bytes: number
  readonly peaks?: Readonly<Record<'live' | 'bytes', { readonly value: number; readonly index: number }>>
  readonly generations: readonly Readonly<Record<string, number>>[]
  readonly frozen: number
  readonly types?: readonly { readonly type: string; readonly objects: number; readonly bytes: number }[]
  readonly freeLists?: readonly { readonly layout: string; readonly kept: number; readonly hits: number }[]
}

describe.each(Object.keys(SEEN))('objects as %s saw them', (version) => {
  const lines = linesFor(version)

  test('[C32] verify compares every observation of objects and collections', () => {
    const ran = reheap(['verify', '-', '--json'], { input: logFor(version, lines) })
    expect(json(ran)).toMatchObject({ events: lines.length, mismatches: 0, unanswered: 0 })
    expect(ran.status).toBe(0)
  })
})

describe('objects', () => {
  const lines = linesFor('3.11.7')
  const at = (of: string): number => lines.findIndex((line) => line.of === of)

  test('[C32] a spoiled observation is named, and the exit status is 1', () => {
    const index = at('collectorCounts')
    const spoiled = lines.with(index, { kind: 'Observe', of: 'collectorCounts', values: { count0: 7, count1: 1, count2: 0 } })
    const { status, stdout } = reheap(['verify', '-'], { input: logFor('3.11.7', spoiled) })
    expect(status).toBe(1)
    expect(
      stdout
        .split('\n')
        .find((line) => line.includes('collectorCounts'))
        ?.trim(),
    ).toMatch(/collectorCounts\.count0 +7 +1$/)
  })

  test('[C33] replay gives what the real collector answered at the same event', () => {
    const answered = (of: string): Objects =>
      json<{ objects: Objects }>(reheap(['replay', '-', '--until', String(at(of)), '--json'], { input: logFor('3.11.7', lines) })).objects
    expect(answered('collectorCounts').generations.map(({ count }) => count)).toEqual([1, 1, 0])
    expect(answered('generationStats').generations.map(({ collections, collected }) => [collections, collected])).toEqual([
      [1, 0],
      [1, 3],
      [2, 2],
    ])
    expect(answered('generationObjects').generations[2]?.objects).toBe(6)
    expect(answered('frozenObjects').frozen).toBe(6)
  })

  test('[C33] replay --peaks finds the most objects that were alive, and --facts writes what became of them', () => {
    const input = log([...kept(0), ...droppedCycles(3, 1), { kind: 'Collect', generation: 2 }])
    const { live, bytes, peaks } = json<{ objects: Objects }>(reheap(['replay', '-', '--peaks', '--json'], { input })).objects
    expect([live, bytes, peaks?.live.value, peaks?.bytes.value]).toEqual([1, 64, 4, 64 + 3 * 48])
    const facts = reheap(['replay', '-', '--facts', '-'], { input })
      .stdout.trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const deaths = facts.filter(({ kind }) => kind === 'ObjectDied')
    expect(deaths.map(({ index, object }) => [index, object])).toEqual([1, 2, 3].map((object) => [19, object]))
    expect(facts.filter(({ kind }) => kind === 'BlockReturned').map(({ index }) => index)).toEqual([19, 19, 19])
  })

  test('[C33] a log without objects says nothing of them', () => {
    const document = json(reheap(['replay', HELLO, '--json']))
    expect(document).not.toHaveProperty('objects')
    expect(reheap(['stats', HELLO]).stdout).not.toContain('generation')
  })

  test('[C34] the types that stats lists add up to the live objects, and free lists tell what they keep', () => {
    const input = log([
      ...kept(0),
      ...droppedCycles(3, 1),
      { kind: 'CreateObject', object: 9, type: 0, bytes: 64 },
      { kind: 'DropReference', from: null, to: 9 },
    ])
    const { live, bytes, types, freeLists } = json<{ objects: Objects }>(reheap(['stats', '-', '--json'], { input })).objects
    expect(types).toEqual([
      { type: 'Node', layout: 'instance', objects: 3, bytes: 144 },
      { type: 'list', layout: 'list', objects: 1, bytes: 64 },
    ])
    expect([live, bytes]).toEqual([4, 208])
    expect(freeLists).toEqual([{ layout: 'list', items: 0, kept: 1, max: 80, hits: 0, misses: 2 }])
    const { stdout } = reheap(['stats', '-'], { input })
    for (const row of [/^Node +instance +3 +144 B$/m, /^list +1 +80 +0 +2$/m, /^4 live objects, 208 B$/m]) expect(stdout).toMatch(row)
  })

  test('[C35] timeline shows live and uncollected objects over events, and the collections', () => {
    const input = log([...kept(0), ...droppedCycles(3, 1), { kind: 'Collect', generation: 2 }, ...droppedCycles(1, 9)])
    const { objects, points } = json<{
      objects: {
        peaks: Record<string, { value: number }>
        uncollected: { peaks: Record<string, { value: number }>; objectsMax: number[] }
        collections: Line[]
        collectionsTotal: number
      }
      points: { from: number; to: number; last: Record<string, number> }[]
    }>(reheap(['timeline', '-', '--json'], { input }))
    expect(objects.peaks).toMatchObject({ objects: { value: 4 }, objectBytes: { value: 208 } })
    expect(objects.uncollected.peaks).toMatchObject({ objects: { value: 3 }, containers: { value: 3 }, bytes: { value: 144 } })
    // Each event is a stretch of its own: a cycle waits from its drop on, at the third of its four events.
    expect(objects.uncollected.objectsMax).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 0, 0, 0, 1, 1])
    expect(points.map(({ last }) => last.objects)).toEqual([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 1, 2, 2, 2, 2])
    expect([objects.collectionsTotal, objects.collections]).toEqual([
      1,
      [expect.objectContaining({ index: 19, generation: 2, reason: 'request', collected: 3 })],
    ])
    expect(objects).toMatchObject({ born: 5, died: 3, reused: 0, uncollected: { isExact: true } })
    expect(objects).toMatchObject({
      types: [
        { type: 'list', born: 1, died: 0, bytes: 64 },
        { type: 'Node', born: 4, died: 3, bytes: 48 },
      ],
    })
    const { stdout } = reheap(['timeline', '-', '--height', '4'], { input })
    for (const line of [
      '5 births, 0 of them from free lists; 3 deaths',
      'unreachable, not yet collected',
      'uncollected: at most 3 objects, 144 B',
      '1 collection, the first at event 19',
    ])
      expect(stdout).toContain(line)
  })

  test('[C35] the CSV and the SVG of a log with objects hold them, others do not', () => {
    const input = log([...kept(0), ...droppedCycles(3, 1)])
    const csv = (ran: { readonly stdout: string }): readonly string[] => (ran.stdout.split('\n')[0] ?? '').split(',')
    expect(csv(reheap(['timeline', '-', '--csv', '-'], { input })).slice(-6)).toEqual([
      'objectsMax',
      'objectsLast',
      'objectBytesMax',
      'objectBytesLast',
      'uncollectedObjectsMax',
      'uncollectedBytesMax',
    ])
    expect(csv(reheap(['timeline', HELLO, '--csv', '-']))).not.toContain('objectsMax')
    expect(reheap(['timeline', '-', '--svg', '-'], { input }).stdout).toContain('live objects, 4 at most')
    expect(reheap(['timeline', HELLO, '--svg', '-']).stdout).not.toContain('live objects')
  })
})
