/** Laws of a pure reducer: nothing depends on how a program is cut, on what was done before, or on who looks. */
import { Emit, type Sealed } from '@reheap/kernel'
import fc from 'fast-check'
import { type Case, type Law, lawOf, programAlone } from './law.ts'
import { applyInPieces, factsAt, foldAll, type Outcome, pieces, rowsOf, stepAll } from './replay.ts'
import { same } from './same.ts'
import type { Program, Subject } from './subject.ts'

type Programs<Setting, Request> = fc.Arbitrary<Program<Setting, Request>>

const cuts = fc.array(fc.nat(9999), { maxLength: 6 })
const programWithCuts = <Setting, Request>(programs: Programs<Setting, Request>) => fc.record({ program: programs, cuts })

/** Two runs came to the same. */
function sameOutcome<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  what: string,
  actual: Outcome<S, Fact>,
  expected: Outcome<S, Fact>,
): void {
  same(`${what}: facts`, actual.facts, expected.facts)
  same(`${what}: causes`, actual.causes, expected.causes)
  same(`${what}: at`, actual.state.at, expected.state.at)
  same(`${what}: figures`, subject.figures(actual.state), subject.figures(expected.state))
}

/** All that can be known of a state: its figures, and what it answers to a probe. */
function fingerprint<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  state: Sealed<S>,
  probe: readonly Request[],
): unknown {
  return { at: state.at, figures: subject.figures(state), answers: foldAll(subject, state, probe).facts }
}

/** The same beginning and the same requests give the same facts and the same state. */
function determinism<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'the same setting and requests give the same facts and the same state'
  return lawOf(subject, 'determinism', says, programAlone, ({ program: { setting, requests } }) => {
    const initial = subject.initial(setting)
    const first = foldAll(subject, initial, requests)
    sameOutcome(subject, 'folded again', foldAll(subject, initial, requests), first)
    sameOutcome(subject, 'begun again', foldAll(subject, subject.initial(setting), requests), first)
  })
}

function batchIsSteps<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'however a log is cut into batches, down to one request each, facts and state are the same'
  return lawOf(subject, 'batch is one by one', says, programWithCuts, (tried) => {
    const { setting, requests } = tried.program
    const initial = subject.initial(setting)
    const whole = foldAll(subject, initial, requests)
    sameOutcome(subject, 'one by one', stepAll(subject, initial, requests), whole)
    let cut: Outcome<S, Fact> = { state: initial, facts: [], causes: [] }
    for (const [start, end] of pieces(tried.cuts, requests.length)) {
      const { state, facts, causes } = foldAll(subject, cut.state, requests.slice(start, end))
      cut = { state, facts: [...cut.facts, ...facts], causes: [...cut.causes, ...causes] }
    }
    sameOutcome(subject, 'in batches', cut, whole)
  })
}

function foldIsDraft<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'fold is what the mechanism does to one draft, in pieces or not, muted or not; a sealed draft is dead'
  return lawOf(subject, 'fold is the mechanism', says, programWithCuts, (tried) => {
    const { setting, requests } = tried.program
    const initial = subject.initial(setting)
    const whole = foldAll(subject, initial, requests)
    sameOutcome(subject, 'one draft', applyInPieces(subject, initial, requests, tried.cuts), whole)
    const { mechanism } = subject
    const rows = rowsOf(subject, requests)
    const draft = mechanism.thaw(initial)
    mechanism.applyBatch(draft, rows, 0, rows.length, new Emit({ muted: true }))
    same('muted: figures', subject.figures(mechanism.seal(draft)), subject.figures(whole.state))
    let died = false
    try {
      mechanism.applyBatch(draft, rows, 0, rows.length, new Emit())
    } catch {
      died = true
    }
    same('a sealed draft refuses work', died, true)
  })
}

function sealedNeverChanges<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'a sealed state is the same after whatever was thawed, folded or rejected from it'
  return lawOf(subject, 'a sealed state never changes', says, withImpossible(subject), ({ program, impossible, cut }) => {
    const { setting, requests } = program
    const start = cut % (requests.length + 1)
    const old = foldAll(subject, subject.initial(setting), requests.slice(0, start)).state
    const probe = subject.probe(program)
    const before = fingerprint(subject, old, probe)
    const rest = requests.slice(start)
    const { mechanism } = subject
    const draft = mechanism.thaw(old)
    mechanism.applyBatch(draft, rowsOf(subject, rest, start), 0, rest.length, new Emit())
    same('while a draft lives', fingerprint(subject, old, probe), before)
    mechanism.seal(draft)
    stepAll(subject, old, rest)
    subject.reducer.fold(old, rowsOf(subject, [...rest, impossible], start))
    same('afterwards', fingerprint(subject, old, probe), before)
  })
}

