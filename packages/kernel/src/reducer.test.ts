import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { balancesOf, DEPOSIT, ledgerBatch, ledgerMechanism, ledgerReducer, WITHDRAW } from '../test/ledger.ts'
import { Emit } from './emit.ts'

const arbitraryRows = fc.array(
  fc.tuple(fc.constantFrom(DEPOSIT, WITHDRAW), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9 })),
  { maxLength: 30 },
)

describe('the pure reducer of a mechanism', () => {
  test.prop([arbitraryRows, arbitraryRows])('[K1] a sealed state never changes, whatever is done after', (before, after) => {
    const first = ledgerReducer.fold(ledgerReducer.initial(4), ledgerBatch(before))
    const state = first._tag === 'Right' ? first.right.state : ledgerReducer.initial(4)
    const seen = balancesOf(state)
    ledgerReducer.fold(state, ledgerBatch(after, state.at))
    const draft = ledgerMechanism.thaw(state)
    ledgerMechanism.applyBatch(draft, ledgerBatch(after, state.at), 0, after.length, new Emit())
    ledgerMechanism.seal(draft)
    expect(balancesOf(state)).toEqual(seen)
  })

  test('[K2] a draft is dead after seal', () => {
    const draft = ledgerMechanism.thaw(ledgerReducer.initial(4))
    ledgerMechanism.seal(draft)
    expect(() => ledgerMechanism.seal(draft)).toThrow('this draft was sealed and belongs to nobody')
    expect(() => ledgerMechanism.applyBatch(draft, ledgerBatch([[DEPOSIT, 0, 1]]), 0, 1, new Emit())).toThrow('sealed')
  })

  test.prop([arbitraryRows])('[K3] a fold applies every row and advances the clock by their number', (rows) => {
    const folded = ledgerReducer.fold(ledgerReducer.initial(4), ledgerBatch(rows))
    if (folded._tag === 'Left') return
    const expected = [0, 0, 0, 0]
    for (const [code, account, amount] of rows) expected[account] = (expected[account] ?? 0) + (code === DEPOSIT ? amount : -amount)
    expect(balancesOf(folded.right.state)).toEqual(expected)
    expect(folded.right.state.at).toBe(rows.length)
  })

  test('[K4] a batch with one impossible row is rejected whole, with index and reason', () => {
    const state = ledgerReducer.initial(4)
    const batch = ledgerBatch(
      [
        [DEPOSIT, 1, 5],
        [WITHDRAW, 1, 3],
        [WITHDRAW, 1, 3],
      ],
      100,
    )
    expect(ledgerReducer.fold(state, batch)).toEqual({ _tag: 'Left', left: { index: 102, reason: 'account 1 holds less than 3' } })
    expect(balancesOf(state)).toEqual([0, 0, 0, 0])
  })

  test('[K5] a step is a fold over one row and answers with tagged facts', () => {
    const step = ledgerReducer.step(ledgerReducer.initial(4), { kind: 'Deposit', account: 2, amount: 7 })
    expect(step._tag === 'Right' && step.right.emitted).toEqual([{ kind: 'Changed', account: 2, balance: 7 }])
    expect(step._tag === 'Right' && step.right.state.at).toBe(1)
    const rejected = ledgerReducer.step(ledgerReducer.initial(4), { kind: 'Withdraw', account: 2, amount: 7 })
    expect(rejected).toEqual({ _tag: 'Left', left: { index: 0, reason: 'account 2 holds less than 7' } })
  })

  test('[K6] a muted emit drops facts and keeps the rejection', () => {
    const emit = new Emit({ muted: true })
    const draft = ledgerMechanism.thaw(ledgerReducer.initial(4))
    const row = ledgerMechanism.applyBatch(
      draft,
      ledgerBatch([
        [DEPOSIT, 0, 1],
        [WITHDRAW, 0, 2],
      ]),
      0,
      2,
      emit,
    )
    expect([row, emit.facts.length, emit.reason]).toEqual([1, 0, 1])
    emit.clear()
    expect(emit.reason).toBe(0)
  })
})
