/** What the author of a program knows of it without running it: names, and what the containers that they reach hold. */
import type { ObjectType } from './types.ts'

/** A reference that a thing holds: under which key the script reaches it, and where it stands among the others. */
export interface Hold {
  readonly key: string
  /** Order key of the reference in the log. */
  slot: number
  to: Thing
}

/** An object of the program. What it holds is known as long as a name reaches it. */
export interface Thing {
  readonly id: number
  readonly type: ObjectType
  /** In the order of their slots; a list's by index. */
  readonly holds: Hold[]
  /** It collects what finalizers save, so what it holds is not known. */
  isGraveyard: boolean
  /** A weak reference without a callback was made to it: a second one would be the same object. */
  hasPlainReference: boolean
  /** The number that a key is, which is its place in a set; '' for anything else. */
  readonly key: string
}

/** A name of the program's namespace. */
export interface Name {
  readonly id: number
  readonly text: string
  /** What it holds; null where it is None or not there. */
  thing: Thing | null
  /** It is there, if only as None. */
  isBound: boolean
  /** Order key of the namespace's reference. */
  slot: number
}