type ImpossibleCase<Setting, Request> = Case<Setting, Request> & { readonly impossible: Request; readonly cut: number }

const withImpossible =
  <S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>) =>
  (programs: Programs<Setting, Request>): fc.Arbitrary<ImpossibleCase<Setting, Request>> =>
    programs.chain((program) => fc.record({ program: fc.constant(program), impossible: subject.impossible(program), cut: fc.nat(9999) }))

function rejectionChangesNothing<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says =
    'a batch with a request that cannot have happened is refused whole, names the first one and its first reason, and the state is the one before'
  return lawOf(subject, 'rejection leaves the state unchanged', says, withImpossible(subject), ({ program, impossible }) => {
    const { setting, requests } = program
    const model = subject.model(setting)
    const outcome = foldAll(subject, subject.initial(setting), requests)
    for (const [place, request] of requests.entries()) model.step(request, factsAt(outcome, place))
    const { state } = outcome
    const probe = subject.probe(program)
    const before = fingerprint(subject, state, probe)
    const alone = subject.reducer.step(state, impossible)
    const expected = model.step(impossible, alone._tag === 'Right' ? alone.right.emitted : [])
    same('accepted', alone._tag === 'Right', expected._tag === 'Right')
    same('afterwards', fingerprint(subject, state, probe), before)
    if (alone._tag === 'Right' || expected._tag === 'Right') return
    same('reason', subject.kindOf(alone.left.reason), expected.left)
    const batch = subject.reducer.fold(subject.initial(setting), rowsOf(subject, [...requests, impossible, ...requests]))
    if (batch._tag === 'Right') throw new Error('the batch is accepted, and one of its requests is not when it is asked alone')
    same('rejected event', batch.left.index, requests.length)
    same('reason in a batch', batch.left.reason, alone.left.reason)
    appliesRowsBefore(subject, state, requests, impossible, subject.initial(setting))
  })
}

/** The rows before a rejected one are in the draft, it and the rows behind it are not. */
function appliesRowsBefore<S, Setting, Request, Fact>(
  subject: Subject<S, Setting, Request, Fact>,
  expected: Sealed<S>,
  requests: readonly Request[],
  impossible: Request,
  initial: Sealed<S>,
): void {
  const { mechanism } = subject
  const rows = rowsOf(subject, [...requests, impossible, ...requests])
  const draft = mechanism.thaw(initial)
  same('rejected row', mechanism.applyBatch(draft, rows, 0, rows.length, new Emit()), requests.length)
  const sealed = mechanism.seal(draft)
  same('clock of the draft', sealed.at, expected.at)
  same('the draft', subject.figures(sealed), subject.figures(expected))
}

function snapshotIsReplay<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): Law {
  const says = 'the state at any event is the same from the nearest snapshot as from the beginning'
  const cases = (programs: Programs<Setting, Request>) =>
    fc.record({ program: programs, every: fc.integer({ min: 1, max: 50 }), at: fc.nat(9999) })
  return lawOf(subject, 'snapshot and replay is replay', says, cases, ({ program: { setting, requests }, every, at }) => {
    const initial = subject.initial(setting)
    const snapshots = [initial]
    stepAll(subject, initial, requests, (state) => {
      if (state.at % every === 0) snapshots.push(state)
    })
    const wanted = at % (requests.length + 1)
    const nearest = snapshots.findLast((state) => state.at <= wanted) ?? initial
    const found = foldAll(subject, nearest, requests.slice(nearest.at, wanted)).state
    const replayed = foldAll(subject, initial, requests.slice(0, wanted)).state
    const probe = subject.probe({ setting, requests })
    same(`state at event ${wanted}`, fingerprint(subject, found, probe), fingerprint(subject, replayed, probe))
  })
}

/** The laws of purity, for any subject. */
export function purityLaws<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): readonly Law[] {
  return [
    determinism(subject),
    batchIsSteps(subject),
    foldIsDraft(subject),
    sealedNeverChanges(subject),
    rejectionChangesNothing(subject),
    snapshotIsReplay(subject),
  ]
}
