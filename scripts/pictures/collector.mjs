import {
  collectorMechanism,
  collectorProfile,
  collectorReducer,
  collectorWording,
  listenToTrials,
} from '../../packages/cycle-gc/dist/index.js'
import { Columns, Emit } from '../../packages/kernel/dist/index.js'
import { COLOURS, Picture } from './svg.mjs'

const CELL = 64

/** Three links in a ring that a variable holds, and one that only holds itself. */
const PROGRAM = [
  ...[1, 2, 3, 4].map((object) => ({ kind: 'MakeObject', object, type: 'instance' })),
  ...[
    [1, 2],
    [2, 3],
    [3, 1],
    [4, 4],
  ].map(([from, to]) => ({ kind: 'Hold', from, to })),
  ...[2, 3, 4].map((to) => ({ kind: 'LetGo', from: null, to })),
]

function searched() {
  let state = collectorReducer.initial(collectorProfile('3.13'))
  for (const request of PROGRAM) state = collectorReducer.step(state, request).right.state
  const trials = []
  const draft = collectorMechanism.thaw(state)
  listenToTrials(draft, (trial) => trials.push(trial))
  const rows = new Columns(1)
  collectorWording.write({ kind: 'Collect', generation: 2 }, rows)
  collectorMechanism.applyBatch(draft, rows, 0, 1, new Emit())
  return trials[0]
}

/** Trial deletion step by step: counts, what is left of them, and what is moved back. */
export function collectorPicture() {
  const { objects, counts, held, isReachable } = searched()
  const picture = new Picture()
  const steps = [
    ['references to each object', (place) => [counts[place], COLOURS.free]],
    ['less those from inside', (place) => [held[place], held[place] > 0 ? COLOURS.live : COLOURS.waiting]],
    ['reached from what is left', (place) => [isReachable[place] ? 'kept' : 'garbage', isReachable[place] ? COLOURS.kept : COLOURS.dead]],
  ]
  objects.forEach(
    (object, place) => void picture.text(230 + place * CELL + CELL / 2, 14, `object ${object}`, { anchor: 'middle', size: 10 }),
  )
  steps.forEach(([words, cell], step) => {
    const y = 24 + step * 34
    picture.text(0, y + 19, words)
    objects.forEach((_, place) => {
      const [value, colour] = cell(place)
      picture.rect(230 + place * CELL, y, CELL - 4, 28, colour)
      picture.text(230 + place * CELL + CELL / 2 - 2, y + 19, String(value), { anchor: 'middle', fill: COLOURS.inside })
    })
  })
  return picture.toString('Trial deletion of four objects: a ring that a variable holds is kept, one that only holds itself is garbage')
}
