import { type CollectionPolicy, collectorProfile, collectorReducer, generationalPolicy, type PlainRequest } from '@reheap/cycle-gc'
import { budgetPolicy } from './budget-policy.ts'

/** Lists that hold themselves, so that only a collection frees them; every hundredth is as large as the others together. */
function* program(): Generator<PlainRequest> {
  for (let object = 0; object < 5_000; object++) {
    yield { kind: 'MakeObject', object, type: 'list', bytes: object % 100 === 0 ? 8_000 : 80 }
    yield { kind: 'Hold', from: object, to: object }
    yield { kind: 'LetGo', from: null, to: object }
  }
}

function run(policy: CollectionPolicy): string {
  let state = collectorReducer.initial({ ...collectorProfile('3.11'), policy })
  const collections = [0, 0, 0]
  let visited = 0
  for (const request of program()) {
    const answer = collectorReducer.step(state, request)
    if (answer._tag === 'Left') throw new Error(answer.left.reason.message)
    state = answer.right.state
    for (const fact of answer.right.emitted) {
      if (fact.kind !== 'CollectionFinished') continue
      collections[fact.generation] = (collections[fact.generation] ?? 0) + 1
      visited += fact.visited
    }
  }
  return `${policy.name}: ${collections.join(', ')} collections, ${visited} objects visited`
}

for (const policy of [generationalPolicy, budgetPolicy(100_000, 3)]) console.log(run(policy))
