import * as kernel from '@reheap/kernel'

/** The smallest mechanism there is, for tests of the contract: deposits raise a balance, withdrawals may not exceed it. */
export interface Ledger {
  /** One balance for each account. @shape [8] */
  readonly balances: Float64Array
}

export const DEPOSIT = 1
export const WITHDRAW = 2
const CHANGED = 1
const OVERDRAWN = 1

export type LedgerRequest = { readonly kind: 'Deposit' | 'Withdraw'; readonly account: number; readonly amount: number }
export type LedgerFact = { readonly kind: 'Changed'; readonly account: number; readonly balance: number }

const keeper = kernel.createKeeper<Ledger>(({ balances }) => ({ balances: balances.slice() }))

export const ledgerMechanism: kernel.Mechanism<Ledger, number, number, string> = {
  thaw: keeper.thaw,
  seal: keeper.seal,
  applyBatch: (draft, batch, from, to, emit) => {
    const { balances } = keeper.own(draft)
    for (let row = from; row < to; row++) {
      const account = batch.id[row]
      const amount = batch.size[row]
      if (batch.code[row] === WITHDRAW && balances[account] < amount) {
        emit.reason = OVERDRAWN
        keeper.advance(draft, row - from)
        return row
      }
      balances[account] += batch.code[row] === DEPOSIT ? amount : -amount
      emit.push(CHANGED, batch.firstIndex + row, 0, account, 0, balances[account], 0)
    }
    keeper.advance(draft, to - from)
    return -1
  },
  explain: (reason, _code, account, _other, amount) =>
    reason === OVERDRAWN ? `account ${account} holds less than ${amount}` : `reason ${reason}`,
}

export const ledgerReducer = kernel.reducerOf<Ledger, number, number, string, number, LedgerRequest, LedgerFact>(
  ledgerMechanism,
  {
    write: (request, rows) =>
      rows.push(request.kind === 'Deposit' ? DEPOSIT : WITHDRAW, rows.firstIndex + rows.length, 0, request.account, 0, request.amount, 0),
    read: (facts, row) => ({ kind: 'Changed', account: facts.id[row], balance: facts.size[row] }),
  },
  (accounts) => keeper.sealed({ balances: new Float64Array(accounts) }, 0),
)

export const balancesOf = (state: kernel.Sealed<Ledger>): number[] => [...keeper.read(state).balances]

/** Rows of a batch: [code, account, amount]. */
export function ledgerBatch(rows: readonly (readonly [number, number, number])[], firstIndex = 0): kernel.Columns {
  const batch = new kernel.Columns(2)
  batch.firstIndex = firstIndex
  for (const [code, account, amount] of rows) batch.push(code, firstIndex + batch.length, 0, account, 0, amount, 0)
  return batch
}
