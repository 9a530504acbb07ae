import { ANY_LAYER_OPCODES, type Batch, Columns, Emit, NO_ID } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { TINY } from '../test/heap.ts'
import {
  allocatorMechanism,
  allocatorReducer,
  allocatorStats,
  allocatorWording,
  emptyAllocator,
  pinnedArenas,
  type RequestOpcode,
} from './index.ts'

/** Two mallocs, a mark of no layer and an object of another one between them, a free. */
function rows(): Batch<RequestOpcode> {
  const made = new Columns()
  allocatorWording.write({ kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 }, made)
  made.push(ANY_LAYER_OPCODES.Mark, 1, 0, NO_ID, 0, 0, 0)
  made.push(32, 2, 2, 1, 1, 16, 0)
  allocatorWording.write({ kind: 'Malloc', domain: 'obj', block: 2, bytes: 100 }, made)
  allocatorWording.write({ kind: 'Free', domain: 'obj', block: 1 }, made)
  return made as Batch<RequestOpcode>
}

function replayed(muted: boolean): { readonly state: ReturnType<typeof allocatorMechanism.seal>; readonly facts: Columns } {
  const draft = allocatorMechanism.thaw(emptyAllocator(TINY))
  const emit = new Emit<never>({ muted })
  allocatorMechanism.applyBatch(draft, rows(), 0, 5, emit)
  return { state: allocatorMechanism.seal(draft), facts: emit.facts }
}

test('[A44] events of other layers advance the clock and cause nothing', () => {
  const { state, facts } = replayed(false)
  expect(state.at).toBe(5)
  expect([...facts.cause.subarray(0, facts.length)]).toEqual([0, 0, 0, 3, 4, 4, 4])
})

test('[A44] a muted replay ends in the same state, without facts', () => {
  const [loud, muted] = [replayed(false), replayed(true)]
  expect(muted.facts.length).toBe(0)
  expect(allocatorStats(muted.state)).toEqual(allocatorStats(loud.state))
  expect(pinnedArenas(muted.state)).toEqual(pinnedArenas(loud.state))
})

test('[A44] a rejected row leaves the clock at it, with the rows before it applied', () => {
  const draft = allocatorMechanism.thaw(emptyAllocator(TINY))
  const bad = rows() as Columns
  allocatorWording.write({ kind: 'Free', domain: 'obj', block: 1 }, bad)
  expect(allocatorMechanism.applyBatch(draft, bad as Batch<RequestOpcode>, 0, bad.length, new Emit())).toBe(5)
  expect(allocatorMechanism.seal(draft).at).toBe(5)
})

test('[A44] the initial state of the reducer is an empty allocator on a simulated system', () => {
  const state: ReturnType<typeof emptyAllocator> = allocatorReducer.initial(TINY)
  expect(state.at).toBe(0)
  const stepped = allocatorReducer.step(state, { kind: 'Malloc', domain: 'obj', block: 1, bytes: 16 })
  expect(stepped).toMatchObject({
    _tag: 'Right',
    right: { emitted: [{ kind: 'ArenaOpened' }, { kind: 'PoolOpened' }, { kind: 'BlockPlaced' }] },
  })
})
