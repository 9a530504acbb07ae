/** Deeds that make instances of the script's own classes, and weak references to objects. */
import { type Author, NAMES } from './author.ts'
import { CALLBACK_CODE, FINALIZER_CODE, RESURRECTING_CODE } from './codes.ts'
import type { Deed } from './deed.ts'
import { storeExpression } from './expression.ts'
import { type HeldName, nameAt } from './placing.ts'
import type { Name, Thing } from './thing.ts'
import { CLASSES, KEYS, type ObjectType } from './types.ts'

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
function graveyardFor(author: Author, not: Name, pick: number): HeldName {
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

/** A key of a value. */
export function makeKey(author: Author, name: Name, value: number): void {
  const key = String(value % KEYS)
  // A constant tuple of arguments is passed as it is.
  author.say(`${name.text} = Key(*(${key},))`)
  const thing = author.create('Key', 0, key)
  author.rows.finalizer(thing.id, null, FINALIZER_CODE)
  author.check()
  author.store(name, thing)
  register(author, name, thing)
}

function makeWeakReference(author: Author, { a, b, c }: Deed): void {
  const calls = c % 3 !== 0
  const targets = author.holding((thing) => thing.type.isWeaklyReferable && (calls || !thing.hasPlainReference))
  const target = targets[b % Math.max(1, targets.length)]
  if (target === undefined) return
  // Under another name than its referent: else that could die before the script knows the number of the reference.
  referTo(author, nameAt(author, a % NAMES === target.id ? a + 1 : a), target, calls)
}

/** `name = ref(target, called)`, or without the function. */
export function referTo(author: Author, name: Name, target: HeldName, calls: boolean): void {
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

export const INSTANCES = {
  makeInstance: (author, { a, b, c }) => {
    const type = CLASSES[b % CLASSES.length]
    if (type !== undefined) makeInstance(author, nameAt(author, a), type, c)
  },
  makeKey: (author, { a, b }) => makeKey(author, nameAt(author, a), b),
  makeWeakReference,
} as const satisfies Partial<Record<Deed['do'], (author: Author, deed: Deed) => void>>
