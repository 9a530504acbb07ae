/** Pairs what the real runtime was seen to run by itself (collections, finalizers, callbacks) with what the simulation ran. */
import { FACT_OPCODES as COLLECTOR_FACTS } from '@reheap/cycle-gc'
import type { EventIndex, FactBatch } from '@reheap/kernel'
import { FACT_OPCODES as OBJECT_FACTS } from '@reheap/refcount'
import { type Mismatch, type MismatchList, shownValue } from './mismatch.ts'

/** What runs by itself, by the `of` of its observation. */
export const CALL_KINDS = ['collection', 'finalizer', 'weakCallback'] as const
export type CallKind = (typeof CALL_KINDS)[number]

type Values = Readonly<Record<string, unknown>>

/** One collection, finalizer or callback; `index` is the observation's, or that of the request that caused it. */
interface Call {
  readonly kind: CallKind
  readonly index: EventIndex
  readonly values: Values
}

/** What a mismatch about a whole call is named by. */
const NAMED_BY: Readonly<Record<CallKind, string>> = { collection: 'generation', finalizer: 'object', weakCallback: 'weak' }
const FIELDS: Readonly<Record<CallKind, readonly string[]>> = {
  collection: ['generation', 'collected', 'uncollectable'],
  finalizer: ['object'],
  weakCallback: ['weak'],
}

/** Calls of the simulation that wait for their observations; older ones are given up, so that memory does not grow with the log. */
const WAITING_MAX = 65_536
/** Mismatches kept for a kind that the log has not observed yet: as many as a report names. */
const KEPT_MAX = 20

/**
 * The calls that are observed behind a request, before the next one, belong to the requests since the last such
 * observations, or the last `Mark`: the two sequences must be the same. Calls of a kind that the log never observes are
 * passed over.
 */
export class CallLedger {
  readonly #mismatches: MismatchList
  #simulated: Call[] = []
  #observed: Call[] = []
  /** Calls without an observation, of kinds that the log has not observed so far. */
  readonly #unasked = new Map<CallKind, { count: number; readonly kept: Mismatch[] }>(
    CALL_KINDS.map((kind) => [kind, { count: 0, kept: [] }]),
  )
  /** False while the log says that nothing stands in `gc.callbacks`: nobody is told of collections then. */
  tellsCollections = true
  compared = 0
  /** Observed values that no call has. */
  unanswered = 0

  constructor(mismatches: MismatchList) {
    this.#mismatches = mismatches
  }

  /** Notes what the simulation ran. */
  simulate(facts: FactBatch, row: number): void {
    const call = simulatedCall(facts, row)
    if (call === null || (call.kind === 'collection' && !this.tellsCollections)) return
    this.#simulated.push(call)
    if (this.#simulated.length >= WAITING_MAX) for (const old of this.#simulated.splice(0, WAITING_MAX / 2)) this.#leave(old)
  }

  observe(kind: CallKind, index: EventIndex, values: Values): void {
    this.#observed.push({ kind, index, values })
    for (const name of Object.keys(values)) {
      if (FIELDS[kind].includes(name)) this.compared++
      else this.unanswered++
    }
  }

  /** Compares what was simulated and observed since the last call: a run of observations has ended. */
  close(): void {
    for (const { kind } of this.#observed) this.#ask(kind)
    const simulated: Call[] = []
    for (const call of this.#simulated) {
      if (this.#unasked.has(call.kind)) this.#leave(call)
      else simulated.push(call)
    }
    this.#compare(this.#observed, simulated)
    this.#observed = []
    this.#simulated = []
  }

  /** From the first observation of a kind on, what was left of it before has been missing. */
  #ask(kind: CallKind): void {
    const unasked = this.#unasked.get(kind)
    if (unasked === undefined) return
    this.#mismatches.addAll(unasked.kept, unasked.count)
    this.#unasked.delete(kind)
  }

  #leave(call: Call): void {
    const unasked = this.#unasked.get(call.kind)
    if (unasked === undefined) {
      this.#mismatches.add(missing(call))
      return
    }
    unasked.count++
    if (unasked.kept.length < KEPT_MAX) unasked.kept.push(missing(call))
  }

  /** What both ends have in common is no difference; what is left between is paired in order. */
  #compare(observed: readonly Call[], simulated: readonly Call[]): void {
    let from = 0
    let ends = [observed.length, simulated.length] as const
    while (from < Math.min(...ends) && agree(observed[from], simulated[from])) from++
    while (Math.min(...ends) > from && agree(observed[ends[0] - 1], simulated[ends[1] - 1])) ends = [ends[0] - 1, ends[1] - 1]
    for (let place = from; place < Math.max(...ends); place++) {
      const seen = place < ends[0] ? observed[place] : undefined
      const ran = place < ends[1] ? simulated[place] : undefined
      if (seen !== undefined && ran !== undefined && seen.kind === ran.kind) this.#differ(seen, ran)
      else {
        if (seen !== undefined) this.#mismatches.add(invented(seen))
        if (ran !== undefined) this.#mismatches.add(missing(ran))
      }
    }
  }

  #differ({ kind, index, values }: Call, ran: Call): void {
    for (const name of FIELDS[kind]) {
      const expected = values[name]
      const simulated = ran.values[name]
      if (expected === undefined || expected === simulated) continue
      this.#mismatches.add({ index, of: `${kind}.${name}`, expected: shownValue(expected), simulated: shownValue(simulated) })
    }
  }
}

function simulatedCall({ code, cause, tag, id, other }: FactBatch, row: number): Call | null {
  const index = cause[row]
  switch (code[row]) {
    case COLLECTOR_FACTS.CollectionFinished:
      return { kind: 'collection', index, values: { generation: tag[row], collected: id[row], uncollectable: other[row] } }
    case OBJECT_FACTS.FinalizerRan:
      return { kind: 'finalizer', index, values: { object: id[row] } }
    case OBJECT_FACTS.WeakReferenceCalled:
      return { kind: 'weakCallback', index, values: { weak: id[row] } }
    default:
      return null
  }
}

/** Has the simulated call every value that was observed of it? */
function agree(seen: Call | undefined, ran: Call | undefined): boolean {
  if (seen === undefined || ran === undefined || seen.kind !== ran.kind) return false
  return FIELDS[seen.kind].every((name) => seen.values[name] === undefined || seen.values[name] === ran.values[name])
}

const named = ({ kind, index }: Call): { readonly index: EventIndex; readonly of: string } => ({ index, of: `${kind}.${NAMED_BY[kind]}` })
const invented = (call: Call): Mismatch => ({ ...named(call), expected: shownValue(call.values[NAMED_BY[call.kind]]), simulated: null })
const missing = (call: Call): Mismatch => ({ ...named(call), expected: null, simulated: shownValue(call.values[NAMED_BY[call.kind]]) })
