/** Deeds that make objects. */
import { type Author, NAMES } from './author.ts'
import { CALLBACK_CODE, FINALIZER_CODE, RESURRECTING_CODE } from './codes.ts'
import type { Deed } from './deed.ts'
import { type Expression, evaluate, itemOf } from './expression.ts'
import { type HeldName, isOpenList, nameAt, put } from './placing.ts'
import type { Name, Thing } from './thing.ts'
import { CLASSES, KEYS, type ObjectType } from './types.ts'

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

function storeExpression(author: Author, name: Name, expression: Expression): void {
  const { text, thing } = evaluate(author, expression)
  author.say(`${name.text} = ${text}`)
  author.store(name, thing)
}

/** An instance of a class; one that rises again is given the list that it saves itself in. */
export function makeInstance(author: Author, name: Name, type: ObjectType, pick: number): Thing {
  const grave = type.finalizer === 'resurrecting' ? graveyardFor(author, name, pick) : null
  author.say(`${name.text} = ${type.name}()`)
  const thing = author.create(type.name)
  if (type.finalizer !== 'none') {
    const code = grave === null ? FINALIZER_CODE : RESURRECTING_CODE
    author.rows.finalizer(thing.id, grave?.thing.id ?? null, code)
  }
  author.check()
  author.store(name, thing)
  if (type.finalizer !== 'none') register(author, name, thing)
  if (grave !== null) {
    author.say(`${name.text}.g = ${grave.text}`)
    author.load(grave.thing)
    author.hold(thing, 'g', grave.thing)
    author.unload(grave.thing)
  }
  return thing
}

/** A list under another name than `not`; it is a graveyard from now on. */
function graveyardFor(author: Author, not: Name, pick: number): Name & { readonly thing: Thing } {
  const lists = author.holding(({ type }) => type.name === 'list').filter((name) => name !== not)
  const found = lists[pick % Math.max(1, lists.length)]
  if (found !== undefined) {
    found.thing.isGraveyard = true
    return found
  }
  const name = nameAt(author, not.id + 1)
  storeExpression(author, name, { kind: 'list', items: [] })
  return graveyardFor(author, not, pick)
}

/** The script learns the object's number, for the line that its finalizer or callback prints. */
function register(author: Author, name: Name, thing: Thing): void {
  author.say(`names[id(${name.text})] = ${author.numberOf(thing.id)}`)
  author.load(thing)
  author.unload(thing)
  author.check()
}

function makeWeakReference(author: Author, { a, b, c }: Deed): void {
  const calls = c % 3 !== 0
  const targets = author.holding((thing) => thing.type.isWeaklyReferable && (calls || !thing.hasPlainReference))
  const target = targets[b % Math.max(1, targets.length)]
  if (target === undefined) return
  // Under another name than its referent: else that could die before the script knows the number of the reference.
  const name = nameAt(author, a % NAMES === target.id ? a + 1 : a)
  const { thing } = target
  // The tuple of arguments is written out: `ref(x, f)` makes one of its own in some versions only.
  author.say(`${name.text} = ref(*(${target.text},${calls ? ' called' : ''}))`)
  author.load(thing)
  const args = author.create('tuple', calls ? 2 : 1)
  author.hold(args, '', thing)
  author.unload(thing)
  const weak = author.create('weakref')
  if (!calls) thing.hasPlainReference = true
  author.rows.weakReference(weak.id, thing.id, calls ? CALLBACK_CODE : null)
  author.unload(args)
  author.check()
  author.store(name, weak)
  register(author, name, weak)
}

/** `name.method`, bound and not called. */
function makeMethod(author: Author, { a, b }: Deed): void {
  const owners = author.holding(
    ({ type, ...thing }) => (type.layout === 'instance' && type.attributes !== '') || isOpenList({ type, ...thing }),
  )
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

function makeKey(author: Author, { a, b }: Deed): void {
  const name = nameAt(author, a)
  const key = String(b % KEYS)
  // A constant tuple of arguments is passed as it is.
  author.say(`${name.text} = Key(*(${key},))`)
  const thing = author.create('Key', 0, key)
  author.rows.finalizer(thing.id, null, FINALIZER_CODE)
  author.check()
  author.store(name, thing)
  register(author, name, thing)
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
  makeSet,
  makeInstance: (author, { a, b, c }) => {
    const type = CLASSES[b % CLASSES.length]
    if (type !== undefined) makeInstance(author, nameAt(author, a), type, c)
  },
  makeFloat: (author, { a }) => {
    const name = nameAt(author, a)
    author.say(`${name.text} = half + half`)
    author.store(name, author.create('float'))
  },
  makeKey,
  copyList,
  makeMethod,
  makeFunction,
  makeWeakReference,
  makeMany: (author, deed) => storeExpression(author, nameAt(author, deed.a), many(author, deed)),
  dropMany: (author, deed) => {
    const { text, thing } = evaluate(author, many(author, deed))
    author.say(text)
    author.unload(thing)
  },
  makeCycle,
} as const satisfies Partial<Record<Deed['do'], Make>>
