import { allocatorStats, simulatedSystem } from '@reheap/allocator'
import { Emit, explainRow } from '@reheap/kernel'
import { objectGraph } from '@reheap/refcount'
import type { LogEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { cpythonProfile, emptyMachine, heapOf, machineMechanism, objectsOf } from '../src/index.ts'
import { BEGIN, bind, collect, create, drop, FLOAT, hold, NODE, rowsOf, unbind } from './object-log.ts'

/** A name holds 1; 2 is in 1; 3 died; 9 is a weak reference to 1; scope 7 was left. */
const BEFORE: readonly LogEvent[] = [
  ...BEGIN,
  { kind: 'DefineType', type: 3, layout: 'weakref', name: 'ReferenceType' },
  create(1),
  bind(0, 1),
  drop(null, 1),
  create(2, NODE),
  hold(1, 2),
  drop(null, 2),
  create(3),
  drop(null, 3),
  { kind: 'CreateObject', object: 9, type: 3, bytes: 88 },
  { kind: 'CreateWeakReference', weak: 9, object: 1, callback: false },
  { kind: 'EnterScope', scope: 7 },
  { kind: 'LeaveScope', scope: 7 },
]

const REJECTED: readonly (readonly [wrong: string, event: LogEvent, kind: string])[] = [
  ['a new object with the id of a live one', create(1), 'ObjectAlreadyLive'],
  ['an object of a type that was not defined', create(20, 99), 'UnknownType'],
  ['bytes below zero', create(20, NODE, -8), 'InvalidBytes'],
  ['bytes that are no whole number', { kind: 'ResizeObject', object: 1, bytes: 0.5 }, 'InvalidBytes'],
  ['a type with another layout', { kind: 'DefineType', type: FLOAT, layout: 'dict', name: 'float' }, 'TypeRedefined'],
  ['a reference to a dead object', hold(1, 3), 'ObjectNotLive'],
  ['a reference from a dead object', hold(3, 1), 'OtherNotLive'],
  ['a reference to an object that never was', hold(null, 77), 'ObjectNotLive'],
  ['an object in a gap of the ids', hold(1, 5), 'ObjectNotLive'],
  ['a count that would fall below what holds it', drop(null, 1), 'NotHeldOutside'],
  ['a reference dropped twice', drop(2, 1), 'ReferenceNotHeld'],
  ['a reference dropped from a slot where it is not', { kind: 'DropReference', from: 1, to: 2, slot: 4 }, 'ReferenceNotHeld'],
  ['a name bound to a dead object', bind(1, 3), 'ObjectNotLive'],
  ['a name of a scope that never was', { kind: 'BindName', scope: 8, name: 0, object: 1 }, 'ScopeNotOpen'],
  ['a name of a scope that was left', { kind: 'UnbindName', scope: 7, name: 0 }, 'ScopeNotOpen'],
  ['a name that holds nothing', unbind(5), 'NameNotBound'],
  ['a scope that is open', { kind: 'EnterScope', scope: 0 }, 'ScopeAlreadyOpen'],
  ['a scope left twice', { kind: 'LeaveScope', scope: 7 }, 'ScopeNotOpen'],
  ['a weak reference that is none', { kind: 'CreateWeakReference', weak: 1, object: 2, callback: true }, 'NoWeakReference'],
  ['a weak reference that refers to something', { kind: 'CreateWeakReference', weak: 9, object: 2, callback: true }, 'WeakReferenceTaken'],
  ['a finalizer of a dead object', { kind: 'SetFinalizer', object: 3, resurrectsInto: null }, 'ObjectNotLive'],
  ['a finalizer that stores in a dead object', { kind: 'SetFinalizer', object: 2, resurrectsInto: 3 }, 'OtherNotLive'],
  ['a callback of what is no weak reference', { kind: 'SetCallback', weak: 1, dropsFrom: null }, 'NoWeakReference'],
  ['a callback that drops from a dead object', { kind: 'SetCallback', weak: 9, dropsFrom: 3 }, 'OtherNotLive'],
  ['weak references to a dead object cleared', { kind: 'ClearWeakReferences', object: 3 }, 'ObjectNotLive'],
  ['a dead object made immortal', { kind: 'MakeImmortal', object: 3 }, 'ObjectNotLive'],
  ['a generation that is none', { kind: 'Collect', generation: 3 }, 'InvalidGeneration'],
  ['a threshold below zero', { kind: 'SetThresholds', thresholds: [1, 1, -1] }, 'InvalidThreshold'],
]

const machine = (version: '3.8' | '3.11' | '3.13') => emptyMachine(cpythonProfile(version), simulatedSystem())

/** All that can be seen of a state. */
function seen(state: ReturnType<typeof machine>): unknown {
  const graph = objectGraph(objectsOf(state))
  const { rows, garbage, bindings } = { rows: graph.rows, garbage: graph.garbage(), bindings: graph.bindings() }
  const columns = [graph.object, graph.count, graph.flags, graph.referenceCount].map((column) => [...column.subarray(0, rows)])
  return { at: state.at, rows, columns, garbage, bindings, stats: allocatorStats(heapOf(state)) }
}

describe.each(['3.8', '3.11', '3.13'] as const)('CPython %s', (version) => {
  test.each(REJECTED)('[M26] %s', (_, event, kind) => {
    const start = machine(version)
    const draft = machineMechanism.thaw(start)
    machineMechanism.applyBatch(draft, rowsOf(BEFORE), 0, BEFORE.length, new Emit())
    const state = machineMechanism.seal(draft)
    const before = seen(state)
    const rows = rowsOf([...BEFORE, event, collect()])
    const emit = new Emit()
    const whole = machineMechanism.thaw(start)
    expect(machineMechanism.applyBatch(whole, rows, 0, rows.length, emit)).toBe(BEFORE.length)
    const reason = explainRow(machineMechanism, emit.reason, rows, BEFORE.length)
    expect(reason).toMatchObject({ kind, message: expect.stringMatching(/\w/) })
    // The rows before it are applied, it is not; what the batch was begun from is as it was.
    expect(seen(machineMechanism.seal(whole))).toEqual(before)
    expect(seen(start)).toEqual(seen(machine(version)))
  })
})

/** `a.other = b; b.other = a`, each stored in the other by its `__del__`: one `gc.collect()` of the real 3.6 to 3.13 leaves neither. */
test.each(['3.8', '3.11', '3.13'] as const)('[M43] a cycle of finalizers is no fault: collected on %s', (version) => {
  const finalized: readonly LogEvent[] = [
    ...BEGIN,
    create(1, NODE),
    create(2, NODE),
    hold(1, 2),
    hold(2, 1),
    { kind: 'SetFinalizer', object: 1, resurrectsInto: 2 },
    { kind: 'SetFinalizer', object: 2, resurrectsInto: 1 },
    drop(null, 1),
    drop(null, 2),
    collect(),
  ]
  const draft = machineMechanism.thaw(machine(version))
  const emit = new Emit()
  expect(machineMechanism.applyBatch(draft, rowsOf(finalized), 0, finalized.length, emit)).toBe(-1)
  const graph = objectGraph(objectsOf(machineMechanism.seal(draft)))
  expect(Array.from({ length: graph.rows }, (_, row) => row).filter((row) => graph.isLive(row))).toEqual([])
})

test('[M43] ids may have gaps: only a live object is found under one', () => {
  const sparse: readonly LogEvent[] = [...BEGIN, create(4_000_000_000, NODE), create(7, NODE), hold(7, 4_000_000_000), drop(null, 7)]
  const draft = machineMechanism.thaw(machine('3.13'))
  expect(machineMechanism.applyBatch(draft, rowsOf(sparse), 0, sparse.length, new Emit())).toBe(-1)
  const state = machineMechanism.seal(draft)
  const graph = objectGraph(objectsOf(state))
  expect([...graph.object.subarray(1, graph.rows)].filter((_, row) => graph.isLive(row + 1))).toEqual([4_000_000_000])
})
