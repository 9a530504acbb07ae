import { FACT_OPCODES as ALLOCATOR, allocatedBlocks, allocatorStats, simulatedSystem, sizeClassStats } from '@reheap/allocator'
import { FACT_OPCODES as COLLECTOR, collectionStats, generationSizes } from '@reheap/cycle-gc'
import { Emit, type FactBatch, type Sealed } from '@reheap/kernel'
import { FACT_OPCODES as OBJECTS } from '@reheap/refcount'
import type { LogEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { BEGIN, check, collect, create, createIn, cycle, drop, FLOAT, free, hold, malloc, NODE, rowsOf } from '../test/object-log.ts'
import { collectorOf, cpythonProfile, emptyMachine, heapOf, type MachineState, machineMechanism, Replay } from './index.ts'

const NAMES = new Map<number, string>(
  [OBJECTS, COLLECTOR, ALLOCATOR].flatMap((codes) => Object.entries(codes).map(([name, code]) => [code, name] as const)),
)

/** Facts as `index name`, and the state in the end. */
function run(version: Parameters<typeof cpythonProfile>[0], events: readonly LogEvent[], rows = events.length) {
  const draft = machineMechanism.thaw(emptyMachine(cpythonProfile(version), simulatedSystem()))
  const batch = rowsOf(events)
  const facts: string[] = []
  for (let from = 0; from < batch.length; from += rows) {
    const emit = new Emit()
    expect(machineMechanism.applyBatch(draft, batch, from, Math.min(from + rows, batch.length), emit)).toBe(-1)
    facts.push(...told(emit.facts))
  }
  return { facts, state: machineMechanism.seal(draft) }
}

const told = ({ length, cause, code }: FactBatch): string[] => Array.from({ length }, (_, row) => `${cause[row]} ${NAMES.get(code[row])}`)
const usedBytes = (state: Sealed<MachineState>): number => allocatorStats(heapOf(state)).bytesInAllocatedBlocks

describe('one event through all layers', () => {
  test('[M18] [M19] a del is followed down to pool and arena, every fact with the index of its request', () => {
    const { facts, state } = run('3.8', [...BEGIN, create(0, NODE), drop(null, 0)])
    const expected = [
      '4 BlockRequested',
      '4 ArenaOpened',
      '4 PoolOpened',
      '4 BlockPlaced',
      '4 ObjectCreated',
      '4 ObjectTracked',
      '5 ObjectUntracked',
      '5 ObjectDied',
      '5 BlockReleased',
      '5 BlockReturned',
      '5 PoolClosed',
      '5 ArenaReleased',
    ]
    expect(facts).toEqual(expected)
    expect(usedBytes(state)).toBe(0)
  })

  test('[M18] a collection inside an allocation has the index of that allocation', () => {
    const many = Array.from({ length: 701 }, (_, object) => cycle(object)).flat()
    const { facts } = run('3.11', [...BEGIN, ...many])
    const last = BEGIN.length + 3 * 700
    expect(facts.filter((fact) => fact.endsWith('CollectionStarted'))).toEqual([`${last} CollectionStarted`])
    expect(facts.filter((fact) => fact === `${last} BlockReturned`)).toHaveLength(700)
  })

  test('[M18] from 3.12 on it runs at the next look at the eval breaker', () => {
    const many = Array.from({ length: 701 }, (_, object) => cycle(object)).flat()
    const { facts, state } = run('3.12', [...BEGIN, ...many, check])
    expect(facts.filter((fact) => fact.endsWith('CollectionFinished'))).toEqual([`${BEGIN.length + many.length} CollectionFinished`])
    expect(collectionStats(collectorOf(state))[0]).toEqual({ collections: 1, collected: 701, uncollectable: 0 })
  })

  test('[M19] what an object holds beside its block is asked for, reallocated and given back', () => {
    const resize = (bytes: number): LogEvent => ({ kind: 'ResizeObject', object: 0, bytes })
    const sizes = [[resize(64)], [resize(64), resize(96)], [resize(64), resize(96), resize(300), resize(0)]].map((events) =>
      sizeClassStats(heapOf(run('3.11', [...BEGIN, create(0), ...events]).state)).map(({ blockBytes }) => blockBytes),
    )
    expect(sizes).toEqual([[64], [64, 96], [64]])
    expect(allocatedBlocks(heapOf(run('3.11', [...BEGIN, create(0), resize(64), drop(null, 0)]).state))).toBe(1)
  })

  test('[M19] memory that a free list keeps stays asked for, and the next object takes it', () => {
    const float = [create(0, FLOAT, 24), drop(null, 0)]
    expect(usedBytes(run('3.11', [...BEGIN, ...float]).state)).toBe(32)
    expect(usedBytes(run('3.11', [...BEGIN, ...float, create(1, FLOAT, 24)]).state)).toBe(32)
    expect(usedBytes(run('3.11', [...BEGIN, ...float, collect()]).state)).toBe(0)
  })

  test("[M20] from the log's first call of the allocator on nothing is asked for objects", () => {
    const log = [...BEGIN, malloc(0), createIn(0, 0), malloc(1), create(1), drop(null, 1), drop(null, 0), free(0), free(1)]
    expect(run('3.11', log).facts.filter((fact) => /BlockPlaced|BlockReturned/.test(fact))).toEqual([
      '4 BlockPlaced',
      '6 BlockPlaced',
      '10 BlockReturned',
      '11 BlockReturned',
    ])
    const late = run('3.11', [...BEGIN, create(0, NODE), malloc(0), create(1, NODE), drop(null, 0), drop(null, 1)])
    expect(allocatedBlocks(heapOf(late.state))).toBe(1)
  })

  test('[M20] an object with a recorded block asks for nothing', () => {
    expect(run('3.11', [...BEGIN, createIn(0, 5), create(1)]).facts.filter((fact) => fact.endsWith('BlockPlaced'))).toEqual([
      '5 BlockPlaced',
    ])
  })

  test('[M10] how a log of objects is cut into batches changes neither facts nor state', () => {
    const log = [
      ...BEGIN,
      ...Array.from({ length: 40 }, (_, object) => [...cycle(object), check, create(100 + object), drop(null, 100 + object)]).flat(),
      collect(),
    ]
    const whole = run('3.13', log)
    for (const rows of [1, 2, 7]) {
      const cut = run('3.13', log, rows)
      expect(cut.facts).toEqual(whole.facts)
      expect(generationSizes(collectorOf(cut.state))).toEqual(generationSizes(collectorOf(whole.state)))
      expect(usedBytes(cut.state)).toBe(usedBytes(whole.state))
    }
  })

  test('[M11] a sealed machine with objects never changes', () => {
    const first = machineMechanism.thaw(emptyMachine(cpythonProfile('3.13'), simulatedSystem()))
    machineMechanism.applyBatch(first, rowsOf([...BEGIN, create(0), create(1), hold(0, 1)]), 0, 7, new Emit())
    const sealed = machineMechanism.seal(first)
    const before = [usedBytes(sealed), generationSizes(collectorOf(sealed))]
    const second = machineMechanism.thaw(sealed)
    machineMechanism.applyBatch(second, rowsOf([drop(null, 0), collect()]), 0, 2, new Emit())
    expect(usedBytes(machineMechanism.seal(second))).not.toBe(before[0])
    expect([usedBytes(sealed), generationSizes(collectorOf(sealed))]).toEqual(before)
  })
})

describe('requests that cannot have happened', () => {
  test('[M26] the state is what it was before the batch', () => {
    const empty = emptyMachine(cpythonProfile('3.11'), simulatedSystem())
    const draft = machineMechanism.thaw(empty)
    expect(machineMechanism.applyBatch(draft, rowsOf([...BEGIN, create(0), create(0)]), 0, 6, new Emit())).toBe(5)
    expect([usedBytes(empty), generationSizes(collectorOf(empty))]).toEqual([0, [0, 0, 0, 0]])
  })

  const batches: readonly [string, LogEvent, string][] = [
    ['an object that is live', create(0), 'ObjectAlreadyLive'],
    ['a reference to an object that never was', hold(0, 9), 'ObjectNotLive'],
    ['a reference that nobody has', drop(0, 0), 'ReferenceNotHeld'],
    ['a scope that is not open', { kind: 'LeaveScope', scope: 3 }, 'ScopeNotOpen'],
    ['a block that is not live', free(7), 'BlockNotLive'],
  ]
  test.each(batches)('[M26] %s is rejected with its index and reason, whatever the layer', (_what, request, kind) => {
    const replay = new Replay({ recorded: cpythonProfile('3.11') })
    expect(replay.feed(rowsOf([...BEGIN, create(0), request]))).toMatchObject({ _tag: 'Left', left: { index: 5, reason: { kind } } })
  })

  test('[M26] a generation that there is not, in a row that no codec has seen', () => {
    const rows = rowsOf([...BEGIN, collect()])
    rows.tag[4] = 9
    expect(new Replay({ recorded: cpythonProfile('3.11') }).feed(rows)).toMatchObject({
      left: { index: 4, reason: { kind: 'InvalidGeneration' } },
    })
  })
})
