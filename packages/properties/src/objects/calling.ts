/** Deeds that call functions and run loops. */
import type { Author } from './author.ts'
import { FINALIZER_CODE, FUNCTION_CODE, FUNCTIONS } from './codes.ts'
import type { Deed } from './deed.ts'
import { storeExpression } from './expression.ts'
import { nameAt } from './placing.ts'
import type { Name, Thing } from './thing.ts'

/** Lengths of chains: around the depths at which versions up to 3.12 interrupt a cascade of deaths. */
export const CHAIN_LENGTHS = [5, 30, 48, 49, 50, 51, 60, 100, 120, 200, 400, 700] as const
const TRASHCAN_DEPTH = 50
/** Names of functions, so that no name of the namespace is meant. */
const LOCAL_A = 100
const LOCAL_B = 101
const LOCAL_X = 102

type Call = (author: Author, deed: Deed) => void

/** The name holds what is made around what it held, again and again. */
function makeChain(author: Author, { a, b, c }: Deed): void {
  const name = nameAt(author, a)
  const length = CHAIN_LENGTHS[b % CHAIN_LENGTHS.length] ?? 5
  if (length > TRASHCAN_DEPTH) author.deepChains++
  if (c % 2 === 1) {
    endingChain(author, name, nameAt(author, a + 1), length, c >> 1)
    return
  }
  if (!name.isBound) {
    author.say(`${name.text} = None`)
    author.unbind(name, false)
  }
  const kinds = ['list', 'tuple', 'dict'] as const
  const inner = kinds[(c >> 1) % 3] ?? 'list'
  const outer = kinds[(c >> 3) % 4]
  author.say(`for _ in loops[${length}]: ${name.text} = ${around(outer, around(inner, name.text))}`)
  for (let turn = 0; turn < length; turn++) {
    let thing = wrapped(author, inner, name.thing === null ? null : author.load(name.thing))
    if (outer !== undefined) thing = wrapped(author, outer, thing)
    author.store(name, thing)
    author.check()
  }
}

function around(kind: 'list' | 'tuple' | 'dict' | undefined, text: string): string {
  if (kind === undefined) return text
  if (kind === 'list') return `[${text}]`
  return kind === 'tuple' ? `(${text},)` : `{0: ${text}}`
}

function wrapped(author: Author, kind: 'list' | 'tuple' | 'dict', item: Thing | null): Thing {
  const thing = author.create(kind, kind === 'tuple' ? 1 : 0)
  if (item === null) return thing
  author.hold(thing, kind === 'dict' ? '0' : '', item)
  author.unload(item)
  return thing
}

/**
 * A chain of instances with finalizers, or of lists and tuples that hold such an instance beside the rest of the chain:
 * its end shows which deaths were put aside.
 */
function endingChain(author: Author, name: Name, last: Name, length: number, kind: number): void {
  if (last.thing === null) storeExpression(author, last, { kind: 'list', items: [] })
  if (last.thing === null) return
  const first = author.nextNumber
  const link = ([null, 'list', 'tuple', null] as const)[kind % 4] ?? null
  const step = link === null ? 1 : 2
  author.say(`for _ in loops[${length}]:`)
  author.say(` ${name.text} = Ending()`)
  author.say(` names[id(${name.text})] = ${first} + ${step} * _`)
  author.say(
    link === null
      ? ` ${name.text}.a = ${last.text}`
      : ` ${last.text} = ${link === 'list' ? `[${name.text}, ${last.text}]` : `(${name.text}, ${last.text})`}`,
  )
  if (link === null) author.say(` ${last.text} = ${name.text}`)
  for (let turn = 0; turn < length; turn++) {
    const thing = author.create('Ending')
    author.rows.finalizer(thing.id, null, FINALIZER_CODE)
    author.check()
    author.store(name, thing)
    author.load(thing)
    author.unload(thing)
    author.check()
    if (link === null) {
      author.load(last.thing)
      author.load(thing)
      author.hold(thing, 'a', last.thing)
      author.unload(thing)
      author.unload(last.thing)
      author.store(last, author.load(thing))
    } else author.store(last, linked(author, link, thing, last.thing))
    author.check()
  }
}

function linked(author: Author, kind: 'list' | 'tuple', thing: Thing, rest: Thing): Thing {
  author.load(thing)
  author.load(rest)
  const made = author.create(kind, kind === 'tuple' ? 2 : 0)
  for (const item of [thing, rest]) {
    author.hold(made, '', item)
    author.unload(item)
  }
  return made
}

/** One of the functions of {@link FUNCTIONS}, row by row. */
function call(author: Author, { a, b, c }: Deed): void {
  const index = b % FUNCTIONS.length
  const called = FUNCTIONS[index]
  const argument = author.holding()[a % Math.max(1, author.holding().length)]
  if (called === undefined || (called.parameters > 0 && argument === undefined)) return
  const result = called.name === 'close' ? nameAt(author, c) : null
  author.say(`${result === null ? '' : `${result.text} = `}${called.name}(${called.parameters > 0 ? argument?.text : ''})`)
  const given = called.parameters > 0 && argument !== undefined ? author.load(argument.thing) : null
  const scope = author.newScope()
  author.rows.enter(scope, FUNCTION_CODE + index)
  if (result !== null && given !== null) {
    const made = close(author, scope, given)
    author.rows.leave(scope)
    author.unload(given)
    author.store(result, made)
    return
  }
  if (given !== null) author.rows.bindIn(scope, LOCAL_X, given.id)
  author.check()
  if (called.name === 'knot') knot(author, scope)
  else if (called.name === 'build' && given !== null) build(author, scope, given)
  author.rows.leave(scope)
  if (given !== null) author.unload(given)
}

/** `return lambda: x`, whose argument lies in a cell from the beginning. */
function close(author: Author, scope: number, given: Thing): Thing {
  const cell = author.create('cell')
  author.hold(cell, '', given)
  bindLocal(author, scope, LOCAL_X, cell)
  author.check()
  const cells = author.create('tuple', 1)
  author.hold(cells, '', cell)
  const made = author.create('function')
  author.hold(made, '', cells)
  author.unload(cells)
  return made
}

/** `a = {}; a[0] = a; id(a)`. */
function knot(author: Author, scope: number): void {
  const dict = author.create('dict')
  bindLocal(author, scope, LOCAL_A, dict)
  put(author, dict, dict)
  callId(author, dict)
}

/** `a = [x, None]; b = {0: a}; a[1] = b; id(a)`. */
function build(author: Author, scope: number, given: Thing): void {
  const list = wrapped(author, 'list', author.load(given))
  bindLocal(author, scope, LOCAL_A, list)
  const dict = wrapped(author, 'dict', author.load(list))
  bindLocal(author, scope, LOCAL_B, dict)
  put(author, list, dict)
  callId(author, list)
}

function put(author: Author, container: Thing, value: Thing): void {
  author.load(value)
  author.load(container)
  author.hold(container, '', value)
  author.unload(container)
  author.unload(value)
}

function callId(author: Author, thing: Thing): void {
  author.load(thing)
  author.unload(thing)
  author.check()
}

function bindLocal(author: Author, scope: number, name: number, thing: Thing): void {
  author.rows.bindIn(scope, name, thing.id)
  author.unload(thing)
}

export const CALLING = { makeChain, call } as const satisfies Partial<Record<Deed['do'], Call>>
