import { Columns, type FactBatch, NO_ID } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { allocatorWording, FACT_OPCODES, type Fact, type FactOpcode, REQUEST_OPCODES, Request } from './index.ts'

/** Requests with their operand columns: opcode, tag, id, other, size, address. */
const REQUESTS: readonly (readonly [Request, readonly number[]])[] = [
  [{ kind: 'Malloc', domain: 'mem', block: 7, bytes: 64, address: 4096 }, [REQUEST_OPCODES.Malloc, 1, 7, 0, 64, 4096]],
  [{ kind: 'Malloc', domain: 'raw', block: 7, bytes: 64 }, [REQUEST_OPCODES.Malloc, 0, 7, 0, 64, Number.NaN]],
  [{ kind: 'Calloc', domain: 'obj', block: 8, count: 4, elementBytes: 16, address: 4096 }, [REQUEST_OPCODES.Calloc, 2, 8, 4, 16, 4096]],
  [{ kind: 'Realloc', domain: 'obj', block: 7, newBlock: 9, bytes: 128 }, [REQUEST_OPCODES.Realloc, 2, 7, 9, 128, Number.NaN]],
  [{ kind: 'Realloc', domain: 'obj', block: null, newBlock: 9, bytes: 128 }, [REQUEST_OPCODES.Realloc, 2, NO_ID, 9, 128, Number.NaN]],
  [{ kind: 'Free', domain: 'mem', block: 9 }, [REQUEST_OPCODES.Free, 1, 9, 0, 0, Number.NaN]],
  [{ kind: 'Free', domain: 'mem', block: null }, [REQUEST_OPCODES.Free, 1, NO_ID, 0, 0, Number.NaN]],
  [{ kind: 'ArenaMapped', address: 4096, bytes: 1024 }, [REQUEST_OPCODES.ArenaMapped, 0, NO_ID, 0, 1024, 4096]],
  [{ kind: 'ArenaMapped', address: null, bytes: 1024 }, [REQUEST_OPCODES.ArenaMapped, 0, NO_ID, 0, 1024, Number.NaN]],
  [{ kind: 'ReleaseHeap' }, [REQUEST_OPCODES.ReleaseHeap, 0, NO_ID, 0, 0, Number.NaN]],
  [{ kind: 'ArenaUnmapped', address: 4096 }, [REQUEST_OPCODES.ArenaUnmapped, 0, NO_ID, 0, 0, 4096]],
]

test.each(REQUESTS)('[A46] %j as a row', (request, expected) => {
  const rows = new Columns()
  allocatorWording.write(request, rows)
  expect([rows.code[0], rows.tag[0], rows.id[0], rows.other[0], rows.size[0], rows.address[0]]).toEqual(expected)
  expect(Request.decode(JSON.parse(JSON.stringify(request)))).toEqual({ _tag: 'Right', right: request })
})

/** Facts with the row that they are read from. */
const FACTS: readonly (readonly [Fact, readonly [FactOpcode, number, number, number, number, number]])[] = [
  [{ kind: 'BlockPlaced', block: 7, bytes: 60, address: 48, sizeClass: 3 }, [FACT_OPCODES.BlockPlaced, 3, 7, 0, 60, 48]],
  [
    { kind: 'BlockResized', block: 8, previousBytes: 60, bytes: 64, address: 48, sizeClass: 3 },
    [FACT_OPCODES.BlockResized, 3, 8, 60, 64, 48],
  ],
  [{ kind: 'BlockReturned', block: 8, bytes: 64, address: 48, sizeClass: 3 }, [FACT_OPCODES.BlockReturned, 3, 8, 0, 64, 48]],
  [{ kind: 'BlockPassedOn', block: 9, bytes: 600, address: 96, domain: 'mem' }, [FACT_OPCODES.BlockPassedOn, 1, 9, 0, 600, 96]],
  [{ kind: 'BlockPassedOn', block: 9, bytes: 600, address: null, domain: 'raw' }, [FACT_OPCODES.BlockPassedOn, 0, 9, 0, 600, Number.NaN]],
  [{ kind: 'BlockHandedBack', block: 9, bytes: 600, address: 96, domain: 'obj' }, [FACT_OPCODES.BlockHandedBack, 2, 9, 0, 600, 96]],
  [{ kind: 'PoolOpened', address: 0, sizeClass: 3 }, [FACT_OPCODES.PoolOpened, 3, 0, 0, 0, 0]],
  [{ kind: 'PoolClosed', address: 0, sizeClass: 3 }, [FACT_OPCODES.PoolClosed, 3, 0, 0, 0, 0]],
  [{ kind: 'ArenaOpened', address: 4096, bytes: 1024 }, [FACT_OPCODES.ArenaOpened, 0, 0, 0, 1024, 4096]],
  [{ kind: 'ArenaReleased', address: 4096, bytes: 1024 }, [FACT_OPCODES.ArenaReleased, 0, 0, 0, 1024, 4096]],
  [{ kind: 'ArenaRefused', bytes: 1024 }, [FACT_OPCODES.ArenaRefused, 0, 0, 0, 1024, 0]],
]

test.each(FACTS)('[A46] %j is read from its row', (fact, [code, ...operands]) => {
  const facts = new Columns()
  facts.push(code, 0, ...operands)
  expect(allocatorWording.read(facts as FactBatch<FactOpcode>, 0)).toEqual(fact)
})

test('[A46] every kind has an opcode of its own', () => {
  expect(new Set(REQUESTS.map(([{ kind }]) => kind))).toEqual(new Set(Object.keys(REQUEST_OPCODES)))
  expect(new Set(FACTS.map(([{ kind }]) => kind))).toEqual(new Set(Object.keys(FACT_OPCODES)))
  for (const opcodes of [REQUEST_OPCODES, FACT_OPCODES]) expect(new Set(Object.values(opcodes)).size).toBe(Object.keys(opcodes).length)
})

test.each([
  { kind: 'Malloc', domain: 'obj', block: -1, bytes: 64 },
  { kind: 'Malloc', domain: 'obj', block: 1.5, bytes: 64 },
  { kind: 'Malloc', domain: 'obj', block: 4294967295, bytes: 64 },
  { kind: 'Malloc', domain: 'heap', block: 1, bytes: 64 },
  { kind: 'Malloc', domain: 'obj', block: 1, bytes: 0.5 },
  { kind: 'Calloc', domain: 'obj', block: 1, count: -1, elementBytes: 1 },
  { kind: 'Realloc', domain: 'obj', block: 1, newBlock: null, bytes: 1 },
  { kind: 'Free', domain: 'obj' },
  { kind: 'ArenaMapped', address: -1, bytes: 1024 },
])('[A46] %j is no request', (value) => {
  expect(Request.decode(value)._tag).toBe('Left')
})
