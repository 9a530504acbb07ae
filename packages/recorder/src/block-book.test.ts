import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockBook } from './block-book.ts'

const HIGH = 0x1_0000_0000
const addresses = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map((unit) => unit * 16),
  fc.integer({ min: 1, max: 40 }).map((unit) => unit * 8),
  fc.integer({ min: 0, max: 20 }).map((page) => 0x7fff_f000_0000 + page * 2 ** 18),
  fc.bigInt({ min: 1n, max: (1n << 53n) - 1n }).map(Number),
)

describe('[R2] block ids', () => {
  test.each([64, 32] as const)(
    '[R2] are dense and never reused, and name the block that lies at an address now, with %i-bit pointers',
    (bits) => {
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.boolean(), addresses), { maxLength: 200 }), (steps) => {
          const book = new BlockBook(bits)
          const model = new Map<number, number>()
          let next = 1
          for (const [isBirth, address] of steps) {
            const low = address % HIGH
            const high = Math.floor(address / HIGH)
            expect(book.nextId).toBe(next)
            if (isBirth) {
              expect(book.born(low, high)).toBe(model.has(address))
              model.set(address, next++)
            } else {
              expect(book.died(low, high)).toBe(model.get(address) ?? 0)
              model.delete(address)
            }
          }
        }),
      )
    },
  )
})
