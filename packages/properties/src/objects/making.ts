/** Deeds that make objects. */
import { type Author, NAMES } from './author.ts'
import { CALLBACK_CODE, FINALIZER_CODE, RESURRECTING_CODE } from './codes.ts'
import type { Deed } from './deed.ts'
import { type Expression, evaluate, itemOf } from './expression.ts'
import { isOpenList, nameAt, put } from './placing.ts'
import type { Name, Thing } from './thing.ts'
import { CLASSES, type ObjectType } from './types.ts'

/** Most items of a display: above 30 the compiler of some versions makes the container first. */
const ITEMS_MAX = 25

type Make = (author: Author, deed: Deed) => void

const makeDisplay =
  (kind: 'list' | 'tuple' | 'dict', itemsMin: number): Make =>
  (author, { a, b, more }) => {
    const items = more.map((number) => itemOf(author, number))
    while (items.length < itemsMin) items.push(itemOf(author, b))
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
  const owners = author.holding((thing) => thing.type.layout === 'instance' || isOpenList(thing))
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

export const MAKING = {
  makeList: makeDisplay('list', 0),
  makeTuple: makeDisplay('tuple', 1),
  makeDict: makeDisplay('dict', 0),
  makeSet: (author, { a, b }) => {
    const items = author.holding(({ type }) => type.isHashable)
    const item = items[b % Math.max(1, items.length)]
    if (item === undefined) return
    const name = nameAt(author, a)
    author.say(`${name.text} = {${item.text}}`)
    const { thing } = item
    author.load(thing)
    const set = author.create('set')
    author.hold(set, '', thing)
    author.unload(thing)
    author.store(name, set)
  },
  makeInstance: (author, { a, b, c }) => {
    const type = CLASSES[b % CLASSES.length]
    if (type !== undefined) makeInstance(author, nameAt(author, a), type, c)
  },
  makeFloat: (author, { a }) => {
    const name = nameAt(author, a)
    author.say(`${name.text} = half + half`)
    author.store(name, author.create('float'))
  },
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
