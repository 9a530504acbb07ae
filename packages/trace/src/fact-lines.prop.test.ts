import { fc, test } from '@fast-check/vitest'
import { allocatorWording, FACT_OPCODES, type FactOpcode } from '@reheap/allocator'
import { FACT_OPCODES as COLLECTOR, collectorWording } from '@reheap/cycle-gc'
import { FACT_OPCODES as DEVICE, deviceMemoryWording } from '@reheap/device-memory'
import { FACT_OPCODES as HOST } from '@reheap/host-memory'
import { Columns, EventColumns, type FactBatch, NO_ID } from '@reheap/kernel'
import { FACT_OPCODES as OBJECTS, refcountWording } from '@reheap/refcount'
import { expect } from 'vitest'
import { encodeFacts } from './index.ts'

const CODES = Object.values(FACT_OPCODES)
const whole = fc.maxSafeNat()
const row = fc.record({
  code: fc.constantFrom(...CODES),
  cause: fc.nat(99),
  tag: fc.nat(2),
  id: fc.nat(0xffff_fffe),
  other: fc.nat(0xffff),
  size: whole,
  address: whole,
  hasAddress: fc.boolean(),
})

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

test.prop([fc.array(row), fc.boolean()])(
  '[T34] a fact is one line: the index of its request, the fact, and the heap if it is not 0',
  (rows, hasHeaps) => {
    const requests = new EventColumns(100, 1000)
    for (let at = 0; at < 100; at++) {
      requests.push(1, 0, at, 0, 1, 0)
      if (hasHeaps && at % 3 === 1) requests.setContext(at, { heap: at })
    }
    const facts = new Columns()
    for (const { code, cause, tag, id, other, size, address, hasAddress } of rows) {
      const isPassedOn = code === FACT_OPCODES.BlockPassedOn || code === FACT_OPCODES.BlockHandedBack
      facts.push(code, cause + 1000, tag, id, other, size, isPassedOn && !hasAddress ? Number.NaN : address)
    }
    const expected = rows.map(({ cause }, at) => {
      const heap = hasHeaps && cause % 3 === 1 ? { heap: cause } : {}
      return `${JSON.stringify({ index: cause + 1000, ...allocatorWording.read(facts as FactBatch<FactOpcode>, at), ...heap })}\n`
    })
    expect(text(encodeFacts(facts, requests))).toBe(expected.join(''))
  },
)

// The fields of every kind as the tables of `refcount/src/events.ts` and `cycle-gc/src/events.ts` put them into columns.
test.each([
  [OBJECTS.ObjectCreated, 1, 7, 3, 56, '"kind":"ObjectCreated","object":7,"bytes":56,"isReused":true'],
  [OBJECTS.ObjectCreated, 0, NO_ID, 3, 64, '"kind":"ObjectCreated","object":null,"bytes":64,"isReused":false'],
  [OBJECTS.BlockRequested, 0, 7, 0, 56, '"kind":"BlockRequested","object":7,"bytes":56,"beside":false,"block":null'],
  [OBJECTS.BlockReleased, 1, 7, 0, 56, '"kind":"BlockReleased","object":7,"bytes":56,"beside":true,"block":null'],
  [OBJECTS.ObjectDied, 0, 7, 3, 56, '"kind":"ObjectDied","object":7,"bytes":56'],
  [OBJECTS.FinalizerRan, 1, 7, NO_ID, Number.NaN, '"kind":"FinalizerRan","object":7,"isResurrected":true'],
  [OBJECTS.WeakReferenceCleared, 0, 8, 7, Number.NaN, '"kind":"WeakReferenceCleared","weak":8,"object":7'],
  [OBJECTS.WeakReferenceCalled, 0, 8, 7, Number.NaN, '"kind":"WeakReferenceCalled","weak":8,"object":7'],
  [OBJECTS.ObjectTracked, 0, 7, 0, Number.NaN, '"kind":"ObjectTracked","object":7'],
  [OBJECTS.ObjectUntracked, 0, NO_ID, 0, Number.NaN, '"kind":"ObjectUntracked","object":null'],
  [COLLECTOR.CollectionDue, 1, 701, 11, 3, '"kind":"CollectionDue","generation":1,"counts":[701,11,3]'],
  [COLLECTOR.CollectionDue, 255, 0, 0, 0, '"kind":"CollectionDue","generation":null,"counts":[0,0,0]'],
  [COLLECTOR.FullCollectionDeferred, 0, 10, 50, 0, '"kind":"FullCollectionDeferred","longLivedPending":10,"longLivedTotal":50'],
  [COLLECTOR.CollectionStarted, 2, 1, 3, 40, '"kind":"CollectionStarted","generation":2,"reason":"request","young":40,"count0":3'],
  [COLLECTOR.CollectionStarted, 0, 0, 701, 9, '"kind":"CollectionStarted","generation":0,"reason":"threshold","young":9,"count0":701'],
  [COLLECTOR.GarbageFound, 0, 7, 0, Number.NaN, '"kind":"GarbageFound","object":7'],
  [COLLECTOR.GarbageKept, 0, NO_ID, 0, Number.NaN, '"kind":"GarbageKept","object":null'],
])('[T34] a fact of opcode %i, tag %i: %s', (code, tag, id, other, size, expected) => {
  const facts = new Columns()
  facts.push(code, 9, tag, id, other, size, Number.NaN)
  expect(text(encodeFacts(facts, new EventColumns(1, 9)))).toBe(`{"index":9,${expected}}\n`)
})

