import { describe, expect, test } from 'vitest'
import { HELLO, json, reheap, SESSIONS } from './command.ts'
import { OOM } from './device.ts'

type Figures = Readonly<Record<string, number>>
interface Row {
  readonly before: Figures
  readonly after: Figures
  readonly change: number
}
interface Amount {
  readonly blocks: number
  readonly bytes: number
}
interface Stretch {
  readonly before: { readonly events: number; readonly cost: Figures; readonly devices: readonly Figures[] }
  readonly after: Stretch['before']
  readonly types: readonly (Row & { readonly type: string })[]
  readonly sizeClasses: readonly Row[]
  readonly owners: readonly Row[]
  readonly askedBy: readonly { readonly owner: string; readonly allocated: Amount; readonly live: Amount }[]
  readonly between: {
    readonly events: number
    readonly allocated: Amount
    readonly freed: Amount
    readonly born: number
    readonly died: number
  }
}

const stretch = (log: string, since: number, until: number): Stretch =>
  json<Stretch>(reheap(['diff', log, '--since', String(since), '--until', String(until), '--json']))

describe('diff of two moments', () => {
  test('[C167] of an interpreter: both are what a replay up to there gives, and the peak is that in between', () => {
    const { before, after, between } = stretch(HELLO, 19_063, 19_258)
    for (const { events, cost } of [before, after]) {
      const args = ['replay', HELLO, '--until', String(events), '--json']
      const { final, allocatedBlocks } = json<{ final: Figures; allocatedBlocks: number }>(reheap(args))
      for (const figure of ['heldBytes', 'arenaBytes', 'cLibraryBytes', 'blockBytes', 'requestedBytes'])
        expect([events, figure, cost[figure]]).toEqual([events, figure, final[figure]])
      expect(cost.allocatedBlocks).toBe(allocatedBlocks)
    }
    expect([before.events, after.events, between.events]).toEqual([19_063, 19_258, 195])
    // The log's own peak lies in this part.
    const { peaks } = json<{ peaks: Record<string, { value: number; index: number }> }>(reheap(['replay', HELLO, '--peaks', '--json']))
    expect(peaks.heldBytes?.index).toBe(19_070)
    expect([before.cost.heldBytesPeak, after.cost.heldBytesPeak]).toEqual([before.cost.heldBytes, peaks.heldBytes?.value])
    expect(stretch(HELLO, 19_150, 19_258).after.cost.heldBytesPeak).toBeLessThan(peaks.heldBytes?.value ?? 0)
  })

  test('[C167] of a script: types are those of stats at both, and collections those in between', () => {
    const { before, after, types, between } = stretch(SESSIONS, 4000, 9000)
    const typesAt = (until: number) =>
      json<{ objects: { types: { type: string; objects: number; bytes: number }[] } }>(
        reheap(['stats', SESSIONS, '--until', String(until), '--json']),
      ).objects.types
    for (const [side, at] of [
      ['before', 4000],
      ['after', 9000],
    ] as const) {
      const told = typesAt(at)
      for (const row of types) {
        const { objects = 0, bytes = 0 } = told.find(({ type }) => type === row.type) ?? {}
        expect([at, row.type, row[side]]).toEqual([at, row.type, { objects, bytes }])
      }
    }
    const { collections } = json<{ objects: { collections: { index: number }[] } }>(reheap(['timeline', SESSIONS, '--json'])).objects
    const within = collections.filter(({ index }) => index >= 4000 && index < 9000)
    expect(within.length).toBeGreaterThan(0)
    expect([before.cost.collections, after.cost.collections]).toEqual([0, within.length])
    expect(between.born - between.died).toBe((after.cost.objects ?? 0) - (before.cost.objects ?? 0))
  })

  test('[C167] of a script: the lines that asked for what is still live, as the log names them', () => {
    const { askedBy, between } = stretch(SESSIONS, 4000, 9000)
    expect(askedBy.map(({ owner }) => owner)).toContain('sessions.py:10 Session.__init__')
    expect(askedBy.reduce((sum, { allocated }) => sum + allocated.bytes, 0)).toBe(between.allocated.bytes)
    const lines = reheap(['diff', SESSIONS, '--since', '4000', '--until', '9000']).stdout.split('\n')
    const at = lines.indexOf('of it still live at the end, by who asked for it:')
    expect(lines.slice(at + 2, at + 2 + askedBy.length).map((line) => line.split('  ').at(-1))).toEqual(askedBy.map(({ owner }) => owner))
    expect(stretch(HELLO, 19_063, 19_258).askedBy).toEqual([])
  })

  test('[C167] of a GPU: both are what a replay up to there gives, refused requests those in between', () => {
    const { before, after, between } = stretch(OOM, 1900, 2000)
    for (const { events, devices } of [before, after]) {
      const args = ['replay', OOM, '--until', String(events), '--json']
      const [device] = json<{ devices: { final: Figures }[] }>(reheap(args)).devices
      expect(devices[0]).toMatchObject({ allocatedBytes: device?.final.allocatedBytes, reservedBytes: device?.final.reservedBytes })
    }
    const ooms = (until: number): number =>
      json<{ devices: { final: Figures }[] }>(reheap(['replay', OOM, '--until', String(until), '--json'])).devices[0]?.final.ooms ?? 0
    expect(after.devices[0]).toMatchObject({ ooms: ooms(2000) - ooms(1900), firstOom: 1936 })
    expect([before.devices[0]?.ooms, between.events]).toEqual([0, 100])
  })

  test('[C167] without --until the part ends with the log; the whole log is a part', () => {
    const events = json<{ events: number }>(reheap(['replay', HELLO, '--json'])).events
    const rest = json<Stretch>(reheap(['diff', HELLO, '--since', '20000', '--json']))
    expect(rest).toEqual(stretch(HELLO, 20_000, events))
    const { after, sizeClasses } = stretch(SESSIONS, 0, 10_742)
    const whole = json<Stretch>(reheap(['diff', HELLO, SESSIONS, '--json']))
    expect(after.cost).toEqual(whole.after.cost)
    expect(sizeClasses.map(({ before }) => before.blocks)).toEqual(sizeClasses.map(() => 0))
    expect(stretch(HELLO, 300, 300)).toMatchObject({ sizeClasses: [], between: { events: 0, allocated: { blocks: 0, bytes: 0 } } })
  })

  test('[C167] people read what was asked for and given back, then figures and the largest changes', () => {
    const { stdout } = reheap(['diff', SESSIONS, '--since', '4000', '--until', '9000', '--top', '2'])
    const [title, asked, reached, objects] = stdout.split('\n')
    expect(title).toMatch(/: after 4,000 and after 9,000 events$/)
    expect(asked).toMatch(/^in these 5,000 events asked for: [\d,]+ blocks, \S+ \S+; given back: [\d,]+ blocks, \S+ \S+$/)
    // Of the part, not of its ends.
    expect(reached).toMatch(/^held: peak [\d.]+ KiB; objects: peak \d+; collections 2$/)
    expect(stdout).not.toMatch(/^(held: peak|collections) {2}/m)
    expect(objects).toMatch(/^[\d,]+ objects came to life, [\d,]+ died$/)
    expect(stdout).toMatch(/\n +before +after +change\n/)
    expect(reheap(['diff', OOM, '--since', '1900', '--until', '2000']).stdout).toMatch(/; refused 3\n/)
  })

  test.each([
    [[HELLO], 'nothing to compare with: give a second log, or --since for two moments of one'],
    [[HELLO, '--until', '4'], '--until 4: is for two moments of one log; give --since too, and no second log'],
    [[HELLO, SESSIONS, '--until', '4'], '--until 4: is for two moments of one log; give --since too, and no second log'],
    [[HELLO, SESSIONS, '--since', '4'], `--since 4: is for two moments of one log; leave out ${SESSIONS}`],
    [[HELLO, '--since', '5', '--until', '4'], '--since 5 --until 4: ends before it begins; give the lower number to --since'],
    [[HELLO, '--since', '28896'], `--since 28896: ${HELLO} has 28,895 events; give at most so many`],
    [[HELLO, '--since', '4', '--until', '28896'], `--until 28896: ${HELLO} has 28,895 events; give at most so many`],
    [[OOM, '--since', '10404'], `--since 10404: ${OOM} has 10,403 events; give at most so many`],
  ])('[C167] %j is refused in one line', (args, line) => {
    expect(reheap(['diff', ...args])).toMatchObject({ status: 2, stdout: '', stderr: `reheap: ${line}\n` })
  })
})
