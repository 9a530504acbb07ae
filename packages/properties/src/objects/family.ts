/** Objects whose ends are seen, in one container: what shows in which order things are gone through, cleared and called. */
import type { Author } from './author.ts'
import { collect, watchTracked } from './collecting.ts'
import type { Deed } from './deed.ts'
import { type Expression, storeExpression } from './expression.ts'
import { makeInstance, makeKey, referTo } from './instances.ts'
import { type HeldName, nameAt, put } from './placing.ts'
import type { Name } from './thing.ts'
import { typeOf } from './types.ts'

/** Generation that is collected between two steps, or none. */
const COLLECTED = [0, 1, 2, null, null] as const
const MEMBERS = ['Ending', 'Dying', 'Key', 'Rising', 'Slotted', 'Ending'] as const
const CONTAINERS = ['list', 'tuple', 'dict', 'list', 'Slotted'] as const

function isHeld(name: Name): name is HeldName {
  return name.thing !== null
}

function between(author: Author, pick: number): void {
  const generation = COLLECTED[pick % COLLECTED.length] ?? null
  if (generation !== null) collect(author, generation)
}

function forget(author: Author, names: readonly Name[]): void {
  for (const name of names) {
    if (!name.isBound) continue
    author.say(`del ${name.text}`)
    author.unbind(name, true)
  }
}

/** A container of everything that the names hold. */
function gather(author: Author, name: Name, kind: (typeof CONTAINERS)[number], held: readonly Name[]): void {
  if (kind !== 'Slotted') {
    const items = held.filter(isHeld).map((item): Expression => ({ kind: 'name', name: item }))
    storeExpression(author, name, { kind, items: items })
    return
  }
  makeInstance(author, name, typeOf('Slotted'), 0)
  for (const [index, item] of held.entries()) put(author, name, item, index)
}

/** Two old objects, one held by a tuple and one by a list that hold each other: a collection clears the list only. */
export function makeTupleKnot(author: Author, { a, b, c }: Deed): void {
  const [one, other, list, tuple] = [0, 1, 2, 3].map((index) => nameAt(author, a + index)) as [Name, Name, Name, Name]
  makeInstance(author, one, typeOf('Ending'), 0)
  makeKey(author, other, b)
  collect(author, 2)
  storeExpression(author, list, { kind: 'list', items: [] })
  gather(author, tuple, 'tuple', [one, list])
  put(author, list, tuple)
  put(author, list, other)
  forget(author, [list])
  if (b % 4 !== 0) collect(author, 0)
  forget(author, [one, other, tuple])
  collect(author, 1 + (c % 2))
}

/** A dict that held something of the collector's, and holds it no longer. */
export function hollowDict(author: Author, { a, b, c }: Deed): void {
  const name = nameAt(author, a)
  storeExpression(author, name, { kind: 'dict', items: [{ kind: 'list', items: [] }] })
  const [hold] = name.thing?.holds ?? []
  if (name.thing === null || hold === undefined) return
  author.say(`del ${name.text}[0]`)
  author.load(name.thing)
  author.release(name.thing, hold)
  author.unload(name.thing)
  between(author, b)
  watchTracked(author, name as HeldName)
  between(author, c)
  watchTracked(author, name as HeldName)
}

export function makeFamily(author: Author, { a, b, c, more }: Deed): void {
  const [kind = 0, first = 3, watchers = 0, second = 3, third = 3, last = 0] = more
  const names = Array.from({ length: 6 }, (_, index) => nameAt(author, a + index))
  const [container, ...others] = names as [Name, ...Name[]]
  const members = others.slice(0, 2 + (kind % 2))
  for (const [index, member] of members.entries()) {
    const type = MEMBERS[(kind + index * c) % MEMBERS.length] ?? 'Ending'
    if (type === 'Key') makeKey(author, member, index)
    else makeInstance(author, member, typeOf(type), c)
  }
  const references = others.slice(members.length, members.length + (watchers % 3))
  for (const [index, reference] of references.entries()) {
    const [target] = index === 1 && watchers % 2 === 0 ? members.slice(1) : members
    if (target !== undefined && isHeld(target) && target.thing.type.isWeaklyReferable) referTo(author, reference, target, true)
  }
  between(author, first)
  const isHolding = watchers % 4 !== 3
  gather(author, container, CONTAINERS[b % CONTAINERS.length] ?? 'list', isHolding ? [...members, ...references] : members)
  between(author, second)
  const [member] = members
  if (c % 4 === 1 && container.thing?.type.name === 'list') put(author, container, container)
  else if (c % 4 !== 0 && member !== undefined) put(author, member, container)
  forget(author, isHolding && last % 3 !== 0 ? [...members, ...references] : members)
  between(author, third)
  if (last % 4 !== 3) forget(author, [container])
}
