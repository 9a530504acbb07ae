/** What `observed.py` does, as a log: its requests, and after each what the script printed there. */
import type { LogEvent } from '@reheap/trace'

/** One line that the script printed, as an observation. */
const observed = (line: string): LogEvent => {
  const [of = '', ...words] = line.split(' ')
  const [first = 0, second = 0, third = 0] = words.map(Number)
  const values = {
    refcount: { count: first },
    tracked: { isTracked: words[0] === 'True' },
    finalizer: { object: first },
    weakCallback: { weak: first },
    collection: { generation: first, collected: second, uncollectable: third },
    garbage: { objects: words.map((word) => (word === 'None' ? null : Number(word))) },
    collectorCounts: { count0: first, count1: second, count2: third },
    generationStats: { generations: [0, 3, 6].map((at) => statsAt(words.map(Number), at)) },
    generationObjects: { generation: 2, objects: first },
    trackedObjects: { count: first },
    frozenObjects: { count: first },
  }[of]
  if (values === undefined) throw new Error(`the script printed ${line}`)
  return { kind: 'Observe', of, values }
}

const statsAt = (numbers: readonly number[], at: number) => {
  const [collections = 0, collected = 0, uncollectable = 0] = numbers.slice(at)
  return { collections, collected, uncollectable }
}

/** A look of the script: what it asks beside the value that it prints. */
type Look = { readonly look: string; readonly asks?: Readonly<Record<string, unknown>> }
type Step = LogEvent | Look

const LAYOUTS = ['list', 'tuple', 'dict', 'instance', 'weakref', 'instance'] as const
const NAMES = ['list', 'tuple', 'dict', 'Node', 'weakref', 'Ending']
const [LIST, TUPLE, DICT, NODE, WEAK, ENDING] = [0, 1, 2, 3, 4, 5] as const
const [A, B, L, T, D, W, E, F, X, C, G, KEPT, X2, Y] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] as const

const create = (object: number, type: number, bytes: number, items?: number): LogEvent =>
  items === undefined ? { kind: 'CreateObject', object, type, bytes } : { kind: 'CreateObject', object, type, bytes, items }
const bind = (object: number, name = object, scope = 0): Step[] => [
  { kind: 'BindName', scope, name, object },
  { kind: 'DropReference', from: null, to: object },
]
const unbind = (name: number): LogEvent => ({ kind: 'UnbindName', scope: 0, name })
const refer = (from: number, to: number): LogEvent => ({ kind: 'AddReference', from, to })
const look = (of: string, asks: Look['asks'] = {}): Look => ({ look: of, asks })
/** Calls of finalizers and callbacks, and collections, up to the next of a kind. */
const until = (last: string): Look => ({ look: 'calls', asks: { last } })
const collect = (generation: number): LogEvent => ({ kind: 'Collect', generation })

const STEPS: readonly Step[] = [
  ...NAMES.map((name, type): LogEvent => ({ kind: 'DefineType', type, layout: LAYOUTS[type] ?? 'plain', name })),
  { kind: 'DisableCollector' },
  { kind: 'EnterScope', scope: 0 },
  { kind: 'SetCallbacks', callbacks: 1 },
  create(A, NODE, 56),
  ...bind(A),
  create(B, NODE, 56),
  ...bind(B),
  refer(A, B),
  refer(B, A),
  look('refcount', { object: A, argument: 'held' }),
  look('refcount', { object: A, argument: 'held' }),
  look('tracked', { object: A }),
  create(L, LIST, 56),
  ...bind(L),
  create(T, TUPLE, 64, 1),
  refer(T, L),
  ...bind(T),
  create(D, DICT, 64),
  ...bind(D),
  look('refcount', { object: L, argument: 'held' }),
  look('tracked', { object: T }),
  look('tracked', { object: D }),
  refer(D, L),
  look('tracked', { object: D }),
  { kind: 'EnterScope', scope: 1, code: 1 },
  create(X, LIST, 56),
  ...bind(X, X, 1),
  look('refcount', { object: X, argument: 'local' }),
  { kind: 'LeaveScope', scope: 1 },
  create(W, WEAK, 72),
  { kind: 'CreateWeakReference', weak: W, object: A, callback: true, code: 2 },
  ...bind(W),
  create(E, ENDING, 56),
  { kind: 'SetFinalizer', object: E, resurrectsInto: null, code: 3 },
  ...bind(E),
  create(F, ENDING, 56),
  { kind: 'SetFinalizer', object: F, resurrectsInto: null, code: 3 },
  ...bind(F),
  refer(F, F),
  unbind(E),
  until('finalizer'),
  unbind(F),
  unbind(A),
  unbind(B),
  collect(1),
  until('collection'),
  collect(2),
  until('collection'),
  look('tracked', { object: T }),
  create(C, NODE, 56),
  ...bind(C),
  refer(C, C),
  create(G, LIST, 56),
  refer(G, T),
  ...bind(G),
  refer(G, G),
  unbind(C),
  unbind(G),
  { kind: 'SetSaveAll', saveAll: true },
  collect(2),
  until('collection'),
  { kind: 'SetSaveAll', saveAll: false },
  look('garbage'),
  create(KEPT, LIST, 56),
  { kind: 'DropReference', from: null, to: KEPT },
  { kind: 'ClearGarbage' },
  collect(0),
  until('collection'),
  create(X2, LIST, 56),
  ...bind(X2),
  create(Y, LIST, 56),
  ...bind(Y),
  look('collectorCounts'),
  look('generationStats'),
  collect(2),
  until('collection'),
  look('generationObjects'),
  look('trackedObjects'),
  { kind: 'FreezeObjects' },
  look('frozenObjects'),
]

/** The log of the program as one interpreter ran it. @param printed the lines of the script, in order */
export function observedLog(printed: readonly string[]): readonly LogEvent[] {
  const lines = [...printed]
  const events: LogEvent[] = []
  for (const step of STEPS) {
    if ('kind' in step) events.push(step)
    else if (step.look !== 'calls') events.push(asked(observed(lines.shift() ?? ''), step))
    else {
      const calls = lines.splice(0, 1 + lines.findIndex((line) => line.startsWith(String(step.asks?.last))))
      events.push(...calls.map(observed))
    }
  }
  if (lines.length > 0) throw new Error(`the script printed ${lines[0]} and nothing looks there`)
  return events
}

function asked(event: LogEvent, { look: of, asks }: Look): LogEvent {
  if (event.kind !== 'Observe' || event.of !== of) throw new Error(`the script printed ${JSON.stringify(event)} where ${of} is looked at`)
  return { ...event, values: { ...asks, ...event.values } as typeof event.values }
}
