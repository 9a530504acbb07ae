import { EventColumns, NO_ID } from '@reheap/kernel'
import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { anyEvent } from '../test/arbitrary-event.ts'
import { rowOf } from '../test/lines.ts'
import { readEvent, writeEvent } from './event-row.ts'
import type { LogEvent } from './vocabulary.ts'

const written = (...events: LogEvent[]): EventColumns => {
  const rows = new EventColumns(2)
  for (const event of events) writeEvent(event, rows)
  return rows
}

const NONE = Number.NaN
/** Slots in order: tag, id, other, size, address, time, thread, heap, stack. */
const NO_CONTEXT = [NONE, 0, 0, NO_ID]

describe('rows', () => {
  test.each<[LogEvent, number, number[]]>([
    [{ kind: 'Malloc', domain: 'obj', block: 7, bytes: 64, address: 140213 }, 1, [2, 7, NO_ID, 64, 140213]],
    [{ kind: 'Malloc', domain: 'raw', block: 7, bytes: 64 }, 1, [0, 7, NO_ID, 64, NONE]],
    [{ kind: 'Calloc', domain: 'mem', block: 8, count: 4, elementBytes: 16 }, 2, [1, 8, 4, 16, NONE]],
    [{ kind: 'Realloc', domain: 'obj', block: 7, newBlock: 9, bytes: 128, address: 5 }, 3, [2, 7, 9, 128, 5]],
    [{ kind: 'Realloc', domain: 'obj', block: null, newBlock: 9, bytes: 128 }, 3, [2, NO_ID, 9, 128, NONE]],
    [{ kind: 'Free', domain: 'obj', block: 9 }, 4, [2, 9, NO_ID, NONE, NONE]],
    [{ kind: 'Free', domain: 'mem', block: null }, 4, [1, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'ArenaMapped', address: 262144, bytes: 1048576 }, 5, [0, NO_ID, NO_ID, 1048576, 262144]],
    [{ kind: 'ArenaUnmapped', address: 262144 }, 6, [0, NO_ID, NO_ID, NONE, 262144]],
    [{ kind: 'CreateObject', object: 7, type: 3, bytes: 56 }, 34, [0, 7, 3, 56, NONE]],
    [{ kind: 'CreateObject', object: 7, type: 3, bytes: 56, items: 2, block: 9 }, 34, [2, 7, 3, 56, 9]],
    [{ kind: 'ResizeObject', object: 7, bytes: 88 }, 35, [0, 7, NO_ID, 88, NONE]],
    [{ kind: 'AddReference', from: 7, to: 8, slot: 0 }, 36, [0, 8, 7, NONE, 0]],
    [{ kind: 'AddReference', from: 7, to: 8 }, 36, [0, 8, 7, NONE, NONE]],
    [{ kind: 'DropReference', from: null, to: 8 }, 37, [0, 8, NO_ID, NONE, NONE]],
    [{ kind: 'BindName', scope: 1, name: 2, object: 3 }, 38, [0, 3, 1, 2, NONE]],
    [{ kind: 'UnbindName', scope: 1, name: 2 }, 39, [0, NO_ID, 1, 2, NONE]],
    [{ kind: 'EnterScope', scope: 1 }, 40, [0, 1, NO_ID, NONE, NONE]],
    [{ kind: 'EnterScope', scope: 1, code: 6 }, 40, [0, 1, 6, NONE, NONE]],
    [{ kind: 'LeaveScope', scope: 1 }, 41, [0, 1, NO_ID, NONE, NONE]],
    [{ kind: 'CreateWeakReference', weak: 4, object: 3, callback: true, code: 6 }, 42, [1, 4, 3, 6, NONE]],
    [{ kind: 'CreateWeakReference', weak: 4, object: 3, callback: false }, 42, [0, 4, 3, NONE, NONE]],
    [{ kind: 'SetFinalizer', object: 3, resurrectsInto: null }, 43, [0, 3, NO_ID, NONE, NONE]],
    [{ kind: 'SetFinalizer', object: 3, resurrectsInto: 4, code: 6 }, 43, [0, 3, 4, 6, NONE]],
    [{ kind: 'TrackObject', object: 3 }, 44, [0, 3, NO_ID, NONE, NONE]],
    [{ kind: 'UntrackObject', object: 3 }, 45, [0, 3, NO_ID, NONE, NONE]],
    [{ kind: 'MakeImmortal', object: 3 }, 46, [0, 3, NO_ID, NONE, NONE]],
    [{ kind: 'SetCallback', weak: 4, dropsFrom: 3 }, 47, [0, 4, 3, NONE, NONE]],
    [{ kind: 'SetCallback', weak: 4, dropsFrom: null }, 47, [0, 4, NO_ID, NONE, NONE]],
    [{ kind: 'ClearWeakReferences', object: 3 }, 48, [0, 3, NO_ID, NONE, NONE]],
    [{ kind: 'Collect', generation: 2 }, 64, [2, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'SetThresholds', thresholds: [700, 10, 5] }, 65, [0, 700, 10, 5, NONE]],
    [{ kind: 'EnableCollector' }, 66, [0, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'SetSaveAll', saveAll: true }, 70, [1, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'SetCallbacks', callbacks: 1 }, 72, [0, 1, NO_ID, NONE, NONE]],
    [{ kind: 'CheckEvalBreaker' }, 73, [0, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'ReleaseEarlierObject', tracked: true }, 74, [1, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'DeviceOpened', device: 1, capacityBytes: 24, contextBytes: 5 }, 96, [1, NO_ID, NO_ID, 24, 5]],
    [{ kind: 'DeviceMalloc', block: 7, device: 1, stream: 2, bytes: 64, address: 4096 }, 97, [1, 7, 2, 64, 4096]],
    [{ kind: 'DeviceMalloc', block: 7, device: 1, stream: 2, bytes: 64, address: null }, 97, [1, 7, 2, 64, -1]],
    [{ kind: 'DeviceMalloc', block: 7, device: 1, stream: 2, bytes: 64 }, 97, [1, 7, 2, 64, NONE]],
    [{ kind: 'DeviceFree', block: 7 }, 98, [0, 7, NO_ID, NONE, NONE]],
    [{ kind: 'RecordStream', block: 7, stream: 3 }, 99, [0, 7, 3, NONE, NONE]],
    [{ kind: 'CompleteStreamEvents', stream: null }, 100, [255, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'CompleteStreamEvents', stream: 3, device: 0 }, 100, [0, NO_ID, 3, NONE, NONE]],
    [{ kind: 'EmptyCache' }, 101, [0, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'ResetPeakStats', device: 2 }, 102, [2, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'SetMemoryFraction', fraction: 0.25 }, 104, [0, NO_ID, NO_ID, 0.25, NONE]],
    [{ kind: 'BeginPool', pool: 4, stream: null }, 105, [0, 4, NO_ID, NONE, NONE]],
    [{ kind: 'EndPool', pool: 4, device: 3 }, 106, [3, 4, NO_ID, NONE, NONE]],
    [{ kind: 'ReleasePool', pool: 4 }, 107, [0, 4, NO_ID, NONE, NONE]],
    [{ kind: 'CopyMemory', direction: 'deviceToHost', bytes: 64, pinned: true }, 108, [1, NO_ID, 1, 64, 0]],
    [{ kind: 'RestoreBlock', block: null, bytes: 512, requestedBytes: 0, state: 'inactive' }, 110, [2, NO_ID, NO_ID, 512, 0]],
    [{ kind: 'StartProcess', process: 2 }, 129, [2, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'EndProcess', process: 0 }, 130, [0, NO_ID, NO_ID, NONE, NONE]],
    [{ kind: 'LibraryMalloc', block: 7, bytes: 64, address: 4096 }, 131, [0, 7, NO_ID, 64, 4096]],
    [{ kind: 'LibraryCalloc', block: 7, count: 3, elementBytes: 8, process: 2 }, 132, [2, 7, 3, 8, NONE]],
    [{ kind: 'LibraryAlign', block: 7, alignment: 64, bytes: 100 }, 133, [0, 7, 64, 100, NONE]],
    [{ kind: 'LibraryRealloc', block: null, newBlock: 8, bytes: 100 }, 134, [0, NO_ID, 8, 100, NONE]],
    [{ kind: 'LibraryFree', block: 8, process: 1 }, 135, [1, 8, NO_ID, NONE, NONE]],
    [{ kind: 'MapMemory', mapping: 5, bytes: 4096, backing: 'shared', address: 8192 }, 136, [0, 5, 2, 4096, 8192]],
    [{ kind: 'UnmapMemory', mapping: 5, from: 4096, bytes: 8192 }, 137, [0, 5, NO_ID, 8192, 4096]],
    [{ kind: 'RemapMemory', mapping: 5, bytes: 8192, address: 4096 }, 138, [0, 5, NO_ID, 8192, 4096]],
    [{ kind: 'TouchPages', mapping: 5, from: 4096, bytes: 8192 }, 139, [0, 5, NO_ID, 8192, 4096]],
    [{ kind: 'MapShared', mapping: 5, of: 4, bytes: 8192, address: 4096 }, 149, [0, 5, 4, 8192, 4096]],
    [{ kind: 'CopyPages', mapping: 5, from: 4096, bytes: 8192 }, 147, [0, 5, NO_ID, 8192, 4096]],
    [{ kind: 'ReadPages', mapping: 5, from: 4096, bytes: 8192 }, 148, [0, 5, NO_ID, 8192, 4096]],
    [{ kind: 'TouchBlock', block: 7, from: 1, bytes: 2 }, 140, [0, 7, NO_ID, 2, 1]],
    [{ kind: 'ReleasePages', mapping: 5, from: 4096, bytes: 8192 }, 141, [0, 5, NO_ID, 8192, 4096]],
    [{ kind: 'AdviseHugePages', mapping: 5, from: 0, bytes: 2, huge: true }, 142, [0, 5, 1, 2, 0]],
    [{ kind: 'AdviseHugeBlock', block: 7, from: 0, bytes: 2, huge: false }, 146, [0, 7, 0, 2, 0]],
    [{ kind: 'ReadFile', bytes: 9 }, 143, [0, NO_ID, NO_ID, 9, NONE]],
    [{ kind: 'PowerOff' }, 144, [0, NO_ID, NO_ID, NONE, NONE]],
  ])('[T1] %j lies in its columns', (event, code, operands) => {
    expect(rowOf(written(event), 0)).toEqual({ code, slots: [...operands, ...NO_CONTEXT], detail: null })
  })

  test('[T1] what may stand on any event lies in the context columns', () => {
    const rows = written(
      { kind: 'Free', domain: 'raw', block: 1 },
      { kind: 'Free', domain: 'raw', block: 2, time: 5, thread: 6, heap: 7, stack: 8 },
    )
    expect([rows.time?.[0], rows.thread?.[0], rows.heap?.[0], rows.stack?.[0]]).toEqual([NONE, 0, 0, NO_ID])
    expect([rows.time?.[1], rows.thread?.[1], rows.heap?.[1], rows.stack?.[1]]).toEqual([5, 6, 7, 8])
  })

  test.each<[LogEvent, number, string]>([
    [{ kind: 'Mark', label: 'scriptEnd' }, 240, '{"label":"scriptEnd"}'],
    [
      { kind: 'Stack', stack: 3, frames: [{ file: 'a.py', line: 2, function: 'f' }] },
      241,
      '{"stack":3,"frames":[{"file":"a.py","line":2,"function":"f"}]}',
    ],
    [{ kind: 'Observe', of: 'allocatedBlocks', values: { count: 5 } }, 242, '{"of":"allocatedBlocks","values":{"count":5}}'],
  ])('[T2] %j keeps its fields in the detail', (event, code, detail) => {
    expect(rowOf(written(event), 0)).toEqual({ code, slots: [0, NO_ID, NO_ID, NONE, NONE, ...NO_CONTEXT], detail })
  })

  test('[T2] the name of a type and the text of a name stand in the detail, the rest in columns', () => {
    const rows = written({ kind: 'DefineType', type: 3, layout: 'list', name: 'list' }, { kind: 'DefineName', name: 4, text: 'x' })
    expect(rowOf(rows, 0)).toEqual({ code: 32, slots: [2, 3, NO_ID, NONE, NONE, ...NO_CONTEXT], detail: '{"name":"list"}' })
    expect(rowOf(rows, 1)).toEqual({ code: 33, slots: [0, 4, NO_ID, NONE, NONE, ...NO_CONTEXT], detail: '{"text":"x"}' })
  })

  test('[T2] settings, and the type of a segment, stand in the detail, the rest in columns', () => {
    const segment = { stream: 1, address: 2 ** 21, bytes: 2 ** 21, type: 'small', isExpandable: true } as const
    const rows = written({ kind: 'Configure', settings: 'a:1' }, { kind: 'RestoreSegment', ...segment, device: 2, pool: null })
    expect(rowOf(rows, 0)).toEqual({ code: 103, slots: [0, NO_ID, NO_ID, NONE, NONE, ...NO_CONTEXT], detail: '{"settings":"a:1"}' })
    const detail = '{"type":"small","isExpandable":true}'
    expect(rowOf(rows, 1)).toEqual({ code: 109, slots: [2, NO_ID, 1, 2 ** 21, 2 ** 21, ...NO_CONTEXT], detail })
  })

  test('[T2] a Stack defines a stack and has none of its own', () => {
    const rows = written({ kind: 'Stack', stack: 3, frames: [], time: 1 })
    expect(rows.stack).toBeNull()
    expect(rows.time?.[0]).toBe(1)
  })

  test('[T3] an event written to a row is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 8 }), (events) => {
        const rows = written(...events)
        const read = events.map((_, row) => readEvent(rows, row))
        expect(read.every(isRight)).toBe(true)
        expect(read.map((one) => (isRight(one) ? one.right : null))).toEqual(events)
      }),
      { numRuns: 500 },
    )
  })

  test('[T3] a thread or heap of 0 is the default and is left out', () => {
    const rows = written({ kind: 'Free', domain: 'obj', block: 1, thread: 0, heap: 0 })
    expect(readEvent(rows, 0)).toMatchObject({ right: { kind: 'Free', domain: 'obj', block: 1 } })
    expect(JSON.stringify(readEvent(rows, 0))).not.toContain('thread')
    expect(JSON.stringify(readEvent(rows, 0))).not.toContain('heap')
  })

  test('[T3] a tuple of no items says nothing of them, as one whose items are not given', () => {
    const rows = written({ kind: 'CreateObject', object: 1, type: 2, bytes: 40, items: 0 })
    expect(readEvent(rows, 0)).toEqual({ _tag: 'Right', right: { kind: 'CreateObject', object: 1, type: 2, bytes: 40 } })
  })

  test('[T3] an event of no known kind cannot be written: a fault of the program', () => {
    expect(() => written({ kind: 'Sweep' } as never)).toThrow('no event is called Sweep')
  })
})
