import { ANY_LAYER_OPCODES, type Batch, Columns, Emit, NO_ID } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { Program } from '../test/program.ts'
import {
  checkFull,
  collectionStats,
  collectorMechanism,
  collectorProfile,
  collectorWording,
  emptyCollector,
  type FactOpcode,
  generationSizes,
  type RequestOpcode,
  rowsOfGeneration,
  unreachableRows,
} from './index.ts'

/** A cycle is made and let go; a mark of no layer and an object of another one stand between. */
function rows(): Columns {
  const made = new Columns()
  collectorWording.write({ kind: 'MakeObject', object: 1, type: 'list' }, made)
  made.push(ANY_LAYER_OPCODES.Mark, 1, 0, NO_ID, 0, 0, 0)
  collectorWording.write({ kind: 'Hold', from: 1, to: 1 }, made)
  made.push(34, 3, 0, 5, 0, 16, 0)
  collectorWording.write({ kind: 'LetGo', from: null, to: 1 }, made)
  collectorWording.write({ kind: 'Collect', generation: 1 }, made)
  return made
}

function replayed(muted: boolean): { readonly state: ReturnType<typeof collectorMechanism.seal>; readonly facts: Columns } {
  const draft = collectorMechanism.thaw(emptyCollector(collectorProfile('3.13')))
  const emit = new Emit<FactOpcode>({ muted })
  expect(collectorMechanism.applyBatch(draft, rows() as Batch<RequestOpcode>, 0, 6, emit)).toBe(-1)
  return { state: collectorMechanism.seal(draft), facts: emit.facts }
}

test('[G45] events of other layers advance the clock and cause nothing', () => {
  const { state, facts } = replayed(false)
  expect(state.at).toBe(6)
  expect([...facts.cause.subarray(0, facts.length)]).toEqual([5, 5, 5, 5])
  expect(Array.from({ length: facts.length }, (_, row) => collectorWording.read(facts as never, row).kind)).toEqual([
    'CollectionStarted',
    'GarbageFound',
    'ObjectFreed',
    'CollectionFinished',
  ])
})

test('[G45] a muted replay ends in the same state, without facts', () => {
  const [loud, muted] = [replayed(false), replayed(true)]
  expect(muted.facts.length).toBe(0)
  expect(collectionStats(muted.state)).toEqual(collectionStats(loud.state))
  expect(generationSizes(muted.state)).toEqual(generationSizes(loud.state))
})

test('[G45] a rejected row leaves the clock at it, with the rows before it applied', () => {
  const draft = collectorMechanism.thaw(emptyCollector(collectorProfile('3.13')))
  const bad = rows()
  collectorWording.write({ kind: 'LetGo', from: null, to: 1 }, bad)
  expect(collectorMechanism.applyBatch(draft, bad as Batch<RequestOpcode>, 0, bad.length, new Emit())).toBe(6)
  expect(collectorMechanism.seal(draft).at).toBe(6)
})

test('[G10] gc.collect inside a running collection does nothing', () => {
  const program = new Program()
  program.make(1, 'list', [])
  program.hold(1, 1)
  program.letGo(1)
  const draft = collectorMechanism.thaw(program.state)
  const inner = new Columns()
  collectorWording.write({ kind: 'Collect', generation: 2 }, inner)
  const emit = new Emit<FactOpcode>()
  // A fact of the running collection is the moment at which something else asks for one.
  const outer = { ...emit, push: emit.push.bind(emit), muted: false } as unknown as Emit<FactOpcode>
  let asked = 0
  Object.assign(outer, {
    facts: emit.facts,
    push: (...row: Parameters<Emit<FactOpcode>['push']>) => {
      emit.push(...row)
      if (asked++ === 1) collectorMechanism.applyBatch(draft, inner as Batch<RequestOpcode>, 0, 1, outer)
    },
  })
  collectorMechanism.applyBatch(draft, inner as Batch<RequestOpcode>, 0, 1, outer)
  const state = collectorMechanism.seal(draft)
  expect(collectionStats(state)[2]).toEqual({ collections: 1, collected: 1, uncollectable: 0 })
  expect(checkFull(state)._tag).toBe('Right')
  expect([rowsOfGeneration(state, 0), unreachableRows(state)]).toEqual([[], []])
})
