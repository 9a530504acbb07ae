/** What one collection did, step by step: each step colours the objects of the region by what is known of them then. */
import type { CollectionAnswer, SearchedObject } from '../session/explore-messages.ts'
import { count, counted } from './format.ts'

/** What is known of an object: nothing yet, held, reached, unreachable, gone. */
export const CELLS = ['open', 'held', 'reached', 'garbage', 'gone'] as const
export type CellKind = (typeof CELLS)[number]

/** A collection whose search was seen. */
export interface SearchedCollection extends CollectionAnswer {
  readonly search: readonly SearchedObject[]
}

export interface Step {
  readonly title: string
  readonly text: string
  readonly cellOf: (object: SearchedObject) => CellKind
  /** Objects that are drawn. */
  readonly search: readonly SearchedObject[]
  /** Those of them that the step is about. */
  readonly shown: (object: SearchedObject) => boolean
}

const byFate = ({ fate }: SearchedObject): CellKind => (fate === 0 ? 'held' : fate === 1 ? 'reached' : 'garbage')
const all = (): boolean => true

/** The steps of CPython's collector that did something. */
export const stepsOf = (collection: SearchedCollection): readonly Step[] => [
  ...searchOf(collection),
  ...callsOf(collection),
  ...secondLookOf(collection),
  clearingOf(collection),
]

function searchOf({ search, visited }: SearchedCollection): readonly Step[] {
  const others = visited - search.length
  const besides = others > 0 ? ` It visited ${count(others)} more, from before the log or marked as reachable: they live on.` : ''
  const held = search.filter(({ held: left }) => left > 0).length
  const reached = search.filter(({ fate }) => fate === 1).length
  const garbage = search.filter(({ fate }) => fate === 2).length
  return [
    {
      title: 'Counts are copied',
      text: `${count(search.length)} objects of the region, each with its count.${besides}`,
      search,
      cellOf: () => 'open',
      shown: all,
    },
    {
      title: 'References are subtracted',
      text: `Every reference from one object of the region to another is taken off. ${count(held)} objects have some left: something outside holds them.`,
      search,
      cellOf: ({ held: left }) => (left > 0 ? 'held' : 'open'),
      shown: all,
    },
    {
      title: 'What is reachable moves back',
      text: `${count(reached)} objects are reached from held ones; ${count(garbage)} are not: they are garbage.`,
      search,
      cellOf: byFate,
      shown: all,
    },
  ]
}

/** Weak references and finalizers. */
function callsOf({ search, weakReferences, callbacks, finalizers }: SearchedCollection): readonly Step[] {
  const about = (title: string, text: string, objects: readonly { readonly object: number }[]): readonly Step[] => {
    const own = new Set(objects.map(({ object }) => object))
    const shown = ({ object }: SearchedObject): boolean => object !== null && own.has(object)
    return objects.length === 0 ? [] : [{ title, text, search, cellOf: byFate, shown }]
  }
  const resurrected = finalizers.filter(({ isResurrected }) => isResurrected).length
  const back = resurrected === 0 ? '' : `, ${count(resurrected)} brought its object back`
  return [
    ...about(
      'Weak references are cleared',
      `${count(weakReferences.length)} cleared, ${counted(callbacks.length, 'callback')} ran.`,
      weakReferences,
    ),
    ...about('Finalizers run', `${count(finalizers.length)} ran${back}.`, finalizers),
  ]
}

function secondLookOf({ secondLook }: SearchedCollection): readonly Step[] {
  if (secondLook === null) return []
  const living = secondLook.filter(({ fate }) => fate !== 2).length
  const text = `Of ${count(secondLook.length)} objects ${count(living)} are reachable again and live on.`
  return [{ title: 'A second look', text, search: secondLook, cellOf: byFate, shown: all }]
}

function clearingOf({ search, died, collected, kept }: SearchedCollection): Step {
  const gone = new Set(died.map(({ object }) => object))
  return {
    title: 'Garbage is cleared',
    text: `${count(died.length)} objects died, ${count(collected)} count as collected, ${count(kept.length)} went into gc.garbage.`,
    search,
    cellOf: (object) => (gone.has(object.object) ? 'gone' : byFate(object)),
    shown: ({ fate }) => fate === 2,
  }
}
