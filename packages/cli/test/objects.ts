/** Logs of objects, as a program would write them. */

interface Line {
  readonly kind: string
  readonly [field: string]: unknown
}

const HEADER = { reheap: 1, runtime: { name: 'cpython', version: '3.13.2', pointerBits: 64 } }
const KINDS: readonly Line[] = [
  { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
  { kind: 'DefineType', type: 1, layout: 'instance', name: 'Node' },
  { kind: 'DefineName', name: 0, text: 'kept' },
  { kind: 'EnterScope', scope: 0 },
]
/** Events before the first of the program's own. */
export const FIRST_EVENT = KINDS.length

export const log = (lines: readonly Line[], header: object = {}): string =>
  `${[{ ...HEADER, ...header }, ...KINDS, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`

/** A list that the name `kept` holds. */
export const kept = (object: number): readonly Line[] => [
  { kind: 'CreateObject', object, type: 0, bytes: 64 },
  { kind: 'BindName', scope: 0, name: 0, object },
  { kind: 'DropReference', from: null, to: object },
]

/** A node of 48 bytes that the object `from` holds. */
export const heldNode = (object: number, from: number): readonly Line[] => [
  { kind: 'CreateObject', object, type: 1, bytes: 48 },
  { kind: 'AddReference', from, to: object },
  { kind: 'DropReference', from: null, to: object },
]

/** A node of 48 bytes that holds itself and is dropped; then the interpreter looks at its eval breaker. */
export const droppedCycle = (object: number): readonly Line[] => [
  { kind: 'CreateObject', object, type: 1, bytes: 48 },
  { kind: 'AddReference', from: object, to: object },
  { kind: 'DropReference', from: null, to: object },
  { kind: 'CheckEvalBreaker' },
]

/** So many of them, numbered from `first` on. */
export const droppedCycles = (count: number, first = 0): readonly Line[] =>
  Array.from({ length: count }, (_, place) => droppedCycle(first + place)).flat()
