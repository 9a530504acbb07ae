/** Replays a recording under its own profile and compares every observation in it. */
import { REQUEST_OPCODES } from '@reheap/cycle-gc'
import {
  ANY_LAYER_OPCODES,
  type Draft,
  Emit,
  type EventBatch,
  explainRow,
  type FactBatch,
  OPCODE_RANGES,
  type Rejected,
  type Sealed,
} from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { CALL_KINDS, CallLedger } from './call-ledger.ts'
import { HOST_KINDS, HostCheck, type HostReport } from './host-check.ts'
import { Layers } from './layers.ts'
import { emptyMachine, keeper, type MachineRejection, machineMechanism } from './machine.ts'
import type { MachineState } from './machine-draft.ts'
import { type Mismatch, MismatchList } from './mismatch.ts'
import { compareObservation, type Observation } from './observation.ts'
import { PlacementSearch, systemOf } from './placement.ts'
import { PlacementCheck } from './placement-check.ts'
import type { MachineProfile } from './profile.ts'

const { Mark, Observe } = ANY_LAYER_OPCODES
const { SetCallbacks } = REQUEST_OPCODES
const FIRST_ANY_LAYER = OPCODE_RANGES.anyLayer.from
const LAST_ALLOCATOR_FACT = OPCODE_RANGES.allocator.to
const FIRST_HOST_FACT = OPCODE_RANGES.hostMemory.from

/** The outcome of a verification. */
export interface VerifyReport {
  readonly events: number
  /** Recorded values that were compared. */
  readonly observations: number
  /** Observed values that no layer of this machine answers: seen, not compared. */
  readonly unanswered: number
  readonly mismatches: number
  /** The first mismatches, in the order of the log. */
  readonly first: readonly Mismatch[]
  /** How far the host is from the real one; left out: the log says nothing of one. */
  readonly host?: HostReport
}

/** A verification under way: feed it the log's batches in order, then ask for the report. */
export class Verification {
  readonly #emit = new Emit()
  readonly #search: PlacementSearch
  readonly #mismatches = new MismatchList()
  readonly #calls = new CallLedger(this.#mismatches)
  readonly #host = new HostCheck()
  readonly #placement: PlacementCheck
  #draft: Draft<MachineState>
  #events = 0
  #observations = 0
  #unanswered = 0
  /** Did a mark, or an observation of what ran by itself, come behind the last request? */
  #isClosing = false

  constructor(profile: MachineProfile) {
    this.#search = new PlacementSearch(profile.allocator, false)
    this.#placement = new PlacementCheck(profile.allocator, this.#mismatches)
    this.#draft = machineMechanism.thaw(emptyMachine(profile, systemOf('recorded')))
  }

  /** Replays one batch and compares what it observed. Left: a request that cannot have happened. */
  feed(batch: EventBatch, onFacts?: (facts: FactBatch) => void): Either<Rejected<MachineRejection>, void> {
    this.#place(batch)
    let from = 0
    let mark = rowOf(batch, Mark, 0)
    let callbacks = rowOf(batch, SetCallbacks, 0)
    while (from < batch.length) {
      const observed = rowOf(batch, Observe, from)
      if (mark < from) mark = rowOf(batch, Mark, from)
      if (callbacks < from) callbacks = rowOf(batch, SetCallbacks, from)
      const to = Math.min(observed, mark, callbacks, batch.length)
      const applied = this.#apply(batch, from, to === callbacks ? Math.min(to + 1, batch.length) : to)
      if (applied._tag === 'Left') return applied
      onFacts?.(this.#emit.facts)
      if (to < batch.length) this.#pause(batch, to)
      from = to + 1
    }
    this.#events += batch.length
    return right(undefined)
  }

  /** The outcome so far, for the whole log once every batch was fed. */
  report(): VerifyReport {
    this.#placement.noteOverdue(Number.POSITIVE_INFINITY)
    this.#calls.close()
    const host = this.#host.report()
    return {
      events: this.#events,
      observations: this.#observations + this.#placement.compared + this.#calls.compared,
      unanswered: this.#unanswered + this.#placement.unanswered + this.#calls.unanswered,
      mismatches: this.#mismatches.count,
      first: this.#mismatches.first(),
      ...(host === null ? {} : { host }),
    }
  }

  /** The state after the last row fed. */
  state(): Sealed<MachineState> {
    const sealed = machineMechanism.seal(this.#draft)
    this.#draft = machineMechanism.thaw(sealed)
    return sealed
  }

  #place(batch: EventBatch): void {
    const told = this.#search.look(batch)
    if (told?.placement !== 'simulated') return
    this.#placement.isPlaced = false
    keeper.own(this.#draft).answerFrom(systemOf('simulated', told.top))
  }

  #apply(batch: EventBatch, from: number, to: number): Either<Rejected<MachineRejection>, void> {
    this.#emit.clear()
    if (this.#isClosing && holdsRequest(batch.code, from, to)) {
      this.#calls.close()
      this.#isClosing = false
    }
    this.#placement.record(batch, from, to)
    const row = machineMechanism.applyBatch(this.#draft, batch, from, to, this.#emit)
    if (row >= 0) return left({ index: batch.firstIndex + row, reason: explainRow(machineMechanism, this.#emit.reason, batch, row) })
    const { facts } = this.#emit
    for (let fact = 0; fact < facts.length; fact++) {
      if (facts.code[fact] <= LAST_ALLOCATOR_FACT) this.#placement.compare(facts, fact, batch)
      else if (facts.code[fact] >= FIRST_HOST_FACT) this.#host.note(facts, fact, batch)
      else this.#calls.simulate(facts, fact)
    }
    return right(undefined)
  }

  /** At a row that the requests before it are looked at. */
  #pause(batch: EventBatch, row: number): void {
    if (batch.code[row] === Observe) this.#observe(batch, row)
    else if (batch.code[row] === SetCallbacks) this.#calls.tellsCollections = batch.id[row] > 0
    else this.#isClosing = true
  }

  #observe(batch: EventBatch, row: number): void {
    const index = batch.firstIndex + row
    this.#placement.noteOverdue(index)
    const observation = JSON.parse(batch.detail(row) ?? '{}') as Observation
    const kind = CALL_KINDS.find((name) => name === observation.of)
    if (kind !== undefined) {
      this.#calls.observe(kind, index, observation.values)
      this.#isClosing = true
      return
    }
    const layers = new Layers(this.#draft, batch.heap?.[row] ?? 0)
    const isOfHost = HOST_KINDS.includes(observation.of)
    this.#compare(isOfHost ? this.#host.compare(index, observation, layers.host) : compareObservation(layers, index, observation))
  }

  #compare({ compared, unanswered, mismatches }: ReturnType<typeof compareObservation>): void {
    this.#observations += compared
    this.#unanswered += unanswered
    this.#mismatches.addAll(mismatches)
  }
}

/** The next row of a kind, or the batch's length. */
function rowOf({ code, length }: EventBatch, kind: number, from: number): number {
  const row = code.indexOf(kind, from)
  return row < 0 || row > length ? length : row
}

function holdsRequest(code: Uint8Array, from: number, to: number): boolean {
  for (let row = from; row < to; row++) if (code[row] < FIRST_ANY_LAYER) return true
  return false
}
