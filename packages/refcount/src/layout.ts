/**
 * What kind of object a type makes, as far as counts, free lists and the collector care. Its index is the number that
 * stands in a log: never reused, never renumbered.
 */
export const LAYOUTS = [
  'plain',
  'float',
  'list',
  'tuple',
  'dict',
  'set',
  'instance',
  'slots',
  'weakref',
  'function',
  'method',
  'builtinMethod',
  'frame',
  'cell',
  'generator',
  'module',
  'type',
  'gcOther',
  'listIterator',
  'tupleIterator',
  'slice',
  'cMethod',
] as const
/** One of the {@link LAYOUTS}. */
export type Layout = (typeof LAYOUTS)[number]

/** Number of each layout: its place in {@link LAYOUTS}. */
export const LAYOUT = {
  plain: 0,
  float: 1,
  list: 2,
  tuple: 3,
  dict: 4,
  set: 5,
  instance: 6,
  slots: 7,
  weakref: 8,
  function: 9,
  method: 10,
  builtinMethod: 11,
  frame: 12,
  cell: 13,
  generator: 14,
  module: 15,
  type: 16,
  gcOther: 17,
  listIterator: 18,
  tupleIterator: 19,
  slice: 20,
  cMethod: 21,
} as const satisfies Record<Layout, number>

/** Objects of these layouts have no collector's header. */
export const WITHOUT_HEADER: readonly Layout[] = ['plain', 'float']
/** What they hold is gone through from the last slot to the first, by the collector and at their death. */
export const BACKWARDS: readonly Layout[] = ['list', 'tuple']
/** They have no `tp_clear`: a collection leaves what they hold to their death. */
export const NEVER_CLEARED: readonly Layout[] = [
  'plain',
  'float',
  'tuple',
  'method',
  'builtinMethod',
  'cMethod',
  'listIterator',
  'tupleIterator',
  'slice',
  'generator',
]
