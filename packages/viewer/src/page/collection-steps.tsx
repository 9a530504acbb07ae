/** One collection, step by step: each step colours the objects of the region by what is known of them then. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { type CollectionAnswer, FATES, type SearchedObject } from '../session/explore-messages.ts'
import { count, counted } from './format.ts'
import { theme } from './store.ts'
import { Table } from './table.tsx'
import { useAnswer } from './use-answer.ts'
import { useWidth } from './use-width.ts'

const CELL = 9
const CELLS_MAX = 20_000
const ROWS_MAX = 200

/** Colours of a cell: not looked at yet, held, reached, unreachable, gone. */
const COLOURS = { open: '#848c9a', held: '#1b6fe0', reached: '#e0a100', garbage: '#c2184a', gone: 'transparent' } as const
type Cell = keyof typeof COLOURS

interface Step {
  readonly title: string
  readonly text: string
  readonly cellOf: (object: SearchedObject) => Cell
  /** Objects that are drawn. */
  readonly search: readonly SearchedObject[]
  /** Those of them that the step is about. */
  readonly shown: (object: SearchedObject) => boolean
}

const byFate = ({ fate }: SearchedObject): Cell => (fate === 0 ? 'held' : fate === 1 ? 'reached' : 'garbage')

/** The steps of CPython's collector that did something. */
function stepsOf(collection: CollectionAnswer, search: readonly SearchedObject[]): readonly Step[] {
  const held = search.filter(({ held: left }) => left > 0).length
  const reached = search.filter(({ fate }) => fate === 1).length
  const garbage = search.filter(({ fate }) => fate === 2)
  const died = new Set(collection.died.map(({ object }) => object))
  const all = (): boolean => true
  const isGarbage = ({ fate }: SearchedObject): boolean => fate === 2
  const behind = (title: string, text: string, objects: readonly number[]): Step => {
    const own = new Set(objects)
    return { title, text, search, cellOf: byFate, shown: ({ object }) => object !== null && own.has(object) }
  }
  const { weakReferences, callbacks, finalizers, secondLook, kept } = collection
  const resurrected = finalizers.filter(({ isResurrected }) => isResurrected).length
  return [
    {
      title: 'Counts are copied',
      text: `${count(search.length)} objects of the region, each with its count.`,
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
      text: `${count(reached)} objects are reached from held ones; ${count(garbage.length)} are not: they are garbage.`,
      search,
      cellOf: byFate,
      shown: all,
    },
    ...(weakReferences.length === 0
      ? []
      : [
          behind(
            'Weak references are cleared',
            `${count(weakReferences.length)} cleared, ${counted(callbacks.length, 'callback')} ran.`,
            weakReferences.map(({ object }) => object),
          ),
        ]),
    ...(finalizers.length === 0
      ? []
      : [
          behind(
            'Finalizers run',
            `${count(finalizers.length)} ran${resurrected === 0 ? '' : `, ${count(resurrected)} brought its object back`}.`,
            finalizers.map(({ object }) => object),
          ),
        ]),
    ...(secondLook === null
      ? []
      : [
          {
            title: 'A second look',
            text: `Of ${count(secondLook.length)} objects ${count(secondLook.filter(({ fate }) => fate !== 2).length)} are reachable again and live on.`,
            search: secondLook,
            cellOf: byFate,
            shown: all,
          },
        ]),
    {
      title: 'Garbage is cleared',
      text: `${count(collection.died.length)} objects died, ${count(collection.collected)} count as collected, ${count(kept.length)} went into gc.garbage.`,
      search,
      cellOf: (object) => (died.has(object.object) ? 'gone' : byFate(object)),
      shown: isGarbage,
    },
  ]
}

