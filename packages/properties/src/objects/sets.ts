/** Deeds with sets. */
import type { Author } from './author.ts'
import type { Deed } from './deed.ts'
import { during, type HeldName, nameAt, pickOf } from './placing.ts'
import type { Thing } from './thing.ts'

/** A set of keys, or of one object that is hashed by its address: so the order of what it holds is known. */
function makeSet(author: Author, { a, b, c }: Deed): void {
  const single = c % 3 === 0
  const fitting = author.holding(({ type, key }) => (single ? type.isHashable : key !== ''))
  const items = single
    ? fitting.slice(b % Math.max(1, fitting.length)).slice(0, 1)
    : fitting.filter(({ thing }, index) => isFirst(fitting, thing, index))
  if (items.length === 0) return
  const name = nameAt(author, a)
  author.say(`${name.text} = {${items.map(({ text }) => text).join(', ')}}`)
  for (const { thing } of items) author.load(thing)
  const set = author.create('set')
  for (const { thing } of items) {
    author.hold(set, thing.key, thing)
    author.unload(thing)
  }
  author.store(name, set)
}

/** Of equal keys the first one stays in the set. */
function isFirst(names: readonly HeldName[], thing: Thing, index: number): boolean {
  return names.findIndex((other) => other.thing.key === thing.key) === index
}

/** A set of keys takes and gives keys; one that holds another object gives that one; an empty one takes anything. */
function addToSet(author: Author, { a, b, c }: Deed): void {
  const set = pickOf(
    author.holding(({ type }) => type.name === 'set'),
    a,
  )
  if (set === undefined) return
  const { holds } = set.thing
  const [held] = holds
  const fits = ({ type, key }: Thing): boolean => key !== '' || type.isHashable
  const value = pickOf(
    author.holding((thing) => (held === undefined ? fits(thing) : held.key === '' ? thing === held.to : thing.key !== '')),
    b,
  )
  if (value === undefined) return
  const same = holds.find(({ key }) => key === value.thing.key)
  during(author, set, `${c % 3 === 0 ? 'discard' : 'add'}(${value.text})`, () => {
    author.load(value.thing)
    if (c % 3 === 0 && same !== undefined) author.release(set.thing, same)
    if (c % 3 !== 0 && same === undefined) author.hold(set.thing, value.thing.key, value.thing)
    author.unload(value.thing)
  })
}

export const SETS = { makeSet, addToSet } as const satisfies Partial<Record<Deed['do'], (author: Author, deed: Deed) => void>>
