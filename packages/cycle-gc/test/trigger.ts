import { readFileSync } from 'node:fs'
import { Columns, type Sealed } from '@reheap/kernel'
import type * as CycleGc from '../src/index.ts'
import { profileOf } from './scenario.ts'

type Op = readonly [string, ...(number | string)[]]
interface TriggerScenario {
  readonly name: string
  readonly ops: readonly Op[]
}
type Event = readonly [position: number, generation: number, collected: number]
interface Triggered {
  readonly start: Omit<CycleGc.CollectorStart, 'longLivedPending' | 'heapSize' | 'immortals' | 'rootMarked'>
  readonly events: readonly Event[]
  readonly olderCounts: readonly [number, number]
}

const read = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
export const TRIGGERS = JSON.parse(read('triggers.json')) as readonly TriggerScenario[]
export const TRIGGERED = JSON.parse(read('triggered.json')) as Readonly<
  Record<string, readonly { readonly interpreters: readonly string[]; readonly observed: Triggered }[]>
>

/** A program that makes and drops objects, as rows; each row knows how many objects were made before it. */
class Program {
  readonly rows = new Columns()
  readonly positions: number[] = []
  made = 0
  readonly #gc: typeof CycleGc
  readonly #kept: number[] = []
  #last: number | null = null

  constructor(gc: typeof CycleGc) {
    this.#gc = gc
  }

  add(request: CycleGc.Request | CycleGc.PlainRequest): void {
    this.#gc.collectorWording.write(request, this.rows)
    this.positions.push(this.made)
  }

  /** A call makes the object; behind a call the interpreter looks at its eval breaker. */
  make(): number {
    const object = ++this.made
    this.add({ kind: 'MakeObject', object, type: 'instance' })
    this.add({ kind: 'CheckEvalBreaker' })
    return object
  }

  drop(object: number | null | undefined): void {
    if (object !== null && object !== undefined) this.add({ kind: 'LetGo', from: null, to: object })
  }

  /** A function makes objects without a call, then calls something; behind that call the interpreter looks at its eval breaker. */
  literals(count: number, then: string): void {
    this.add({ kind: 'CheckEvalBreaker' })
    this.made += count + 1
    for (let object = this.made - count; object <= this.made; object++) this.add({ kind: 'MakeObject', object, type: 'instance' })
    const generation = /^gc.collect\((\d)\)$/.exec(then)?.[1]
    if (generation !== undefined) this.add({ kind: 'Collect', generation: Number(generation) })
    if (then === 'gc.disable()') this.add({ kind: 'DisableCollector' })
    this.add({ kind: 'CheckEvalBreaker' })
  }

  act([kind, ...operands]: Op): void {
    if (kind === 'literals') {
      this.literals(Number(operands[0]), String(operands[1]))
      return
    }
    const [first = 0, second = 0, third = 0] = operands.map(Number)
    switch (kind) {
      case 'make':
        for (let left = first; left > 0; left--) this.#kept.push(this.make())
        break
      case 'churn':
        for (let left = first; left > 0; left--) this.drop(this.make())
        break
      case 'cycles':
        for (let left = first; left > 0; left--) {
          const object = this.make()
          this.drop(this.#last)
          this.#last = object
          this.add({ kind: 'Hold', from: object, to: object })
        }
        this.drop(this.#last)
        this.#last = null
        break
      case 'drop':
        for (let left = first; left > 0; left--) this.drop(this.#kept.pop())
        break
      case 'thresholds':
        this.add({ kind: 'SetThresholds', thresholds: [first, second, third] })
        break
      case 'enable':
        this.add({ kind: 'EnableCollector' })
        break
      case 'disable':
        this.add({ kind: 'DisableCollector' })
        break
      case 'freeze':
        this.add({ kind: 'FreezeObjects' })
        break
      case 'collect':
        this.add({ kind: 'Collect', generation: first })
        break
    }
  }
}

/** The collections that a program lets run, and the counts of the older generations at its end. */
export function trigger(
  gc: typeof CycleGc,
  scenario: TriggerScenario,
  interpreter: string,
  { start }: Triggered,
): Pick<Triggered, 'events' | 'olderCounts'> {
  const base = profileOf(gc, interpreter)
  const heapSize = start.objects.reduce((sum, objects) => sum + objects, 0)
  const { immortals } = base.start
  const profile = { ...base, start: { ...start, heapSize, immortals, longLivedPending: 0, rootMarked: null } }
  const program = new Program(gc)
  program.add({ kind: 'DisableCollector' })
  program.add({ kind: 'SetCallbacks', callbacks: 1 })
  for (const op of scenario.ops) program.act(op)
  const folded = gc.collectorReducer.fold(gc.collectorReducer.initial(profile), program.rows as never)
  if (folded._tag === 'Left') throw new Error(folded.left.reason.message)
  const { state, emitted } = folded.right as { state: Sealed<CycleGc.CollectorState>; emitted: typeof folded.right.emitted }
  const events: Event[] = []
  for (let row = 0; row < emitted.length; row++) {
    const fact = gc.collectorWording.read(emitted, row)
    if (fact.kind === 'CollectionFinished') events.push([program.positions[emitted.cause[row]] as number, fact.generation, fact.collected])
  }
  const [, first, second] = gc.generationCounts(state)
  return { events, olderCounts: [first, second] }
}
