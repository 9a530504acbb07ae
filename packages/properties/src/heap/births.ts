/** Deeds that make objects: one, a ring, a row, many. */
import { LAYOUTS, type Layout } from '@reheap/refcount'
import { FILLED_AT_BIRTH, type HeapAuthor } from './author.ts'
import type { NaiveObject } from './naive-heap.ts'

const CODES = 3
const RINGS: readonly Layout[] = [
  'list',
  'dict',
  'set',
  'instance',
  'slots',
  'function',
  'cell',
  'module',
  'type',
  'gcOther',
  'frame',
  'generator',
]
/** Layouts whose objects may have a finalizer: those of a program's own classes, and of extensions. */
export const FINALIZED: readonly Layout[] = ['instance', 'slots', 'gcOther', 'plain']
/** Layouts that are made by themselves. */
const MADE = LAYOUTS.filter((layout) => layout !== 'weakref')

export const pickOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)]
export const codeOf = (pick: number): number | null => (pick % (CODES + 1) === CODES ? null : pick % (CODES + 1))

export function make(author: HeapAuthor, a: number, b: number, c: number): void {
  const layout = MADE[a % MADE.length] as Layout
  const held = [pickOf(author.objects(), b), pickOf(author.objects(), c)].slice(0, b % 3)
  const items = held.filter((object): object is NaiveObject => object !== undefined)
  author.create(layout, FILLED_AT_BIRTH.includes(layout) ? items : items.slice(0, 1))
}

/** Objects that hold each other in a ring; all but some are let go. */
export function ring(author: HeapAuthor, a: number, b: number, c: number): void {
  const members = Array.from({ length: (a % 4) + 1 }, (_, at) => author.create(RINGS[(b + at * c) % RINGS.length] as Layout))
  for (const [at, member] of members.entries()) author.link(member, members[(at + 1) % members.length] as NaiveObject)
  const dying = members.find(({ layout }) => FINALIZED.includes(layout))
  if (dying !== undefined && c % 3 !== 2) author.finalize(dying, c % 5 < 3 ? (pickOf(author.saviours(), b) ?? null) : null, codeOf(a))
  for (const [at, member] of members.entries()) if ((c >> at) % 3 !== 0) author.release(member)
}

/** Objects that hold each other in a row: their deaths are as deep. */
export function chain(author: HeapAuthor, a: number, b: number): void {
  const layouts: readonly Layout[] = b % 2 === 0 ? ['list'] : ['tuple', 'dict', 'slots', 'instance', 'builtinMethod']
  let last: NaiveObject | null = pickOf(author.objects(), b) ?? null
  if (last !== null) author.hold(last)
  for (let at = 0; at < (a % 9) + 2; at++) {
    const next: NaiveObject = author.create(layouts[(a + at) % layouts.length] as Layout, last === null ? [] : [last])
    if ((b + at) % 3 === 0 && FINALIZED.includes(next.layout)) author.finalize(next, pickOf(author.saviours(), a) ?? null, codeOf(b))
    if (last !== null) author.release(last)
    last = next
  }
  if (last !== null && b % 3 === 0) author.release(last)
}

/** New objects one after another, most of which live on: collections become due. */
export function many(author: HeapAuthor, a: number, b: number): void {
  const layout: Layout = b % 2 === 0 ? 'list' : 'slots'
  for (let at = 0; at < (a % 12) + 3; at++) {
    const object = author.create(layout)
    if ((b + at) % 3 === 0) author.release(object)
    author.say({ kind: 'CheckEvalBreaker' })
  }
}
