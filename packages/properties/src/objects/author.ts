/** Writes a program twice at once: as lines of Python and as rows of a log. It knows what every name reaches, and runs nothing. */
import { NOT_GIVEN } from '@reheap/kernel'
import type { Watched } from './observation.ts'
import { Rows } from './rows.ts'
import type { Hold, Name, Thing } from './thing.ts'
import { type TypeName, typeNumber, typeOf } from './types.ts'

/** Names of the namespace that deeds use; loops have one of their own. */
export const NAMES = 8
/** Distance of the order keys of a list's first items, so that others fit before them. */
const SLOT_STEP = 16
const FIRST_SLOT = 2 ** 24

/** How a program is written. */
export interface AuthorOptions {
  /** Objects of the runtime that were frozen before the program began, as far as they matter: at least one. */
  readonly background: number
  /** The namespace is the first of them; else names are a scope. */
  readonly hasNamespace: boolean
}

/** The state of a program as far as its author knows it, and what was written so far. */
export class Author {
  readonly rows = new Rows()
  readonly lines: string[] = []
  readonly names: readonly Name[]
  /** Chains of more than 50 objects that were made. */
  deepChains = 0
  /** The script switched the collector on. */
  isEnabled = true
  private nextObject = 1
  private nextScope = 1
  private nextSlot = 0
  private readonly background: number
  /** The namespace as an object; null where names are a scope. */
  private readonly namespace: number | null

  constructor(options: AuthorOptions) {
    this.background = options.background
    this.rows.begin()
    this.names = Array.from({ length: NAMES }, (_, id) => ({ id, text: `v${id}`, thing: null, isBound: false, slot: 0 }))
    for (const { id, text } of this.names) this.rows.defineName(id, text)
    this.namespace = options.hasNamespace ? this.nextObject : null
    const background = typeOf('background')
    for (let made = 0; made < options.background; made++) {
      this.rows.create(this.nextObject++, typeNumber('background'), background.bytes, 0)
    }
  }

  /** Names that hold a thing which `fits`. */
  holding(fits: (thing: Thing) => boolean = () => true): readonly (Name & { readonly thing: Thing })[] {
    return this.names.filter((name): name is Name & { readonly thing: Thing } => name.thing !== null && fits(name.thing))
  }

  say(line: string): void {
    this.lines.push(line)
  }

  /** A new object of a type, held by the evaluation stack. */
  create(name: TypeName, items = 0, key = ''): Thing {
    const type = typeOf(name)
    const thing: Thing = { id: this.nextObject++, type, holds: [], isGraveyard: false, hasPlainReference: false, key }
    this.rows.create(thing.id, typeNumber(name), type.bytes + 8 * items, items)
    return thing
  }

  /** The number by which the script knows an object: those of the runtime do not count. */
  numberOf(object: number): number {
    return object - this.background
  }

  /** The script's number of the object that is made next. */
  get nextNumber(): number {
    return this.numberOf(this.nextObject)
  }

  /** The runtime's own objects are known, so that the collector may be given them back. */
  get mayUnfreeze(): boolean {
    return this.namespace !== null
  }

  newScope(): number {
    return this.nextScope++
  }

  /** The evaluation stack takes a reference to a thing. */
  load(thing: Thing): Thing {
    this.rows.add(null, thing.id)
    return thing
  }

  /** The evaluation stack gives a reference up. */
  unload(thing: Thing): void {
    this.rows.drop(null, thing.id)
  }

  /** A call returned: from 3.12 on the place where a due collection runs. */
  check(): void {
    this.rows.ask('CheckEvalBreaker')
  }

  /** The name takes the reference of the evaluation stack; what it held before is dropped. */
  store(name: Name, thing: Thing): void {
    const old = name.thing
    if (this.namespace === null) this.rows.bind(name.id, thing.id)
    else {
      if (!name.isBound) name.slot = this.nextSlot++
      this.rows.add(this.namespace, thing.id, name.slot)
      if (old !== null) this.rows.drop(this.namespace, old.id, name.slot)
    }
    name.thing = thing
    name.isBound = true
    this.unload(thing)
  }

  /** `del name` or `name = None`. */
  unbind(name: Name, isDeleted: boolean): void {
    const old = name.thing
    if (!name.isBound && !isDeleted && this.namespace !== null) name.slot = this.nextSlot++
    name.thing = null
    name.isBound = !isDeleted
    if (old === null) return
    if (this.namespace === null) this.rows.unbind(name.id)
    else this.rows.drop(this.namespace, old.id, name.slot)
  }

  /** A container takes a reference behind its last one, or in the place of the one with that key; '' is the key of no other. */
  hold(container: Thing, key: string, value: Thing): void {
    const old = container.holds.find((hold) => key !== '' && hold.key === key)
    if (old !== undefined) {
      this.replace(container, old, value)
      return
    }
    const slot = this.slotFor(container, key)
    this.rows.add(container.id, value.id, slot)
    container.holds.push({ key, slot, to: value })
  }

  /** A container's reference leads to another thing from now on: the new one is taken before the old one is dropped. */
  replace(container: Thing, hold: Hold, value: Thing): void {
    const old = hold.to
    this.rows.add(container.id, value.id, hold.slot)
    hold.to = value
    this.rows.drop(container.id, old.id, hold.slot)
  }

  /** A list takes a reference before its first one. */
  holdFirst(container: Thing, value: Thing): void {
    const first = container.holds[0]
    const slot = first === undefined ? FIRST_SLOT : first.slot - SLOT_STEP
    this.rows.add(container.id, value.id, slot)
    container.holds.unshift({ key: '', slot, to: value })
  }

  /** A container gives up one of its references. */
  release(container: Thing, hold: Hold): void {
    container.holds.splice(container.holds.indexOf(hold), 1)
    this.rows.drop(container.id, hold.to.id, hold.slot)
  }

  /** The value of a look is made. */
  observe(of: Watched, subject = 0): void {
    this.rows.observe({ of, subject })
  }

  /** Its line is appended to the script's log. */
  tell(): void {
    this.rows.tell()
  }

  private slotFor(container: Thing, key: string): number {
    // What a finalizer put there is not known: behind it, wherever that is.
    if (container.isGraveyard) return NOT_GIVEN
    const { attributes, name } = container.type
    if (attributes !== '') return attributes.indexOf(key)
    if (name === 'set' && key !== '') return Number(key)
    const last = container.holds.at(-1)
    return last === undefined ? FIRST_SLOT : last.slot + SLOT_STEP
  }
}
