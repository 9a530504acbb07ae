/** Laws of what a state says: its own invariants, the naive model, and accounts that balance. */
import type { Sealed } from '@reheap/kernel'
import { isLeft } from 'fp-ts/lib/Either.js'
import { type Law, lawOf, programAlone } from './law.ts'
import type { Model } from './model.ts'
import { factsAt, foldAll, rowsOf, stepAll } from './replay.ts'
import { Fault, same } from './same.ts'
import type { Amounts, Subject } from './subject.ts'

/** @throws if an invariant of the state does not hold */
function checkInvariants<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>, state: Sealed<S>): void {
  const checked = subject.check(state)
  if (isLeft(checked)) {
    const event = state.at - 1
    throw new Fault(`after event ${event}: ${checked.left.invariant}: ${checked.left.message}`, Math.max(0, event))
  }
}

function invariantsHold<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'every invariant holds after every event'
  return lawOf(subject, 'invariants', says, programAlone, ({ program: { setting, requests } }) => {
    const initial = subject.initial(setting)
    checkInvariants(subject, initial)
    stepAll(subject, initial, requests, (state, facts) => {
      subject.seen?.(facts)
      checkInvariants(subject, state)
    })
  })
}

/** Figures are compared at so many places of a program at most: counting them naively takes its time. */
const COMPARISONS_MAX = 48

function agreesWithModel<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'facts of every event, and the figures after it, are those of the naive model'
  return lawOf(subject, 'agreement with the naive model', says, programAlone, ({ program }) => {
    const { setting, requests } = program
    const model = subject.model(setting)
    let state = subject.initial(setting)
    same('at the beginning: figures', subject.figures(state), model.figures())
    const stride = Math.max(1, Math.ceil(requests.length / COMPARISONS_MAX))
    const asked = [...requests, ...subject.probe(program)]
    for (let from = 0; from < asked.length; from += stride) {
      const part = asked.slice(from, from + stride)
      const folded = foldAll(subject, state, part)
      const events = part.length === 1 ? `event ${from}` : `events ${from} to ${from + part.length - 1}`
      const expected = part.flatMap((request, place) => modelFacts(model, request, factsAt(folded, from + place), from + place))
      same(`${events}: facts`, folded.facts, expected, from)
      state = folded.state
      same(`after ${events}: figures`, subject.figures(state), model.figures(), from)
    }
  })
}

function modelFacts<Request, Fact>(
  model: Model<Request, Fact>,
  request: Request,
  witnessed: readonly Fact[],
  event: number,
): readonly Fact[] {
  const stepped = witnessedStep(model, request, witnessed, event)
  if (stepped._tag === 'Left') throw new Fault(`the model rejects ${JSON.stringify(request)}: ${stepped.left}`, event)
  return stepped.right
}

/** A step of a model; what it says of facts that cannot be is said of their event. */
function witnessedStep<Request, Fact>(model: Model<Request, Fact>, request: Request, witnessed: readonly Fact[], event: number) {
  try {
    return model.step(request, witnessed)
  } catch (fault) {
    throw new Fault(fault instanceof Error ? fault.message : String(fault), event)
  }
}

function roundTrip<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'a request is the same after it was written as a row or as a line of JSON and read again'
  return lawOf(subject, 'encode and decode', says, programAlone, ({ program: { requests } }) => {
    const rows = rowsOf(subject, requests)
    same('rows', rows.length, requests.length)
    requests.forEach((request, place) => {
      same(`row ${place}`, subject.requestAt(rows, place), request)
      const decoded = subject.decode(JSON.parse(JSON.stringify(request)))
      same(`line ${place}`, decoded, { _tag: 'Right', right: request })
    })
  })
}

const plus = (a: Amounts, b: Amounts): Amounts =>
  Object.fromEntries(Object.entries(a).map(([name, amount]) => [name, amount + (b[name] ?? 0)]))

function conservation<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'what was given out less what was returned is what is live, for every amount and after every event'
  return lawOf(subject, 'conservation', says, programAlone, ({ program: { setting, requests } }) => {
    const initial = subject.initial(setting)
    let balance = subject.flow([])
    same('at the beginning: held', subject.held(initial), balance)
    stepAll(subject, initial, requests, (state, facts) => {
      balance = plus(balance, subject.flow(facts))
      same(`after event ${state.at - 1}: held`, subject.held(state), balance, state.at - 1)
    })
  })
}

function noLeaks<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'when everything is given back, nothing remains that the setting does not keep on purpose'
  return lawOf(subject, 'no leaks', says, programAlone, ({ program }) => {
    const { setting, requests } = program
    const { state } = foldAll(subject, subject.initial(setting), [...requests, ...subject.drain(program)])
    const left = subject.leftover(setting, state)
    if (left !== null) throw new Error(left)
    checkInvariants(subject, state)
  })
}

/** The laws of truth, for any subject. */
export function truthLaws<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): readonly Law[] {
  return [invariantsHold(subject), agreesWithModel(subject), roundTrip(subject), conservation(subject), noLeaks(subject)]
}
