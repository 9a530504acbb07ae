/** Where deeds find names, and how one thing is put into another. */
import type { Author } from './author.ts'
import type { Name, Thing } from './thing.ts'

export type HeldName = Name & { readonly thing: Thing }

export function nameAt(author: Author, pick: number): Name {
  const name = author.names[pick % author.names.length]
  if (name === undefined) throw new RangeError('a program has names')
  return name
}

/** One of a list, none of an empty one. */
export function pickOf<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)]
}

/** A list whose items are known. */
export function isOpenList(thing: Thing): boolean {
  return thing.type.name === 'list' && !thing.isGraveyard
}

/**
 * Attributes that may be set. Those of a `__dict__` are set from the first on: versions up to 3.10 order them by
 * their setting, later ones by the class, and so both orders are one.
 */
export function settableAttributes({ type, holds }: Thing): string {
  const reach = type.layout === 'instance' ? holds.length + 1 : type.attributes.length
  return type.attributes.slice(0, reach).replace('g', '')
}

/** Puts what `value` holds into what `container` holds, in the way of the container's type; nothing where there is none. */
export function put(author: Author, container: Name, value: Name, pick = 0): void {
  if (container.thing === null || value.thing === null) return
  const { type } = container.thing
  if (type.name === 'list') append(author, container as HeldName, value as HeldName)
  else if (type.name === 'dict') store(author, container as HeldName, value as HeldName, String(pick % 6), `[${pick % 6}]`)
  else if (type.attributes !== '') {
    const names = settableAttributes(container.thing)
    const attribute = names[pick % names.length]
    if (attribute !== undefined) store(author, container as HeldName, value as HeldName, attribute, `.${attribute}`)
  }
}

function append(author: Author, container: HeldName, value: HeldName): void {
  author.say(`${container.text}.append(${value.text})`)
  author.load(container.thing)
  author.load(value.thing)
  author.hold(container.thing, '', value.thing)
  author.unload(value.thing)
  author.unload(container.thing)
  author.check()
}

function store(author: Author, container: HeldName, value: HeldName, key: string, place: string): void {
  author.say(`${container.text}${place} = ${value.text}`)
  author.load(value.thing)
  author.load(container.thing)
  author.hold(container.thing, key, value.thing)
  author.unload(container.thing)
  author.unload(value.thing)
}

/** A call of a method with no result: the container is on the stack while it runs. */
export function during(author: Author, { text, thing }: HeldName, call: string, change: () => void): void {
  author.say(`${text}.${call}`)
  author.load(thing)
  change()
  author.unload(thing)
  author.check()
}
