import { fc, test } from '@fast-check/vitest'
import { allocatorWording, FACT_OPCODES, type FactOpcode } from '@reheap/allocator'
import { Columns, EventColumns, type FactBatch } from '@reheap/kernel'
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
