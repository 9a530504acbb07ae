/** One object: what it is, who made it, the way to it from a root, and what is around it. */
import type { Neighbourhood } from '@reheap/projections'
import type { ObjectAnswer } from '../session/explore-messages.ts'
import { bytes, count } from './format.ts'
import { NeighbourGraph } from './neighbour-graph.tsx'
import { chosenObject, HELD_WORDS } from './objects.tsx'
import { moveTo } from './store.ts'
import { useAnswer } from './use-answer.ts'

const GENERATIONS = ['generation 0', 'generation 1', 'generation 2', 'permanent generation'] as const

/** Shows another object. */
export const choose = (object: number): void => {
  chosenObject.value = String(object)
}

export function NeighbourhoodView({ at, object }: { readonly at: number; readonly object: number }) {
  const answer = useAnswer('object', { at, object })
  if (answer === undefined) return null
  const { near, born } = answer
  if (near === null) return <p class="quiet">Object {count(object)} is not alive here.</p>
  return (
    <section aria-label={`object ${object}`} class="neighbourhood" data-at={answer.at}>
      <h3>
        {near.type}, object {near.object}
      </h3>
      <p class={`told reason ${near.heldBy}`} data-held={near.heldBy}>
        {describe(near)}
      </p>
      <Born born={born} />
      <Way near={near} />
      <NeighbourGraph near={near} />
    </section>
  )
}

/** The event that made it, and the line of the program. */
function Born({ born }: Pick<ObjectAnswer, 'born'>) {
  if (born === null) return <p class="quiet">It was there before the log begins.</p>
  const { index, own } = born
  return (
    <p class="born">
      made by{' '}
      <button type="button" class="link" onClick={() => void moveTo(index + 1)}>
        event {count(index)}
        {own === null ? '' : `, ${own.file}:${own.line}`}
      </button>
      {own === null ? '' : ` in ${own.function}`}
    </p>
  )
}

function describe({
  count: references,
  outside,
  bytes: size,
  bytesBeside,
  generation,
  isImmortal,
  heldBy,
  freedBy,
}: Neighbourhood): string {
  const where = generation === null ? 'not tracked by the collector' : `in ${GENERATIONS[generation] ?? ''}`
  const freed = freedBy === null ? '' : `; a collection of generation ${freedBy} frees it`
  const beside = bytesBeside === 0 ? '' : ` and ${bytes(bytesBeside)} beside it`
  const counted = isImmortal
    ? 'immortal'
    : `count ${count(references)}${outside === 0 ? '' : `, ${count(outside)} of them from outside of the log's objects`}`
  return `${counted}; ${bytes(size)}${beside}; ${where}; ${HELD_WORDS[heldBy]}${freed}`
}

function Way({ near }: { readonly near: Neighbourhood }) {
  if (isGarbage(near)) return <p class="way">{noWay(near)}</p>
  return (
    <p class="way">
      <span class="name">{near.root ?? HELD_WORDS[near.heldBy]}</span>
      {near.way.map(({ object, type, place: held }, place) => (
        <span key={`${place}${object}`}>
          <span class="quiet">{held === null ? ' → ' : ` ${held} → `}</span>
          {object === null || object === near.object ? (
            <b>{type}</b>
          ) : (
            <button type="button" class="link" onClick={() => choose(object)}>
              {type} {object}
            </button>
          )}
        </span>
      ))}
    </p>
  )
}

/** Nothing leads to it, or only what nothing leads to. */
const isGarbage = ({ heldBy }: Neighbourhood): boolean => heldBy === 'late' || heldBy === 'frozen' || heldBy === 'unfindable'

function noWay({ heldBy, freedBy }: Neighbourhood): string {
  if (heldBy === 'frozen') return 'No path from a root; gc.freeze() hides it from every collection.'
  if (freedBy === null) return 'No path from a root; no collection finds it.'
  return `No path from a root; a collection of generation ${freedBy} frees it.`
}
