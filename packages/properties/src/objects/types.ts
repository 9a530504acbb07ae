/** The types that generated programs make objects of: as the log names them, and as the script defines them. */
import type { Layout } from '@reheap/refcount'

/** A type of the programs. `attributes` are the names that its instances may have, in the order of their slots. */
export interface ObjectType {
  readonly name: TypeName
  readonly layout: Layout
  /** Bytes of an object without items, the collector's header among them, on 64 bits. */
  readonly bytes: number
  readonly attributes: string
  readonly finalizer: 'none' | 'plain' | 'resurrecting'
  readonly isWeaklyReferable: boolean
  /** Instances are hashed by identity, so that a set may hold one. */
  readonly isHashable: boolean
}

/** Keys are small numbers, so that their places in a set are known. */
export const KEYS = 5

export const TYPE_NAMES = [
  'background',
  'float',
  'list',
  'tuple',
  'dict',
  'set',
  'weakref',
  'method',
  'builtinMethod',
  'function',
  'Plain',
  'Dying',
  'Slotted',
  'Bare',
  'Ending',
  'Rising',
  'Climbing',
  'Key',
  'cell',
] as const
export type TypeName = (typeof TYPE_NAMES)[number]

const builtin = (name: TypeName, layout: Layout, bytes: number, isWeaklyReferable = false): ObjectType => ({
  name,
  layout,
  bytes,
  attributes: '',
  finalizer: 'none',
  isWeaklyReferable,
  isHashable: false,
})
const made = (
  name: TypeName,
  layout: 'instance' | 'slots',
  attributes: string,
  finalizer: ObjectType['finalizer'],
  isWeaklyReferable = true,
): ObjectType => ({ name, layout, bytes: 32 + 8 * attributes.length, attributes, finalizer, isWeaklyReferable, isHashable: true })

/** All types; a type's number in the log is its place here. */
export const TYPES: readonly ObjectType[] = [
  builtin('background', 'gcOther', 64),
  builtin('float', 'float', 24),
  builtin('list', 'list', 56),
  builtin('tuple', 'tuple', 40),
  builtin('dict', 'dict', 64),
  builtin('set', 'set', 216, true),
  builtin('weakref', 'weakref', 88),
  builtin('method', 'method', 64),
  builtin('builtinMethod', 'builtinMethod', 72),
  builtin('function', 'function', 152, true),
  made('Plain', 'instance', 'abc', 'none'),
  made('Dying', 'instance', 'abc', 'plain'),
  made('Slotted', 'slots', 'abc', 'none'),
  made('Bare', 'slots', 'ab', 'none', false),
  made('Ending', 'slots', 'ab', 'plain'),
  made('Rising', 'slots', 'abg', 'resurrecting'),
  made('Climbing', 'instance', 'gab', 'resurrecting'),
  // A number that dies visibly: sets hold several, each at the place of its value.
  { ...builtin('Key', 'instance', 72), finalizer: 'plain' },
  builtin('cell', 'cell', 40),
]

/** Number of a type in the log. */
export function typeNumber(name: TypeName): number {
  return TYPE_NAMES.indexOf(name)
}

/** The type of that name. */
export function typeOf(name: TypeName): ObjectType {
  const type = TYPES[typeNumber(name)]
  if (type === undefined) throw new RangeError(`no type ${name}`)
  return type
}

/** Types that the script defines by a `class` statement. */
export const CLASSES: readonly ObjectType[] = TYPES.filter(({ attributes }) => attributes !== '')
