import { FACT_OPCODES as ALLOCATOR, allocatedBlocks, simulatedSystem } from '@reheap/allocator'
import { FACT_OPCODES as COLLECTOR, collectionStats, frozenCount, isEnabled, thresholds } from '@reheap/cycle-gc'
import { Emit } from '@reheap/kernel'
import { heapReader, refcountMechanism } from '@reheap/refcount'
import type { LogEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import {
  BEGIN,
  bind,
  check,
  collect,
  create,
  createIn,
  cycle,
  drop,
  FLOAT,
  free,
  hold,
  malloc,
  NODE,
  rowsOf,
  unbind,
} from '../test/object-log.ts'
import {
  collectorOf,
  cpythonProfile,
  emptyMachine,
  Foresight,
  heapOf,
  machineMechanism,
  objectsOf,
  passedOver,
  Replay,
  type ReplayOptions,
} from './index.ts'

const recorded = cpythonProfile('3.11')

/** What a what-if of a log ends in, and where collections ran and blocks came and went. */
function run(events: readonly LogEvent[], options: Partial<ReplayOptions> = {}) {
  const replay = new Replay({ recorded, isWhatIf: true, ...options })
  const fed = replay.feed(rowsOf(events))
  if (fed._tag === 'Left') throw new Error(JSON.stringify(fed.left))
  const at = (...codes: number[]): readonly number[] =>
    Array.from(fed.right.code).flatMap((code, row) =>
      row < fed.right.length && codes.includes(code) ? [fed.right.cause[row] as number] : [],
    )
  const facts = {
    collections: at(COLLECTOR.CollectionFinished),
    placed: at(ALLOCATOR.BlockPlaced),
    returned: at(ALLOCATOR.BlockReturned),
  }
  return { ...facts, state: replay.end() }
}

const CYCLES = Array.from({ length: 30 }, (_, object) => [...cycle(object), check]).flat()
const set = (first: number, second = 10, third = 10): LogEvent => ({ kind: 'SetThresholds', thresholds: [first, second, third] })

describe('settings of the collector', () => {
  test('[M27] a threshold that is set stands from the first event on, whatever the program sets', () => {
    const log = [...BEGIN, set(5, 7, 9), ...CYCLES]
    expect(thresholds(collectorOf(run(log).state))).toEqual([5, 7, 9])
    expect(thresholds(collectorOf(run(log, { settings: { threshold0: 12 } }).state))).toEqual([12, 7, 9])
    expect(thresholds(collectorOf(run(log, { settings: { threshold1: 3, threshold2: 4 } }).state))).toEqual([5, 3, 4])
    expect(thresholds(collectorOf(run(BEGIN, { settings: { threshold0: 12 } }).state))).toEqual([12, 10, 10])
  })

  test('[M27] the collections are those of a log that sets these thresholds itself', () => {
    for (const threshold0 of [1, 4, 12, 50]) {
      const own = run([set(threshold0), ...BEGIN, ...CYCLES])
      const overridden = run([set(700), ...BEGIN, ...CYCLES], { settings: { threshold0 } })
      expect(overridden.collections).toEqual(own.collections)
      expect(collectionStats(collectorOf(overridden.state))).toEqual(collectionStats(collectorOf(own.state)))
    }
  })

  test('[M27] a collector that is switched off stays off, and one that is switched on stays on', () => {
    const log: LogEvent[] = [set(2), ...BEGIN, { kind: 'EnableCollector' }, ...CYCLES, { kind: 'DisableCollector' }]
    expect(run(log).collections.length).toBeGreaterThan(5)
    expect(run(log, { settings: { isEnabled: false } }).collections).toEqual([])
    expect(isEnabled(collectorOf(run(log).state))).toBe(false)
    expect(isEnabled(collectorOf(run(log, { settings: { isEnabled: true } }).state))).toBe(true)
  })

  test('[M32] objects are frozen before the event that the settings name, in whatever batch that is', () => {
    const log = [...BEGIN, create(0, NODE), create(1, NODE), create(2, NODE)]
    for (const rows of [1, 2, log.length]) {
      const replay = new Replay({ recorded, settings: { freezeAt: 6 } })
      for (let from = 0; from < log.length; from += rows) {
        const batch = rowsOf(log.slice(from, from + rows))
        batch.firstIndex = from
        replay.feed(batch)
      }
      expect(frozenCount(collectorOf(replay.end()))).toBe(2)
    }
  })
})

describe('what a log tells late', () => {
  const WEAK = 7
  const ended: LogEvent = { kind: 'SetFinalizer', object: 1, resurrectsInto: null }
  const saves: LogEvent = { kind: 'SetFinalizer', object: 1, resurrectsInto: 0 }
  /** Object 1 is garbage at once; its finalizer is seen to save it in list 0 by the collection at the end. */
  const log: readonly LogEvent[] = [
    ...BEGIN,
    create(0),
    create(1, NODE),
    ended,
    hold(1, 1),
    drop(null, 1),
    ...CYCLES.slice(8),
    saves,
    collect(),
  ]
  const collectedBy = (events: readonly LogEvent[], isForeseen: boolean) => {
    const foresight = new Foresight()
    foresight.feed(rowsOf(events))
    const { state } = run(events, { settings: { threshold0: 4 }, foresight: isForeseen ? foresight : undefined })
    return collectionStats(collectorOf(state)).reduce((sum, { collected }) => sum + collected, 0)
  }

  test('[M98] a finalizer saves its object in collections that come sooner, too', () => {
    expect(collectedBy(log, false) - collectedBy(log, true)).toBe(1)
  })

  test('[M98] weak references end in calls that come sooner, and so do others of the same function', () => {
    const watch = (weak: number, object: number): readonly LogEvent[] => [
      create(weak, WEAK),
      { kind: 'CreateWeakReference', weak, object, callback: true },
      hold(weak, 101),
      hold(100, weak),
      drop(null, weak),
    ]
    const objects = [0, 1, 2, 3, 4, 5, 6, 7]
    const weakLog: readonly LogEvent[] = [
      ...BEGIN,
      { kind: 'DefineType', type: WEAK, layout: 'weakref', name: 'ref' },
      create(100),
      create(101, NODE),
      ...objects.flatMap((object) => [create(object, NODE), hold(object, object), ...watch(200 + object, object), drop(null, object)]),
      { kind: 'SetCallback', weak: 203, dropsFrom: 100 },
      collect(),
    ]
    expect(collectedBy(weakLog, true) - collectedBy(weakLog, false)).toBe(7)
  })
})

describe('blocks of the log in a what-if', () => {
  // Object 0, in block 0, is garbage that the recorded run collected before it went on: its block is freed there.
  const log: readonly LogEvent[] = [...BEGIN, malloc(0), createIn(0, 0, NODE), hold(0, 0), drop(null, 0), free(0), malloc(1, 100)]

  test('[M28] a block that the log frees while its object is alive waits for the object', () => {
    const late = run([...log, collect()])
    expect(late.placed).toEqual([4, 9])
    expect(late.returned).toEqual([10])
    expect(allocatedBlocks(heapOf(run(log).state))).toBe(2)
  })

  test('[M28] outside of a what-if it is freed where the log says', () => {
    expect(run([...log, collect()], { isWhatIf: false }).returned).toEqual([8])
  })

  test('[M28] a block goes with an object that dies earlier than the log frees it, once', () => {
    const early = run([...BEGIN, malloc(0), createIn(0, 0, NODE), drop(null, 0), malloc(1, 100), free(0), malloc(2, 100)])
    expect([early.placed, early.returned]).toEqual([[4, 7, 9], [6]])
  })

  test('[M28] a block that is reallocated stays the object’s', () => {
    const realloc: LogEvent = { kind: 'Realloc', domain: 'obj', block: 0, newBlock: 5, bytes: 200 }
    const moved = run([...BEGIN, malloc(0), createIn(0, 0, NODE), hold(0, 0), drop(null, 0), realloc, free(5), collect()])
    expect(moved.returned).toEqual([8, 10])
    expect(allocatedBlocks(heapOf(moved.state))).toBe(0)
    const dead = run([...BEGIN, malloc(0), createIn(0, 0, NODE), drop(null, 0), realloc, free(5)])
    expect([dead.placed, dead.returned]).toEqual([[4], [6]])
  })

  test('[M28] memory that a free list keeps is freed when the list is emptied; a block that it saves goes back at once', () => {
    // In the recorded run both floats had a block of their own.
    const two: readonly LogEvent[] = [
      ...BEGIN,
      malloc(0, 24),
      createIn(0, 0, FLOAT, 24),
      drop(null, 0),
      free(0),
      malloc(1, 24),
      createIn(1, 1, FLOAT, 24),
    ]
    const kept = run(two)
    expect([kept.placed, kept.returned]).toEqual([[4, 8], [9]])
    expect(allocatedBlocks(heapOf(kept.state))).toBe(1)
    // Here the second took the memory of the first, which in a what-if without such a list had gone.
    const one: readonly LogEvent[] = [
      ...BEGIN,
      malloc(0, 24),
      createIn(0, 0, FLOAT, 24),
      drop(null, 0),
      collect(),
      createIn(1, 0, FLOAT, 24),
      drop(null, 1),
      free(0),
    ]
    const taken = run(one)
    expect([taken.placed, taken.returned]).toEqual([[4, 8], [7]])
    expect(allocatedBlocks(heapOf(taken.state))).toBe(1)
  })

  test('[M28] triggers: an object born where an earlier one lives on here has memory of its own, and each goes back once', () => {
    // In the recorded run float 0 died, the list kept its block, and float 1 took it; here something holds float 0 still.
    const inOne: readonly LogEvent[] = [...BEGIN, malloc(0, 24), createIn(0, 0, FLOAT, 24), createIn(1, 0, FLOAT, 24)]
    const both = run([...inOne, drop(null, 0), free(0), drop(null, 1), collect()])
    expect([both.placed, both.returned]).toEqual([
      [4, 6],
      [10, 10],
    ])
    expect(allocatedBlocks(heapOf(both.state))).toBe(0)
  })

  test('[M28] an object whose block the log moved lives where it was moved to, and who is born there has memory of its own', () => {
    const realloc: LogEvent = { kind: 'Realloc', domain: 'obj', block: 0, newBlock: 5, bytes: 200 }
    const moved = run([...BEGIN, malloc(0), createIn(0, 0, NODE), realloc, createIn(1, 5, NODE), drop(null, 1), drop(null, 0), free(5)])
    expect([moved.placed, moved.returned]).toEqual([
      [4, 6, 7],
      [6, 8, 9],
    ])
  })

  test('[M28] a block that the log never gave is asked for by nobody', () => {
    const unknown = run([...BEGIN, malloc(9), createIn(0, 0, NODE), createIn(1, 9, FLOAT, 24), drop(null, 0), drop(null, 1), collect()])
    expect([unknown.placed, unknown.returned]).toEqual([[4], [9]])
    const reused = run([...BEGIN, malloc(9), createIn(1, 9, FLOAT, 24), drop(null, 1), createIn(0, 0, FLOAT, 24)])
    expect([reused.placed, reused.returned]).toEqual([[4], []])
  })

  test('[M11] what is known of blocks belongs to the state: it goes on from a sealed one, as often as one likes', () => {
    const rows = rowsOf([...log, collect()])
    const first = machineMechanism.thaw(emptyMachine(recorded, simulatedSystem(), { isWhatIf: true }))
    machineMechanism.applyBatch(first, rows, 0, log.length, new Emit())
    const sealed = machineMechanism.seal(first)
    for (let time = 0; time < 2; time++) {
      const next = machineMechanism.thaw(sealed)
      machineMechanism.applyBatch(next, rows, log.length, log.length + 1, new Emit())
      expect(allocatedBlocks(heapOf(machineMechanism.seal(next)))).toBe(1)
    }
    expect(allocatedBlocks(heapOf(sealed))).toBe(2)
  })
})

describe('requests about the dead', () => {
  // The recorded run still had object 0 when it bound it to a name: here a collection has taken it.
  const log: readonly LogEvent[] = [
    ...BEGIN,
    create(1),
    bind(7, 1),
    drop(null, 1),
    ...cycle(0),
    collect(),
    bind(7, 0),
    hold(1, 0),
    unbind(7),
  ]

  test('[M33] a what-if passes them over and counts them; a name that was to hold a dead object holds nothing', () => {
    const { state } = run(log.slice(0, -2))
    expect(passedOver(state)).toBe(1)
    expect(heapReader(refcountMechanism.thaw(objectsOf(state))).objects).toBe(0)
    expect(passedOver(run(log).state)).toBe(3)
  })

  test('[M33] what else is impossible is rejected there too', () => {
    const replay = new Replay({ recorded, isWhatIf: true })
    expect(replay.feed(rowsOf([...log, { kind: 'LeaveScope', scope: 9 }]))).toMatchObject({
      left: { index: log.length, reason: { kind: 'ScopeNotOpen' } },
    })
  })

  test('[M26] outside of a what-if they are rejected', () => {
    const replay = new Replay({ recorded })
    expect(replay.feed(rowsOf(log))).toMatchObject({ left: { index: 11, reason: { kind: 'ObjectNotLive' } } })
  })
})
