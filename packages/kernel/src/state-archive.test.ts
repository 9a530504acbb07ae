import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Column } from './columns.ts'
import type { Sealed } from './mechanism.ts'
import { createKeeper } from './ownership.ts'
import { StateArchive } from './state-archive.ts'
import { WordComparison, wordsOf, writeChanges } from './word-changes.ts'

class Table {
  readonly bytes: Uint8Array
  readonly ids: Uint32Array
  readonly small = Float64Array.of(1, 2)
  constructor(bytes: Uint8Array, ids: Uint32Array) {
    this.bytes = bytes
    this.ids = ids
  }
}
const SHARED = { table: new Uint32Array(1000).fill(7) }
interface Parts {
  readonly table: Table
  readonly shared: typeof SHARED
}
const keeper = createKeeper<Parts>(({ table, shared }) => ({
  table: new Table(table.bytes.slice(), table.ids.slice()),
  shared,
}))

const sparse = (length: number, seed: number): number[] => Array.from({ length }, (_, at) => ((at * 2654435761 + seed) % 97 === 0 ? at : 0))

const isSame = (column: Column, other: Column | undefined): boolean =>
  column.length === other?.length && column.every((value, at) => value === other[at])

test('[K20] archived states come back as they were, whatever order they are asked in, and take what changed', () => {
  const archive = new StateArchive<Parts>()
  const tables = Array.from({ length: 20 }, (_, at) => {
    // Columns grow, and lengths of bytes do not fill whole words.
    const bytes = Uint8Array.from(sparse(5003 + 1000 * Math.floor(at / 5), 0))
    const ids = Uint32Array.from(sparse(40_000, 0))
    for (let word = 0; word < 50 * at; word++) ids[(word * 7919) % ids.length] = at + 1
    bytes[at] = 255 - at
    return new Table(bytes, ids)
  })
  const copies = tables.map(({ bytes, ids }) => [bytes.slice(), ids.slice()])
  for (const table of tables) archive.add(keeper.sealed({ table, shared: SHARED }, 0))
  expect(tables.at(-1)?.ids).toHaveLength(0)
  expect(archive.bytes).toBeLessThan(20 * 4 * 40_000 * 0.2)
  for (const place of [19, 0, 17, 17, 3, 18, 1]) {
    archive.lend(place, (state) => {
      const { table, shared } = keeper.read(state)
      expect([table.bytes, table.ids].map((column, at) => isSame(column, copies[place]?.[at]))).toEqual([true, true])
      expect(table.small).toEqual(Float64Array.of(1, 2))
      expect(shared.table.every((word) => word === 7)).toBe(true)
    })
  }
  expect(() => archive.lend(20, () => {})).toThrow('no state at place 20 of 20')
})

test('[K20] what is thawed from a lent state stays when the archive takes its columns back', () => {
  const archive = new StateArchive<Parts>()
  let state: Sealed<Parts> = keeper.sealed({ table: new Table(new Uint8Array(2000), new Uint32Array(2000)), shared: SHARED }, 0)
  for (let at = 0; at < 3; at++) {
    const draft = keeper.thaw(state)
    keeper.own(draft).table.ids[at] = 5
    const next = keeper.seal(draft)
    archive.add(state)
    state = next
  }
  const thawed = archive.lend(2, keeper.thaw)
  expect(Array.from(keeper.own(thawed).table.ids.subarray(0, 4))).toEqual([5, 5, 0, 0])
  expect(SHARED.table).toHaveLength(1000)
})

const columns = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2 ** 31) }), { maxLength: 3000 })

test('[K20] changes from one column to another, written over the first, make the second', () => {
  fc.assert(
    fc.property(columns, columns, fc.boolean(), (before, now, isBytes) => {
      const make = (values: number[]): Column => (isBytes ? Uint8Array.from(values) : Uint32Array.from(values))
      const [old, next] = [wordsOf(make(before)), wordsOf(make(now))]
      const written = new Int32Array(next.length)
      written.set(old.subarray(0, next.length))
      writeChanges(new WordComparison().changes(old, next), written)
      expect(written).toEqual(next)
    }),
  )
})

test('[K20] columns are compared wherever they lie in their memory', () => {
  const now = Int32Array.from({ length: 41 }, (_, at) => (at === 0 || at === 17 || at === 40 ? -(2 ** 31) : 0))
  for (const start of [0, 1, 2, 3]) {
    const room = new Int32Array(now.length + start)
    room.set(now, start)
    const { words, gaps } = new WordComparison().changes(new Int32Array(room.buffer, 4 * start, 41).fill(0), now)
    expect([[...gaps], [...words]]).toEqual([
      [0, 16, 22],
      [-(2 ** 31), -(2 ** 31), -(2 ** 31)],
    ])
  }
})
