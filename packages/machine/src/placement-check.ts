/** Compares where blocks and arenas lie with where the recording says that they lay. */
import { type AllocatorProfile, FACT_OPCODES, REQUEST_OPCODES } from '@reheap/allocator'
import { type EventBatch, type EventIndex, type FactBatch, OPCODE_RANGES } from '@reheap/kernel'
import { ArenaLedger } from './arena-ledger.ts'
import type { MismatchList } from './mismatch.ts'

const { BlockPlaced, BlockResized, BlockPassedOn, ArenaOpened, ArenaReleased, ArenaRefused } = FACT_OPCODES
const { ArenaMapped, ArenaUnmapped } = REQUEST_OPCODES
const LAST_REQUEST = OPCODE_RANGES.allocator.to

/** A check under way, of a log that says where its blocks lie or of one that does not. */
export class PlacementCheck {
  /** Does the log say where its blocks lie? Else its addresses, if it has any, stay unanswered. */
  isPlaced = true
  readonly #profile: AllocatorProfile
  readonly #mismatches: MismatchList
  /** One for each heap. */
  readonly #ledgers: ArenaLedger[] = []
  #compared = 0
  /** Addresses that nothing here answers. */
  unanswered = 0

  constructor(profile: AllocatorProfile, mismatches: MismatchList) {
    this.#profile = profile
    this.#mismatches = mismatches
  }

  get compared(): number {
    return this.#ledgers.reduce((sum, ledger) => sum + ledger.compared, this.#compared)
  }

  /** Notes the arenas that a recording mapped and unmapped in rows `from` to `to`. */
  record(batch: EventBatch, from: number, to: number): void {
    if (!this.isPlaced) return
    for (let row = from; row < to; row++) {
      const code = batch.code[row]
      if (code === ArenaMapped || code === ArenaUnmapped) this.#ledgerOf(batch, row).record(batch, row)
    }
  }

  /** Compares one fact of the allocator. Blocks of objects whose memory the log does not hold have no address to compare. */
  compare(facts: FactBatch, fact: number, batch: EventBatch): void {
    const row = facts.cause[fact] - batch.firstIndex
    if (batch.code[row] > LAST_REQUEST) return
    switch (facts.code[fact]) {
      case BlockPlaced:
      case BlockResized:
        this.#compareAddress(facts, fact, batch.address[row])
        return
      case BlockPassedOn:
        if (this.isPlaced) this.#comparePassedOn(batch, row, facts, fact)
        return
      case ArenaOpened:
      case ArenaReleased:
      case ArenaRefused: {
        const mismatch = this.isPlaced ? this.#ledgerOf(batch, row).compare(facts, fact) : null
        if (mismatch !== null) this.#mismatches.add(mismatch)
      }
    }
  }

  /** Notes what the recording mapped or unmapped before `index` and the simulation did not. */
  noteOverdue(index: EventIndex): void {
    for (const ledger of this.#ledgers) this.#mismatches.addAll(ledger?.overdue(index) ?? [])
  }

  #compareAddress(facts: FactBatch, fact: number, expected: number): void {
    if (Number.isNaN(expected)) return
    if (!this.isPlaced) {
      this.unanswered++
      return
    }
    this.#compared++
    const simulated = facts.address[fact]
    if (expected !== simulated) this.#mismatches.add({ index: facts.cause[fact], of: 'address', expected, simulated })
  }

  /** The C library chose this address, so it is taken and not compared; but it never lies in an arena. */
  #comparePassedOn(batch: EventBatch, row: number, facts: FactBatch, fact: number): void {
    const expected = facts.address[fact]
    if (this.#ledgerOf(batch, row).holds(expected))
      this.#mismatches.add({ index: facts.cause[fact], of: 'address', expected, simulated: null })
  }

  #ledgerOf(batch: EventBatch, row: number): ArenaLedger {
    const heap = this.#profile.heapPerInterpreter ? (batch.heap?.[row] ?? 0) : 0
    this.#ledgers[heap] ??= new ArenaLedger(this.#profile)
    return this.#ledgers[heap]
  }
}
