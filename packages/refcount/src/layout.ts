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
] as const
export type Layout = (typeof LAYOUTS)[number]