// The fields of every kind as the table of `host-memory/src/events.ts` puts them into columns.
test.each([
  [HOST.ChunkGiven, 1, 7, 112, 4096, '"kind":"ChunkGiven","block":7,"process":1,"bytes":112,"address":4096'],
  [HOST.ChunkFreed, 0, 7, 112, Number.NaN, '"kind":"ChunkFreed","block":7,"process":0,"bytes":112,"address":null'],
  [HOST.AreaMapped, 0, NO_ID, 4096, 8192, '"kind":"AreaMapped","process":0,"bytes":4096,"address":8192'],
  [HOST.BreakMoved, 0, NO_ID, 135168, 8192, '"kind":"BreakMoved","process":0,"bytes":135168,"address":8192'],
  [HOST.PagesTouched, 2, NO_ID, 4096, 8192, '"kind":"PagesTouched","process":2,"bytes":4096,"address":8192'],
  [HOST.PagesReleased, 2, NO_ID, 4096, 8192, '"kind":"PagesReleased","process":2,"bytes":4096,"address":8192'],
  [HOST.PagesSwappedOut, 0, NO_ID, 4096, 30000, '"kind":"PagesSwappedOut","process":0,"bytes":4096,"nanoseconds":30000'],
  [HOST.CacheReclaimed, 0, NO_ID, 4096, Number.NaN, '"kind":"CacheReclaimed","bytes":4096'],
  [HOST.ProcessKilled, 3, NO_ID, 8192, 4096, '"kind":"ProcessKilled","process":3,"rssBytes":8192,"swapBytes":4096'],
  [HOST.PowerLost, 0, NO_ID, 4096, Number.NaN, '"kind":"PowerLost","bytes":4096'],
])('[T34] a fact of the host, opcode %i, tag %i: %s', (code, tag, id, size, address, expected) => {
  const facts = new Columns()
  facts.push(code, 9, tag, id, 0, size, address)
  expect(text(encodeFacts(facts, new EventColumns(1, 9)))).toBe(`{"index":9,${expected}}\n`)
})

test.each([
  [1, true],
  [0, false],
])('[T34] a collection that gc.get_stats counts (%i) or leaves out', (isCounted, expected) => {
  const facts = new Columns()
  facts.push(COLLECTOR.CollectionFinished, 9, 1, 5, 2, 40, isCounted)
  const fact = { index: 9, kind: 'CollectionFinished', generation: 1, collected: 5, uncollectable: 2, visited: 40, isCounted: expected }
  expect(text(encodeFacts(facts, new EventColumns(1, 9)))).toBe(`${JSON.stringify(fact)}\n`)
})

const objectRow = fc.record({
  code: fc.constantFrom(...Object.values(OBJECTS), ...Object.values(COLLECTOR)),
  tag: fc.nat(1),
  id: fc.oneof(fc.nat(1), fc.nat(0xffff_fffe)),
  other: fc.nat(0xffff),
  size: whole,
  address: fc.oneof(fc.constant(Number.NaN), fc.nat(1), whole),
})

test.prop([fc.array(objectRow)])('[T34] a fact of objects or of the collector is the one that its package reads from the row', (rows) => {
  const facts = new Columns()
  for (const { code, tag, id, other, size, address } of rows) {
    const isCollection = code === COLLECTOR.CollectionFinished
    const reason = code === COLLECTOR.CollectionStarted ? id % 2 : id
    facts.push(code, 5, tag, reason, other, size, isCollection ? tag : address)
  }
  const lines = text(encodeFacts(facts, new EventColumns(1, 5)))
    .split('\n')
    .slice(0, -1)
  const read = rows.map(({ code }, row) =>
    code < COLLECTOR.CollectionStarted ? refcountWording.read(facts as never, row) : collectorWording.read(facts as never, row),
  )
  expect(lines.map((line) => JSON.parse(line))).toEqual(read.map((fact) => ({ index: 5, ...fact })))
})

const deviceRow = fc.record({
  code: fc.constantFrom(...Object.values(DEVICE)),
  tag: fc.nat(2),
  id: fc.nat(0xffff_fffe),
  other: fc.nat(1),
  size: whole,
  address: whole,
})

test.prop([fc.array(deviceRow)])('[T34] a fact of the device is the one that its package reads from the row', (rows) => {
  const facts = new Columns()
  for (const { code, tag, id, other, size, address } of rows) facts.push(code, 5, tag, id, other, size, address)
  const lines = text(encodeFacts(facts, new EventColumns(1, 5)))
    .split('\n')
    .slice(0, -1)
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    rows.map((_, row) => ({ index: 5, ...deviceMemoryWording.read(facts as never, row) })),
  )
})
