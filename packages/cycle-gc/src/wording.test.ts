import { type Batch, Columns, NO_ID } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import {
  collectorReducer,
  collectorWording,
  FACT_OPCODES,
  type PlainRequest,
  PlainRequest as PlainRequestCodec,
  REQUEST_OPCODES,
  type Request,
  Request as RequestCodec,
  type RequestOpcode,
} from './index.ts'

const REQUESTS: readonly (readonly [Request, readonly number[]])[] = [
  [{ kind: 'Collect', generation: 1 }, [64, 1, NO_ID, 0, 0]],
  [{ kind: 'SetThresholds', thresholds: [700, 10, 5] }, [65, 0, 700, 10, 5]],
  [{ kind: 'EnableCollector' }, [66, 0, NO_ID, 0, 0]],
  [{ kind: 'DisableCollector' }, [67, 0, NO_ID, 0, 0]],
  [{ kind: 'FreezeObjects' }, [68, 0, NO_ID, 0, 0]],
  [{ kind: 'UnfreezeObjects' }, [69, 0, NO_ID, 0, 0]],
  [{ kind: 'SetSaveAll', saveAll: true }, [70, 1, NO_ID, 0, 0]],
  [{ kind: 'ClearGarbage' }, [71, 0, NO_ID, 0, 0]],
  [{ kind: 'SetCallbacks', callbacks: 3 }, [72, 0, 3, 0, 0]],
  [{ kind: 'CheckEvalBreaker' }, [73, 0, NO_ID, 0, 0]],
  [{ kind: 'ReleaseEarlierObject', tracked: true }, [74, 1, NO_ID, 0, 0]],
]

describe('wording', () => {
  test.each(REQUESTS)('[G46] %j is the row %j', (request, [code, tag, id, other, size]) => {
    const rows = new Columns()
    collectorWording.write(request, rows)
    expect([rows.code[0], rows.tag[0], rows.id[0], rows.other[0], rows.size[0]]).toEqual([code, tag, id, other, size])
  })

  test('[G46] every kind of request has a row here, and the codec knows it', () => {
    expect(REQUESTS.map(([{ kind }]) => kind).sort()).toEqual(Object.keys(REQUEST_OPCODES).sort())
    for (const [request] of REQUESTS) expect(RequestCodec.decode(request)._tag).toBe('Right')
  })

  test('[G46] a fold over rows does what steps over tagged values do', () => {
    const requests: (Request | PlainRequest)[] = [
      { kind: 'MakeObject', object: 1, type: 'list' },
      { kind: 'MakeObject', object: 2, type: 'weakref' },
      { kind: 'ReferWeakly', weak: 2, object: 1, callback: true },
      { kind: 'GiveFinalizer', object: 1, into: null },
      { kind: 'Hold', from: 1, to: 1 },
      { kind: 'LetGo', from: null, to: 1 },
      { kind: 'SetSaveAll', saveAll: true },
      { kind: 'SetCallbacks', callbacks: 1 },
      { kind: 'Collect', generation: 0 },
    ]
    for (const request of requests.slice(0, 6)) expect(PlainRequestCodec.decode(request)._tag).toBe('Right')
    const program = new Program()
    const initial = program.state
    const stepped = requests.flatMap((request) => program.do(request))
    const rows = new Columns()
    for (const request of requests) collectorWording.write(request, rows)
    const folded = collectorReducer.fold(initial, rows as Batch<RequestOpcode>)
    if (folded._tag === 'Left') throw new Error(folded.left.reason.message)
    const { emitted } = folded.right
    expect(Array.from({ length: emitted.length }, (_, row) => collectorWording.read(emitted, row))).toEqual(stepped)
    expect(stepped.map(({ kind }) => kind)).toEqual([
      'CollectionStarted',
      'GarbageFound',
      'WeaklyCleared',
      'CalledBack',
      'Finalized',
      'GarbageKept',
      'CollectionFinished',
    ])
  })

  test('[G46] a fact about an object without an id, and a collection that was due and is not any more, are null', () => {
    const rows = new Columns()
    rows.push(FACT_OPCODES.GarbageFound, 0, 0, NO_ID, 5, 0, 0)
    rows.push(FACT_OPCODES.CollectionDue, 0, 255, 3, 2, 1, 0)
    expect([0, 1].map((row) => collectorWording.read(rows as never, row))).toEqual([
      { kind: 'GarbageFound', object: null },
      { kind: 'CollectionDue', generation: null, counts: [3, 2, 1] },
    ])
  })
})
