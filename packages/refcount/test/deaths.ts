import { createHash } from 'node:crypto'
import { type Batch, Emit } from '@reheap/kernel'
import type * as Refcount from '../src/index.ts'
import { type Recipe, rowsOf, runsOf } from './recipe.ts'

/** What `scripts/deaths.py` prints of one graph. */
export interface Order {
  readonly finalizers: number
  readonly first: readonly (readonly number[])[]
  readonly sha256: string
}

/** The order in which finalizers run, as the real ones print it. */
export function orderOfDeaths(refcount: typeof Refcount, profile: Refcount.RefcountProfile, recipe: Recipe): Order {
  const { refcountMechanism, refcountReducer, FACT_OPCODES } = refcount
  const rows = rowsOf(recipe)
  const draft = refcountMechanism.thaw(refcountReducer.initial(profile))
  const emit = new Emit<Refcount.FactOpcode>()
  const rejected = refcountMechanism.applyBatch(draft, rows as Batch<Refcount.RequestOpcode>, 0, rows.length, emit)
  if (rejected >= 0) throw new Error(`row ${rejected} is rejected`)
  const order: number[] = []
  for (let row = 0; row < emit.facts.length; row++)
    if (emit.facts.code[row] === FACT_OPCODES.FinalizerRan) order.push(emit.facts.id[row] as number)
  const runs = runsOf(order)
  return {
    finalizers: order.length,
    first: runs.slice(0, 12),
    sha256: createHash('sha256').update(JSON.stringify(runs)).digest('hex'),
  }
}