export function CollectionView({ index }: { readonly index: number }) {
  const collections = useAnswer('collection', { index })
  const [place, setPlace] = useState(0)
  useEffect(() => setPlace(0), [index])
  const collection = collections?.find(({ search }) => search !== null) ?? null
  if (collections !== undefined && collection === null) return <p class="quiet">No search for garbage ran at event {count(index)}.</p>
  if (collection === null || collection.search === null || collection.index !== index) return null
  const steps = stepsOf(collection, collection.search)
  const step = steps[Math.min(place, steps.length - 1)] as Step
  return (
    <section aria-label={`collection at event ${index}`} class="steps">
      <h3>
        Collection of generation {collection.generation} at event {count(index)}, step by step
      </h3>
      <div class="bar" role="toolbar" aria-label="steps">
        {steps.map(({ title }, number) => (
          <button key={title} type="button" aria-pressed={number === place} onClick={() => setPlace(number)}>
            {number + 1}. {title}
          </button>
        ))}
      </div>
      <p class="told" aria-live="polite">
        {step.text}
      </p>
      <Region step={step} />
      <Searched step={step} />
    </section>
  )
}

function Region({ step }: { readonly step: Step }) {
  const { search } = step
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState(-1)
  const isLight = theme.value === 'light'
  const width = useWidth(canvas)
  const perRow = Math.max(1, Math.floor(width / CELL))
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (canvas.current === null || context === null || context === undefined || width === 0) return
    const cells = Math.min(search.length, CELLS_MAX)
    const height = Math.max(1, Math.ceil(cells / perRow)) * CELL
    canvas.current.width = width * devicePixelRatio
    canvas.current.height = height * devicePixelRatio
    canvas.current.style.width = `${width}px`
    canvas.current.style.height = `${height}px`
    context.scale(devicePixelRatio, devicePixelRatio)
    context.strokeStyle = isLight ? '#c3cad4' : '#3a4556'
    for (let place = 0; place < cells; place++) {
      const [x, y] = [(place % perRow) * CELL, Math.floor(place / perRow) * CELL]
      const cell = step.cellOf(search[place] as SearchedObject)
      context.fillStyle = COLOURS[cell]
      if (cell === 'gone') context.strokeRect(x + 0.5, y + 0.5, CELL - 3, CELL - 3)
      else context.fillRect(x, y, CELL - 2, CELL - 2)
    }
  }, [search, step, isLight, width])
  const shown = new Set(search.map(step.cellOf))
  return (
    <>
      <div class="region">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${search.length} objects of the region, listed below`}
          onMouseMove={(event) =>
            setPointed(Math.floor(event.offsetY / CELL) * perRow + Math.min(perRow - 1, Math.floor(event.offsetX / CELL)))
          }
          onMouseLeave={() => setPointed(-1)}
        />
      </div>
      <p class="told square">{search[pointed] === undefined ? 'Point at a square.' : squareText(search[pointed], step)}</p>
      <p class="legend left">
        {(['open', 'held', 'reached', 'garbage', 'gone'] as const)
          .filter((cell) => shown.has(cell))
          .map((cell) => (
            <span key={cell}>
              <i class={`swatch cell-${cell}`} /> {WORDS[cell]}
            </span>
          ))}
      </p>
    </>
  )
}

const squareText = ({ object, type, count: references, held, fate }: SearchedObject, step: Step): string =>
  `${type} ${object ?? 'of an instance'}: count ${count(references)}, ${count(held)} left when subtracted, ${WORDS[step.cellOf({ object, type, count: references, held, fate })]}`

const WORDS: Readonly<Record<Cell, string>> = {
  open: 'not yet told apart',
  held: 'held from outside',
  reached: 'reached from a held one',
  garbage: 'garbage',
  gone: 'gone',
}

function Searched({ step }: { readonly step: Step }) {
  const rows = step.search.filter(step.shown)
  return (
    <div class="scroll">
      <Table
        label="objects of the region"
        heads={['object', 'type', 'count', 'left when subtracted', 'found']}
        rowsMax={ROWS_MAX}
        rows={rows.map(({ object, type, count: references, held, fate }) => [
          object ?? 'of an instance',
          type,
          [references, count(references)],
          [held, count(held)],
          FATES[fate] ?? '',
        ])}
      />
    </div>
  )
}
