/** Replays a recording under its own profile and compares every observation in it. */
import { type AllocatorProfile, FACT_OPCODES, REQUEST_OPCODES } from '@reheap/allocator'
import {
  ANY_LAYER_OPCODES,
  type Draft,
  Emit,
  type EventBatch,
  type EventIndex,
  explainRow,
  type FactBatch,
  type Rejected,
  type Sealed,
} from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { ArenaLedger } from './arena-ledger.ts'
import { emptyMachine, type MachineRejection, type MachineState, machineMechanism } from './machine.ts'
import { compareObservation, type Mismatch, type Observation } from './observation.ts'
import { placementOf, systemOf } from './placement.ts'

const { BlockPlaced, BlockResized, BlockPassedOn } = FACT_OPCODES
const { ArenaMapped, ArenaUnmapped } = REQUEST_OPCODES
/** The report names so many mismatches; all are counted. */
const MISMATCHES_NAMED = 20

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
}

/** A verification under way: feed it the log's batches in order, then ask for the report. */
export class Verification {
  readonly #emit = new Emit()
  readonly #profile: AllocatorProfile
  /** Does the log say where its blocks lie? Else its addresses, if it has any, stay unanswered. */
  #isPlaced = true
  /** One for each heap. */
  readonly #ledgers: ArenaLedger[] = []
  #draft: Draft<MachineState>
  #events = 0
  #observations = 0
  #unanswered = 0
  #mismatches = 0
  readonly #first: Mismatch[] = []

  constructor(profile: AllocatorProfile) {
    this.#profile = profile
    this.#draft = machineMechanism.thaw(emptyMachine(profile, systemOf('recorded')))
  }

  /** Replays one batch and compares what it observed. Left: a request that cannot have happened. */
  feed(batch: EventBatch, onFacts?: (facts: FactBatch) => void): Either<Rejected<MachineRejection>, void> {
    if (this.#events === 0) this.#start(batch)
    let from = 0
    while (from < batch.length) {
      const next = batch.code.indexOf(ANY_LAYER_OPCODES.Observe, from)
      const observed = next >= 0 && next < batch.length
      const to = observed ? next : batch.length
      const applied = this.#apply(batch, from, to)
      if (applied._tag === 'Left') return applied
      onFacts?.(this.#emit.facts)
      if (observed) this.#observe(batch, next)
      from = to + 1
    }
    this.#events += batch.length
    return right(undefined)
  }

  /** The outcome so far, for the whole log once every batch was fed. */
  report(): VerifyReport {
    this.#noteOverdue(Number.POSITIVE_INFINITY)
    return {
      events: this.#events,
      observations: this.#ledgers.reduce((sum, ledger) => sum + ledger.compared, this.#observations),
      unanswered: this.#unanswered,
      mismatches: this.#mismatches,
      first: [...this.#first].sort((a, b) => a.index - b.index),
    }
  }

  /** The state after the last row fed. */
  state(): Sealed<MachineState> {
    const sealed = machineMechanism.seal(this.#draft)
    this.#draft = machineMechanism.thaw(sealed)
    return sealed
  }

  #start(first: EventBatch): void {
    this.#isPlaced = placementOf(first, this.#profile) === 'recorded'
    if (!this.#isPlaced) this.#draft = machineMechanism.thaw(emptyMachine(this.#profile, systemOf('simulated')))
  }

  #apply(batch: EventBatch, from: number, to: number): Either<Rejected<MachineRejection>, void> {
    this.#emit.clear()
    if (this.#isPlaced) this.#recordArenas(batch, from, to)
    const row = machineMechanism.applyBatch(this.#draft, batch, from, to, this.#emit)
    if (row >= 0) return left({ index: batch.firstIndex + row, reason: explainRow(machineMechanism, this.#emit.reason, batch, row) })
    if (this.#isPlaced) this.#compare(batch)
    else this.#passOver(batch)
    return right(undefined)
  }

  #ledgerOf(batch: EventBatch, row: number): ArenaLedger {
    const heap = this.#profile.heapPerInterpreter ? (batch.heap?.[row] ?? 0) : 0
    this.#ledgers[heap] ??= new ArenaLedger(this.#profile)
    return this.#ledgers[heap]
  }

  #recordArenas(batch: EventBatch, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const code = batch.code[row]
      if (code === ArenaMapped || code === ArenaUnmapped) this.#ledgerOf(batch, row).record(batch, row)
    }
  }

  #noteOverdue(index: EventIndex): void {
    for (const ledger of this.#ledgers) for (const mismatch of ledger?.overdue(index) ?? []) this.#note(mismatch)
  }

  #compare(batch: EventBatch): void {
    const { facts } = this.#emit
    const { address, firstIndex } = batch
    for (let fact = 0; fact < facts.length; fact++) {
      const code = facts.code[fact]
      if (code === BlockPlaced || code === BlockResized) {
        const expected = address[facts.cause[fact] - firstIndex]
        if (Number.isNaN(expected)) continue
        this.#observations++
        const simulated = facts.address[fact]
        if (expected !== simulated) this.#note({ index: facts.cause[fact], of: 'address', expected, simulated })
      } else if (code === BlockPassedOn) {
        this.#comparePassedOn(batch, facts, fact)
      } else {
        const mismatch = this.#ledgerOf(batch, facts.cause[fact] - firstIndex).compare(facts, fact)
        if (mismatch !== null) this.#note(mismatch)
      }
    }
  }

  /** Addresses and arenas of a log that does not say where most of its blocks lie have nothing to be compared with. */
  #passOver({ firstIndex, address }: EventBatch): void {
    const { facts } = this.#emit
    for (let fact = 0; fact < facts.length; fact++) {
      const code = facts.code[fact]
      const isPlaced = code === BlockPlaced || code === BlockResized
      if (isPlaced && !Number.isNaN(address[facts.cause[fact] - firstIndex])) this.#unanswered++
    }
  }

  /** The C library chose this address, so it is taken and not compared; but it never lies in an arena. */
  #comparePassedOn(batch: EventBatch, facts: FactBatch, fact: number): void {
    const expected = facts.address[fact]
    if (this.#ledgerOf(batch, facts.cause[fact] - batch.firstIndex).holds(expected))
      this.#note({ index: facts.cause[fact], of: 'address', expected, simulated: null })
  }

  #observe(batch: EventBatch, row: number): void {
    const index: EventIndex = batch.firstIndex + row
    this.#noteOverdue(index)
    const observation = JSON.parse(batch.detail(row) ?? '{}') as Observation
    const outcome = compareObservation(this.state(), batch.heap?.[row] ?? 0, index, observation)
    if (outcome === null) {
      this.#unanswered += Object.keys(observation.values).length
      return
    }
    this.#observations += outcome.compared
    for (const mismatch of outcome.mismatches) this.#note(mismatch)
  }

  #note(mismatch: Mismatch): void {
    this.#mismatches++
    if (this.#first.length < MISMATCHES_NAMED) this.#first.push(mismatch)
  }
}
