/** Deeds that change what names and containers hold. */
import type { Author } from './author.ts'
import type { Deed } from './deed.ts'
import { evaluate, itemOf } from './expression.ts'
import { during, isOpenList, nameAt, pickOf, put } from './placing.ts'
import type { Hold, Thing } from './thing.ts'

type Change = (author: Author, deed: Deed) => void

const isMapping = ({ type }: Thing): boolean => type.name === 'dict' || type.attributes !== ''
const isReadable = (thing: Thing): boolean =>
  thing.holds.length > 0 && (isOpenList(thing) || thing.type.name === 'tuple' || isMapping(thing))

/** How the script reaches a reference of a container: `[2]`, `.a`. */
function placeOf({ holds, type }: Thing, hold: Hold): string {
  if (type.name === 'dict') return `[${hold.key}]`
  return type.attributes === '' ? `[${holds.indexOf(hold)}]` : `.${hold.key}`
}

/** The last reference where only that one may go (see settableAttributes), else any but a graveyard's. */
function removable({ holds, type }: Thing, pick: number): Hold | undefined {
  const open = holds.filter(({ key }) => key !== 'g')
  return type.layout === 'instance' ? open.at(-1) : pickOf(open, pick)
}

function rename(author: Author, pick: number, isDeleted: boolean): void {
  const name = isDeleted
    ? pickOf(
        author.names.filter(({ isBound }) => isBound),
        pick,
      )
    : nameAt(author, pick)
  if (name === undefined) return
  author.say(isDeleted ? `del ${name.text}` : `${name.text} = None`)
  author.unbind(name, isDeleted)
}

/** `name = list.pop(index)`, or without a name. */
function popItem(author: Author, { a, b, c }: Deed): void {
  const owner = pickOf(
    author.holding((thing) => thing.holds.length > 0 && (isOpenList(thing) || thing.type.name === 'dict')),
    a,
  )
  const hold = owner && pickOf(owner.thing.holds, b)
  if (owner === undefined || hold === undefined) return
  const name = c % 2 === 0 ? nameAt(author, c >> 1) : null
  const key = owner.thing.type.name === 'dict' ? hold.key : owner.thing.holds.indexOf(hold)
  author.say(`${name === null ? '' : `${name.text} = `}${owner.text}.pop(${key})`)
  author.load(owner.thing)
  const item = author.load(hold.to)
  author.release(owner.thing, hold)
  author.unload(owner.thing)
  author.check()
  if (name === null) author.unload(item)
  else author.store(name, item)
}

/** `container[key] = value`, for a place that is there or, in a dict, not yet. */
function setItem(author: Author, { a, b, c }: Deed): void {
  const owner = pickOf(
    author.holding((thing) => thing.type.name === 'dict' || (isOpenList(thing) && thing.holds.length > 0)),
    a,
  )
  if (owner === undefined) return
  const { text, thing: value } = evaluate(author, itemOf(author, b))
  author.load(owner.thing)
  if (owner.thing.type.name === 'dict') {
    author.say(`${owner.text}[${c % 6}] = ${text}`)
    author.hold(owner.thing, String(c % 6), value)
  } else {
    const index = c % owner.thing.holds.length
    author.say(`${owner.text}[${index}] = ${text}`)
    author.replace(owner.thing, owner.thing.holds[index] as Hold, value)
  }
  author.unload(owner.thing)
  author.unload(value)
}

/** `del container[key]`, `del instance.attribute`. */
const deleteFrom =
  (fits: (thing: Thing) => boolean): Change =>
  (author, { a, b }) => {
    const owner = pickOf(author.holding(fits), a)
    const hold = owner && removable(owner.thing, b)
    if (owner === undefined || hold === undefined) return
    author.say(`del ${owner.text}${placeOf(owner.thing, hold)}`)
    author.load(owner.thing)
    author.release(owner.thing, hold)
    author.unload(owner.thing)
  }

function readItem(author: Author, { a, b, c }: Deed): void {
  const owner = pickOf(author.holding(isReadable), a)
  const hold = owner && pickOf(owner.thing.holds, b)
  if (owner === undefined || hold === undefined) return
  const name = nameAt(author, c)
  author.say(`${name.text} = ${owner.text}${placeOf(owner.thing, hold)}`)
  author.load(owner.thing)
  const item = author.load(hold.to)
  author.unload(owner.thing)
  author.store(name, item)
}

/** `container.clear()`: what it held hangs by nothing but the call while it goes, a list's from the end. */
function clearContainer(author: Author, { a }: Deed): void {
  const owner = pickOf(
    author.holding((thing) => isOpenList(thing) || thing.type.name === 'dict' || thing.type.name === 'set'),
    a,
  )
  if (owner === undefined) return
  during(author, owner, 'clear()', () => {
    const held = [...owner.thing.holds]
    if (owner.thing.type.name === 'list') held.reverse()
    if (owner.thing.type.name === 'set') held.sort((one, other) => one.slot - other.slot)
    for (const { to } of held) author.load(to)
    for (const hold of held) author.release(owner.thing, hold)
    for (const { to } of held) author.unload(to)
  })
}

export const CHANGING = {
  copyName: (author, { a, b }) => {
    const from = pickOf(author.holding(), a)
    if (from === undefined) return
    const name = nameAt(author, b)
    author.say(`${name.text} = ${from.text}`)
    author.store(name, author.load(from.thing))
  },
  deleteName: (author, { a }) => rename(author, a, true),
  nameNone: (author, { a }) => rename(author, a, false),
  append: (author, { a, b }) => {
    const list = pickOf(
      author.holding(({ type }) => type.name === 'list'),
      a,
    )
    const value = pickOf(author.holding(), b)
    if (list !== undefined && value !== undefined) put(author, list, value)
  },
  insertFirst: (author, { a, b }) => {
    const list = pickOf(author.holding(isOpenList), a)
    const value = pickOf(author.holding(), b)
    if (list === undefined || value === undefined) return
    during(author, list, `insert(0, ${value.text})`, () => {
      author.load(value.thing)
      author.holdFirst(list.thing, value.thing)
      author.unload(value.thing)
    })
  },
  popItem,
  setItem,
  deleteItem: deleteFrom((thing) => (isOpenList(thing) || thing.type.name === 'dict') && thing.holds.length > 0),
  readItem,
  clearContainer,
  setAttribute: (author, { a, b, c }) => {
    const owner = pickOf(
      author.holding(({ type }) => type.attributes !== ''),
      a,
    )
    const value = pickOf(author.holding(), b)
    if (owner !== undefined && value !== undefined) put(author, owner, value, c)
  },
  deleteAttribute: deleteFrom(({ type }) => type.attributes !== ''),
} as const satisfies Partial<Record<Deed['do'], Change>>
