import type { EventColumns } from '@reheap/kernel'
import { objectCount } from '@reheap/refcount'
import { describe, expect, test } from 'vitest'
import { BEGIN, check, cycle, rowsOf } from '../../test/object-log.ts'
import { batchesOf, must, readRecording } from '../../test/recordings.ts'
import { cpythonProfile, machineUsage, objectsOf, Replay, type ReplayOptions, variationsOf, WhatIf } from '../index.ts'

const recorded = cpythonProfile('3.11')

/** A replay of its own, stopped after so many events. */
function stateAfter(rows: EventColumns, at: number, options: Partial<ReplayOptions>) {
  const replay = new Replay({ recorded, isWhatIf: true, muted: true, ...options })
  must(replay.feed(rows, at))
  return replay.end()
}

describe('parting', () => {
  test('[M80] before the event where a layer parts it is the same in replays of their own, behind it another', async () => {
    const { events } = await readRecording('cpython-3.11-hello')
    const rows = rowsOf(events)
    const whatIf = new WhatIf({ recorded, variations: must(variationsOf(['profile=cpython-3.9,cpython-3.6-align8'], recorded)) })
    for (const batch of batchesOf(events, 4099)) must(whatIf.feed(batch))
    const [first, ...others] = must(whatIf.rows())
    expect(first?.parting).toBeNull()
    for (const [place, { parting }] of others.entries()) {
      const profile = whatIf.variants[place + 1]?.profile
      for (const layer of ['blockBytes', 'arenaBytes', 'heldBytes', 'requestedBytes', 'cLibraryBytes'] as const) {
        const values = (at: number) => [{}, { profile }].map((options) => machineUsage(stateAfter(rows, at, options))[layer])
        const at = parting?.[layer] ?? null
        const [before, own] = values(at ?? events.length)
        expect([layer, own]).toEqual([layer, before])
        if (at === null) continue
        const [after, ownAfter] = values(at + 1)
        expect(ownAfter).not.toBe(after)
      }
    }
    // What the program asked for is the same under every version; the arenas of 3.9 are smaller.
    expect(others[0]?.parting).toMatchObject({ requestedBytes: null, cLibraryBytes: null })
    expect(others[0]?.parting?.arenaBytes).toBe(others[0]?.parting?.heldBytes)
  })

  test('[M80] objects part where one threshold lets garbage live that the other collects', () => {
    const events = [...BEGIN, ...Array.from({ length: 30 }, (_, object) => [...cycle(object), check]).flat()]
    const log = rowsOf(events)
    const whatIf = new WhatIf({ recorded, variations: must(variationsOf(['gc.threshold0=5'], recorded)) })
    for (const batch of batchesOf(events, 7)) must(whatIf.feed(batch))
    const { parting, firstParting } = must(whatIf.rows())[1] ?? {}
    const objects = (at: number) =>
      [{}, { settings: { threshold0: 5 } }].map((options) => objectCount(objectsOf(stateAfter(log, at, options))))
    const at = parting?.objects ?? -1
    expect(objects(at)[0]).toBe(objects(at)[1])
    expect(objects(at + 1)[0]).toBeGreaterThan(objects(at + 1)[1] ?? 0)
    expect(firstParting).toBe(at)
  })

  test('[M80] a row like the first never parts from it', async () => {
    const { events } = await readRecording('cpython-3.11-hello')
    const whatIf = new WhatIf({ recorded, variations: must(variationsOf(['profile=cpython-3.11'], recorded)) })
    for (const batch of batchesOf(events, 4099)) must(whatIf.feed(batch))
    expect(must(whatIf.rows())[1]?.firstParting).toBeNull()
  })
})

describe('rows', () => {
  test('[M81] each row ends as a replay of its own, and differs from the first by what is between them', async () => {
    const { events } = await readRecording('cpython-3.11-hello')
    const rows = rowsOf(events)
    const whatIf = new WhatIf({ recorded, variations: must(variationsOf(['profile=cpython-3.9'], recorded)) })
    for (const batch of batchesOf(events, 4099)) must(whatIf.feed(batch))
    const found = must(whatIf.rows())
    const held = [recorded, cpythonProfile('3.9')].map((profile) => machineUsage(stateAfter(rows, events.length, { profile })).heldBytes)
    expect(found.map(({ heldBytes }) => heldBytes)).toEqual(held)
    expect(found[1]?.difference.heldBytes.bytes).toBe((held[1] ?? 0) - (held[0] ?? 0))
    expect(whatIf.names()).toEqual(['cpython-3.11 (recorded)', 'cpython-3.9'])
  })

  test('[M81] a setting of the collector is refused where the log holds no objects', async () => {
    const { events } = await readRecording('cpython-3.11-hello')
    const whatIf = new WhatIf({ recorded, variations: must(variationsOf(['gc.threshold0=5'], recorded)) })
    must(whatIf.feed(rowsOf(events)))
    expect(whatIf.rows()).toMatchObject({ _tag: 'Left', left: expect.stringContaining('holds no objects') })
  })

  test('[M92] arenas and pools of another size: with those of 3.9 the allocator of 3.11 costs what that of 3.9 does', async () => {
    const { events } = await readRecording('cpython-3.11-hello')
    const vary = ['allocator.arenaSize=256KiB', 'allocator.poolSize=4KiB']
    const sized = must(variationsOf(vary, recorded))
    const whatIf = new WhatIf({ recorded, variations: [...sized, ...must(variationsOf(['profile=cpython-3.9'], recorded))] })
    for (const batch of batchesOf(events, 4099)) must(whatIf.feed(batch))
    const [, small, nine] = must(whatIf.rows())
    const costOf = ({ profile: _, ...cost }: NonNullable<typeof small>) => cost
    expect(costOf(small as never)).toEqual(costOf(nine as never))
    expect(small?.allocator).toEqual({ arenaBytes: 2 ** 18, poolBytes: 2 ** 12 })
    expect(small?.difference.heldBytes.bytes).not.toBe(0)
    expect(whatIf.names()[1]).toBe('cpython-3.11 allocator.arenaSize=256KiB allocator.poolSize=4KiB')
  })

  test.each([
    ['allocator.poolSize=5000', 'poolBytes must be a power of two, got 5000'],
    ['allocator.arenaSize=3MiB', 'arenaBytes must be a power of two, got 3145728'],
    ['allocator.arenaSize=32KiB', 'an arena must hold 4 pools of 16384 bytes'],
    ['allocator.poolSize=512', 'a pool must hold two blocks of 512 bytes'],
    ['allocator.arenaSize=large', '"large" is no amount of memory'],
  ])('[M92] %s is refused: %s', (vary, fault) => {
    expect(variationsOf([vary], recorded)).toMatchObject({ _tag: 'Left', left: expect.stringContaining(fault) })
  })

  test('[M92] sizes must fit to the profile that stands beside them', () => {
    const vary = ['profile=cpython-3.9,cpython-3.11', 'allocator.arenaSize=32KiB']
    expect(variationsOf(vary.slice(1), cpythonProfile('3.9'))._tag).toBe('Right')
    expect(variationsOf(vary, cpythonProfile('3.9'))).toMatchObject({ left: expect.stringContaining('of cpython-3.11 an arena') })
  })
})
