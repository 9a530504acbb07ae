/** Ways to run a program on a subject; each answers with plain values that laws compare. */
import { Columns, Emit, type FactBatch, type Sealed } from '@reheap/kernel'
import { Fault } from './same.ts'
import type { Subject } from './subject.ts'

/** Where a run ended and what it said on the way. */
export interface Outcome<S, Fact> {
  readonly state: Sealed<S>
  readonly facts: readonly Fact[]
  /** Index of the request behind each fact. */
  readonly causes: readonly number[]
}

/** Requests as rows, the first at `firstIndex`. */
export function rowsOf<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  requests: readonly Request[],
  firstIndex = 0,
): Columns {
  const rows = subject.newRows?.() ?? new Columns(Math.max(1, requests.length))
  rows.firstIndex = firstIndex
  for (const request of requests) subject.wording.write(request, rows)
  return rows
}

/** Facts as tagged values. */
export function factsOf<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>, emitted: FactBatch): readonly Fact[] {
  return Array.from({ length: emitted.length }, (_, row) => subject.wording.read(emitted, row))
}

/** Folds requests as one batch. @throws if one of them is rejected */
export function foldAll<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  from: Sealed<S>,
  requests: readonly Request[],
): Outcome<S, Fact> {
  const folded = subject.reducer.fold(from, rowsOf(subject, requests, from.at))
  if (folded._tag === 'Left') {
    const { index, reason } = folded.left
    const request = JSON.stringify(requests[index - from.at])
    throw new Fault(`event ${index} is rejected: ${JSON.stringify(reason)}; the request is ${request}`, index, true)
  }
  const { state, emitted } = folded.right
  return { state, facts: factsOf(subject, emitted), causes: [...emitted.cause.subarray(0, emitted.length)] }
}

/** Facts of one event of an outcome. */
export function factsAt<S, Fact>({ facts, causes }: Outcome<S, Fact>, event: number): readonly Fact[] {
  return facts.filter((_, place) => causes[place] === event)
}

/** Folds requests one by one. @param visit sees the state after each request and the facts of it */
export function stepAll<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  from: Sealed<S>,
  requests: readonly Request[],
  visit: (state: Sealed<S>, facts: readonly Fact[], place: number) => void = () => {},
): Outcome<S, Fact> {
  let state = from
  const facts: Fact[] = []
  const causes: number[] = []
  requests.forEach((request, place) => {
    const stepped = subject.reducer.step(state, request)
    if (stepped._tag === 'Left')
      throw new Fault(
        `event ${state.at} is rejected: ${JSON.stringify(stepped.left.reason)}; the request is ${JSON.stringify(request)}`,
        state.at,
        true,
      )
    for (const fact of stepped.right.emitted) {
      facts.push(fact)
      causes.push(state.at)
    }
    state = stepped.right.state
    visit(state, stepped.right.emitted, place)
  })
  return { state, facts, causes }
}

/** Applies requests to one draft, from cut to cut of the same batch. */
export function applyInPieces<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  from: Sealed<S>,
  requests: readonly Request[],
  cuts: readonly number[],
): Outcome<S, Fact> {
  const { mechanism } = subject
  const rows = rowsOf(subject, requests, from.at)
  const draft = mechanism.thaw(from)
  const emit = new Emit()
  for (const [start, end] of pieces(cuts, requests.length)) {
    const rejected = mechanism.applyBatch(draft, rows, start, end, emit)
    if (rejected >= 0) throw new Error(`row ${rejected} is rejected for reason ${emit.reason}`)
  }
  const causes = [...emit.facts.cause.subarray(0, emit.facts.length)]
  return { state: mechanism.seal(draft), facts: factsOf(subject, emit.facts), causes }
}

/** The pieces between cuts, given as any whole numbers; some may be empty. */
export function pieces(cuts: readonly number[], length: number): readonly (readonly [number, number])[] {
  const places = [0, ...cuts.map((cut) => cut % (length + 1)).sort((a, b) => a - b), length]
  return places.slice(1).map((end, piece) => [places[piece] as number, end])
}
