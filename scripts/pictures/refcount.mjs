import { cpythonProfile, refcountReducer } from '../../packages/refcount/dist/index.js'
import { COLOURS, Picture } from './svg.mjs'

/** A list that holds two instances, one of which a name holds too: `del` of the list, fact by fact. */
const PROGRAM = [
  { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
  { kind: 'DefineType', type: 1, layout: 'slots', name: 'Node' },
  { kind: 'EnterScope', scope: 0 },
  { kind: 'CreateObject', object: 1, type: 0, bytes: 56, items: 2 },
  ...[2, 3].flatMap((object) => [
    { kind: 'CreateObject', object, type: 1, bytes: 48 },
    { kind: 'AddReference', from: 1, to: object },
  ]),
  { kind: 'BindName', scope: 0, name: 0, object: 3 },
  ...[2, 3].map((to) => ({ kind: 'DropReference', from: null, to })),
]
const COLOUR = { ObjectUntracked: COLOURS.free, ObjectDied: COLOURS.dead, BlockReleased: COLOURS.waiting }

/** What one reference less sets off, in the order in which it happens. */
export function refcountPicture() {
  let heap = refcountReducer.initial(cpythonProfile('3.12'))
  const step = (request) => {
    const answer = refcountReducer.step(heap, request)
    if (answer._tag === 'Left') throw new Error(answer.left.reason.message)
    heap = answer.right.state
    return answer.right.emitted
  }
  for (const request of PROGRAM) step(request)
  const facts = step({ kind: 'DropReference', from: null, to: 1 })
  const picture = new Picture()
  picture.text(0, 14, 'DropReference to object 1, a list of objects 2 and 3; a name holds 3')
  facts.forEach((fact, place) => {
    const y = 28 + place * 26
    picture.rect(fact.object * 60 - 60, y, 52, 20, COLOUR[fact.kind] ?? COLOURS.free)
    picture.text(fact.object * 60 - 34, y + 14, String(fact.object), { anchor: 'middle', fill: COLOURS.inside })
    picture.text(200, y + 14, fact.kind)
  })
  return picture.toString('The death of a list: it dies, then what only it held, and memory is given back last')
}
