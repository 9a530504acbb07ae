import { type Batch, Columns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import {
  type CollectorState,
  collectorReducer,
  type PlainRequest,
  REJECTIONS,
  REQUEST_OPCODES,
  type Request,
  type RequestOpcode,
  thresholds,
} from './index.ts'
import { keeper } from './state.ts'

/** Object 1 is a list that the program holds, 2 a weak reference to it, 3 an instance that only 1 holds, 4 a free weak reference. */
function program(): Program {
  const made = new Program()
  made.make(3, 'instance')
  made.make(1, 'list', [3])
  made.letGo(3)
  made.make(2, 'weakref')
  made.do({ kind: 'ReferWeakly', weak: 2, object: 1, callback: false })
  made.make(4, 'weakref')
  return made
}

const ROWS: readonly (readonly [Request | PlainRequest, string | null])[] = [
  [{ kind: 'Collect', generation: 3 }, 'InvalidGeneration'],
  [{ kind: 'Collect', generation: 2 }, null],
  [{ kind: 'SetThresholds', thresholds: [700, 10, 0.5] }, 'InvalidThreshold'],
  [{ kind: 'SetThresholds', thresholds: [700, 10, -1] }, 'InvalidThreshold'],
  [{ kind: 'SetThresholds', thresholds: [0, 0, 0] }, null],
  [{ kind: 'MakeObject', object: 1, type: 'list' }, 'ObjectAlive'],
  [{ kind: 'MakeObject', object: 7, type: 'list' }, null],
  [{ kind: 'Hold', from: 1, to: 9 }, 'ObjectNotAlive'],
  [{ kind: 'Hold', from: 9, to: 1 }, 'ObjectNotAlive'],
  [{ kind: 'Hold', from: null, to: 3 }, null],
  [{ kind: 'LetGo', from: null, to: 9 }, 'ObjectNotAlive'],
  [{ kind: 'LetGo', from: null, to: 3 }, 'NotHeld'],
  [{ kind: 'LetGo', from: 3, to: 1 }, 'NotHeld'],
  [{ kind: 'LetGo', from: 1, to: 3 }, null],
  [{ kind: 'ReferWeakly', weak: 9, object: 1, callback: true }, 'ObjectNotAlive'],
  [{ kind: 'ReferWeakly', weak: 1, object: 3, callback: true }, 'NoWeakReference'],
  [{ kind: 'ReferWeakly', weak: 2, object: 3, callback: true }, 'NoWeakReference'],
  [{ kind: 'ReferWeakly', weak: 4, object: 3, callback: true }, null],
  [{ kind: 'GiveFinalizer', object: 9, into: null }, 'ObjectNotAlive'],
  [{ kind: 'GiveFinalizer', object: 1, into: 9 }, 'ObjectNotAlive'],
  [{ kind: 'GiveFinalizer', object: 3, into: 1 }, null],
  [{ kind: 'FixCount', object: 9 }, 'ObjectNotAlive'],
  [{ kind: 'FixCount', object: 1 }, null],
]

describe('rejections', () => {
  test.each(ROWS)('[G43] %j: %s', (request, expected) => {
    expect(program().rejection(request)).toBe(expected)
  })

  test.each<[Request | PlainRequest, string]>([
    [{ kind: 'Collect', generation: 9 }, '9 is no generation: 0, 1 or 2'],
    [{ kind: 'SetThresholds', thresholds: [700, 10, 0.5] }, '0.5 is no threshold: a whole number below 4294967295'],
    [{ kind: 'LetGo', from: null, to: 3 }, 'nothing there holds object 3'],
    [{ kind: 'MakeObject', object: 1, type: 'list' }, 'object 1 is alive already: a new one needs an id of its own'],
    [{ kind: 'Hold', from: 9, to: 1 }, 'object 1 or 9 is not alive'],
    [{ kind: 'FixCount', object: 9 }, 'object 9 is not alive'],
    [{ kind: 'ReferWeakly', weak: 1, object: 3, callback: true }, 'object 1 is no weak reference that refers to nothing yet'],
  ])('[G43] %j: %s', (request, message) => {
    expect(collectorReducer.step(program().state, request)).toMatchObject({ _tag: 'Left', left: { index: 7, reason: { message } } })
  })

  test('[G43] an opcode of the collector that is no request is rejected, and so is a kind that is none', () => {
    const rows = new Columns()
    rows.push(79, 0, 0, 0, 0, 0, 0)
    const folded = collectorReducer.fold(program().state, rows as Batch<RequestOpcode>)
    expect(folded).toMatchObject({
      _tag: 'Left',
      left: { index: 0, reason: { kind: 'UnknownRequest', message: '79 is no request of the collector' } },
    })
    rows.clear()
    rows.push(88, 0, 99, 7, 0, 0, 0)
    expect(collectorReducer.fold(program().state, rows as Batch<RequestOpcode>)).toMatchObject({
      left: { reason: { kind: 'UnknownRequest' } },
    })
  })

  test('[G43] a batch is rejected whole: thresholds that were set before the impossible row are not', () => {
    const { state } = program()
    const rows = new Columns()
    rows.firstIndex = state.at
    rows.push(REQUEST_OPCODES.SetThresholds, 0, 0, 1, 2, 3, 0)
    rows.push(REQUEST_OPCODES.Collect, 0, 3, 0, 0, 0, 0)
    expect(collectorReducer.fold(state, rows as Batch<RequestOpcode>)).toMatchObject({ _tag: 'Left', left: { index: 8 } })
    expect(thresholds(state)).toEqual([700, 10, 10])
    expect((keeper.read(state) satisfies CollectorState).collecting).toBe(0)
  })

  test('[G43] every reason has its place in the list', () => {
    const kinds = new Set(ROWS.flatMap(([, kind]) => (kind === null ? [] : [kind])))
    expect([...kinds, 'UnknownRequest'].sort()).toEqual([...REJECTIONS].sort())
  })
})
