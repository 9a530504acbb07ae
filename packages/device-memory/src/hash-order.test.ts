import { describe, expect, test } from 'vitest'
import { clearMembers, enterMember, fibonacciHash, HashOrder, memberSlot, removeSlot, resetMembers } from './hash-order.ts'

const members = (table: HashOrder): number[] => [...table.slots].filter((member) => member >= 0)
/** Hashes whose slot in a table of 8 is given: the top three bits. */
const hashesOf = (...slots: number[]): Float64Array => Float64Array.from(slots, (slot) => slot * 2 ** 29)

describe('[D23] a hash table is gone through in the order of its slots', () => {
  test('the hash times the golden ratio, its upper half', () => {
    // 2^64 / phi is 0x9e3779b97f4a7c15.
    expect(fibonacciHash(1n)).toBe(0x9e3779b9)
    expect(fibonacciHash(1n << 56n)).toBe(0x15000000)
  })

  test('members lie at the slot of their hash, and behind it where that is taken', () => {
    const table = new HashOrder()
    const hashes = hashesOf(6, 2, 2, 0)
    for (const member of [0, 1, 2]) enterMember(table, hashes, member)
    expect(members(table)).toEqual([1, 2, 0])
    expect(table.slotCount).toBe(8)
    enterMember(table, hashes, 3)
    enterMember(table, hashes, 1)
    expect(members(table)).toEqual([3, 1, 2, 0])
  })

  test('who lies farther off its slot takes the place of one that lies nearer', () => {
    const table = new HashOrder()
    const hashes = hashesOf(2, 3, 2)
    for (const member of [0, 1, 2]) enterMember(table, hashes, member)
    expect(members(table)).toEqual([0, 2, 1])
  })

  test('when one is taken out, those that lie off their slots move up', () => {
    const table = new HashOrder()
    const hashes = hashesOf(2, 2, 2, 6)
    for (const member of [0, 1, 2, 3]) enterMember(table, hashes, member)
    removeSlot(table, memberSlot(table, 0))
    expect([...table.slots.slice(0, 8)]).toEqual([-1, -1, 1, 2, -1, -1, 3, -1])
    clearMembers(table)
    expect([members(table), table.slotCount]).toEqual([[], 8])
    resetMembers(table)
    expect(table.slotCount).toBe(0)
  })

  test('a table that would hold too many on one slot grows', () => {
    const table = new HashOrder()
    const hashes = Float64Array.from({ length: 12 }, (_, member) => member * 1000)
    for (let member = 0; member < 12; member++) enterMember(table, hashes, member)
    expect(members(table).sort((a, b) => a - b)).toEqual([...Array(12).keys()])
    expect(table.slotCount).toBeGreaterThan(24)
  })
})
