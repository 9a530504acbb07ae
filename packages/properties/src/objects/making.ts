/** Deeds that make objects. */
import type { Author } from './author.ts'
import type { Deed } from './deed.ts'
import { type Expression, evaluate, itemOf, storeExpression } from './expression.ts'
import { makeInstance } from './instances.ts'
import { isOpenList, nameAt, put } from './placing.ts'
import type { Name, Thing } from './thing.ts'
import { CLASSES } from './types.ts'

/** Most items of a display: above 30 the compiler of some versions makes the container first. */
const ITEMS_MAX = 25

/** Items of the longest tuples that are kept in a free list. */
const LISTED_TUPLE = 20

type Make = (author: Author, deed: Deed) => void

const makeDisplay =
  (kind: 'list' | 'tuple' | 'dict', itemsMin: number): Make =>
  (author, { a, b, c, more }) => {
    const items = more.map((number) => itemOf(author, number))
    while (items.length < itemsMin) items.push(itemOf(author, b))
    // Now and then a tuple as long as the longest that have a free list.
    if (kind === 'tuple' && c % 6 === 0) while (items.length < LISTED_TUPLE - 2 + (b % 4)) items.push(itemOf(author, 10 * b + 9))
    storeExpression(author, nameAt(author, a), { kind, items })
  }

/** Instances with a dict have a method of the script's. */
const hasMethod = ({ type }: Thing): boolean => type.layout === 'instance' && type.attributes !== ''

/** `name.method`, bound and not called. */
function makeMethod(author: Author, { a, b }: Deed): void {
  const owners = author.holding((thing) => hasMethod(thing) || isOpenList(thing))
  const owner = owners[b % Math.max(1, owners.length)]
  if (owner === undefined) return
  const name = nameAt(author, a)
  const isBuiltin = owner.thing.type.name === 'list'
  author.say(`${name.text} = ${owner.text}.${isBuiltin ? 'append' : 'method'}`)
  const { thing } = owner
  author.load(thing)
  const method = author.create(isBuiltin ? 'builtinMethod' : 'method')
  author.hold(method, '', thing)
  author.unload(thing)
  author.store(name, method)
}

/** A function whose default holds an object. */
function makeFunction(author: Author, { a, b }: Deed): void {
  const held = evaluate(author, itemOf(author, b))
  const name = nameAt(author, a)
  author.say(`${name.text} = lambda x=${held.text}: None`)
  const defaults = author.create('tuple', 1)
  author.hold(defaults, '', held.thing)
  author.unload(held.thing)
  const made = author.create('function')
  author.hold(made, '', defaults)
  author.unload(defaults)
  author.store(name, made)
}

/** Lists of many new objects, made with no call between. */
function many(author: Author, { b, c, more }: Deed): Expression {
  const groups = Array.from({ length: (c % 4) + 1 }, (_, group): Expression => {
    const number = more[group] ?? b + group
    const items = Array.from({ length: (b % ITEMS_MAX) + 1 }, (): Expression => {
      const named = itemOf(author, 10 * number + 9)
      if (number % 4 === 0) return { kind: 'list', items: [] }
      if (number % 4 === 1) return { kind: 'dict', items: [] }
      // The longest tuples that some versions keep and never hand out again.
      if (number % 12 === 2) return { kind: 'tuple', items: Array.from({ length: LISTED_TUPLE }, () => named) }
      return number % 4 === 2 ? { kind: 'tuple', items: [named] } : { kind: 'tuple', items: [named, { kind: 'list', items: [] }] }
    })
    return { kind: 'list', items }
  })
  return { kind: 'list', items: groups }
}

/** Two new objects that hold each other, or one that holds itself; often no name is left. */
function makeCycle(author: Author, { a, b, c, more }: Deed): void {
  const first = nameAt(author, a)
  const second = nameAt(author, a + 1)
  newHolder(author, first, b, c)
  if ((more[0] ?? 0) % 4 === 0) put(author, first, first)
  else {
    newHolder(author, second, c, b)
    put(author, first, second)
    put(author, second, first)
  }
  for (const [index, name] of [first, second].entries()) {
    if ((more[1 + index] ?? 0) % 3 === 2 || !name.isBound) continue
    author.say(`del ${name.text}`)
    author.unbind(name, true)
  }
}

function newHolder(author: Author, name: Name, kind: number, pick: number): void {
  const at = kind % (CLASSES.length + 3)
  const type = CLASSES[at]
  if (type !== undefined) makeInstance(author, name, type, pick)
  else storeExpression(author, name, at === CLASSES.length ? { kind: 'dict', items: [] } : { kind: 'list', items: [] })
}

/** `list(other)`, whose memory is asked of the allocator whatever the free list holds. */
function copyList(author: Author, { a, b }: Deed): void {
  const sources = author.holding((thing) => isOpenList(thing) || thing.type.name === 'tuple')
  const source = sources[b % Math.max(1, sources.length)]
  if (source === undefined) return
  const name = nameAt(author, a)
  author.say(`${name.text} = list(*(${source.text},))`)
  author.load(source.thing)
  const args = author.create('tuple', 1)
  author.hold(args, '', source.thing)
  author.unload(source.thing)
  const list = author.create('list', 1)
  for (const { to } of source.thing.holds) author.hold(list, '', to)
  author.unload(args)
  author.check()
  author.store(name, list)
}

export const MAKING = {
  makeList: makeDisplay('list', 0),
  makeTuple: makeDisplay('tuple', 1),
  makeDict: makeDisplay('dict', 0),
  makeFloat: (author, { a }) => {
    const name = nameAt(author, a)
    author.say(`${name.text} = half + half`)
    author.store(name, author.create('float'))
  },
  copyList,
  makeMethod,
  makeFunction,
  makeMany: (author, deed) => storeExpression(author, nameAt(author, deed.a), many(author, deed)),
  dropMany: (author, deed) => {
    const { text, thing } = evaluate(author, many(author, deed))
    author.say(text)
    author.unload(thing)
  },
  makeCycle,
} as const satisfies Partial<Record<Deed['do'], Make>>
