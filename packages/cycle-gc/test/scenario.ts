import { readFileSync } from 'node:fs'
import { Columns, type Sealed } from '@reheap/kernel'
import type * as CycleGc from '../src/index.ts'

type Op = readonly [string, ...unknown[]]
interface Scenario {
  readonly name: string
  readonly needs?: readonly string[]
  readonly ops: readonly Op[]
}
/** What one operation let happen, and what was seen; 0: nothing. */
export type Seen = readonly [said: readonly string[], answer: Readonly<Record<string, unknown>> | null] | 0
export interface Observed {
  readonly interpreters: readonly string[]
  readonly observed: readonly Seen[]
}

const read = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
/** What programs do. */
export const SCENARIOS = JSON.parse(read('scenarios.json')) as readonly Scenario[]
/** What real interpreters answered, by the name of the scenario. */
export const COLLECTIONS = JSON.parse(read('collections.json')) as Readonly<Record<string, readonly Observed[]>>

/** Old objects of an interpreter that began: so many that an incremental pass is not over soon. */
const OLD_OBJECTS = 15_000

/** The profile of an interpreter, by the name that the recording gives it. */
export function profileOf(gc: typeof CycleGc, interpreter: string): CycleGc.CollectorProfile {
  const [, major, minor, patch] = /(\d+)\.(\d+)\.(\d+)/.exec(interpreter) ?? []
  const exact = `${major}.${minor}.${patch}`
  const version = (gc.COLLECTOR_VERSIONS as readonly string[]).includes(exact) ? exact : `${major}.${minor}`
  const profile = gc.collectorProfile(version as CycleGc.CollectorVersion)
  return { ...profile, start: { ...profile.start, objects: [0, 0, OLD_OBJECTS, profile.start.objects[3]], heapSize: OLD_OBJECTS } }
}

const PLAIN: Readonly<Record<string, string>> = { finalized: 'instance' }
const numbers = (value: unknown): readonly number[] => value as readonly number[]

/** The requests that an operation is for the plain heap. */
function requestsOf(op: Op): readonly (CycleGc.Request | CycleGc.PlainRequest)[] {
  const [kind, first, second, third, fourth] = op as readonly [string, never, never, never, never?]
  switch (kind) {
    case 'make':
      return [
        { kind: 'MakeObject', object: second, type: (PLAIN[first] ?? first) as CycleGc.PlainKind },
        ...(first === 'finalized' ? [{ kind: 'GiveFinalizer', object: second, into: fourth ?? null } as const] : []),
        ...numbers(third).map((to) => ({ kind: 'Hold', from: second, to }) as const),
      ]
    case 'weak':
      return [
        { kind: 'MakeObject', object: first, type: 'weakref' },
        { kind: 'ReferWeakly', weak: first, object: second, callback: third },
      ]
    case 'ref':
      return [{ kind: 'Hold', from: first, to: second }]
    case 'unref':
      return [{ kind: 'LetGo', from: first, to: second }]
    case 'drop':
      return [{ kind: 'LetGo', from: null, to: first }]
    case 'fixCount':
      return [{ kind: 'FixCount', object: first }]
    case 'freeze':
      return [{ kind: 'FreezeObjects' }]
    case 'unfreeze':
      return [{ kind: 'UnfreezeObjects' }]
    case 'saveAll':
      return [{ kind: 'SetSaveAll', saveAll: first }]
    case 'clearGarbage':
      return [{ kind: 'ClearGarbage' }]
    case 'collect':
      return [{ kind: 'Collect', generation: first }]
    default:
      return []
  }
}

/** Does a scenario on the plain heap and writes down what the driver writes down on a real interpreter. */
export function play(gc: typeof CycleGc, scenario: Scenario, interpreter: string): readonly Seen[] {
  const hasGenerations = !/^3\.[67]\./.test(interpreter)
  const profile = profileOf(gc, interpreter)
  let state: Sealed<CycleGc.CollectorState> = gc.collectorReducer.initial(profile)
  const held = new Set<number>()
  const weaks = new Set<number>()
  return scenario.ops.map((op): Seen => {
    const said: string[] = []
    let finished: CycleGc.Fact | null = null
    const rows = new Columns()
    rows.firstIndex = state.at
    for (const request of requestsOf(op)) gc.collectorWording.write(request, rows)
    const folded = gc.collectorReducer.fold(state, rows as never)
    if (folded._tag === 'Left') throw new Error(folded.left.reason.message)
    state = folded.right.state
    for (let row = 0; row < folded.right.emitted.length; row++) {
      const fact = gc.collectorWording.read(folded.right.emitted, row)
      if (fact.kind === 'WeaklyCleared') weaks.delete(fact.weak)
      else if (fact.kind === 'Finalized') said.push(`del ${fact.object}${[...weaks].map((weak) => ` sees ${weak}`).join('')}`)
      else if (fact.kind === 'CalledBack') said.push(`call ${fact.weak}`)
      else if (fact.kind === 'CollectionFinished') finished = fact
    }
    if (op[0] === 'make') held.add(op[2] as number)
    if (op[0] === 'weak') weaks.add(op[1] as number)
    if (op[0] === 'weak') held.add(op[1] as number)
    if (op[0] === 'drop') weaks.delete(op[1] as number)
    if (op[0] === 'drop') held.delete(op[1] as number)
    const answer = answerOf(gc, state, op, finished, held, hasGenerations)
    return said.length > 0 || answer !== null ? [said, answer] : 0
  })
}

function answerOf(
  gc: typeof CycleGc,
  state: Sealed<CycleGc.CollectorState>,
  op: Op,
  finished: CycleGc.Fact | null,
  held: ReadonlySet<number>,
  hasGenerations: boolean,
): Readonly<Record<string, unknown>> | null {
  if (op[0] === 'look') {
    const tracked = [...held].filter((row) => gc.generationOf(state, row) !== null).sort((a, b) => a - b)
    return { generations: hasGenerations ? [0, 1, 2].map((generation) => gc.rowsOfGeneration(state, generation)) : null, tracked }
  }
  if (op[0] === 'frozen') return { frozen: gc.frozenCount(state) }
  if (finished?.kind !== 'CollectionFinished') return null
  const { collected, uncollectable } = finished
  return {
    found: collected + uncollectable,
    collected,
    uncollectable,
    garbage: gc.garbageRows(state),
    counts: gc.generationCounts(state).slice(1),
  }
}
