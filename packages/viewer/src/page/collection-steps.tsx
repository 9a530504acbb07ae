/** One collection, step by step: its region as squares, and the objects that a step is about. */
import { type CollectionAnswer, FATES } from '../session/explore-messages.ts'
import { Region } from './collection-region.tsx'
import { type SearchedCollection, type Step, stepsOf } from './collection-story.ts'
import { count } from './format.ts'
import { linkedChoice } from './permalink.ts'
import { Table } from './table.tsx'
import { useAnswer } from './use-answer.ts'

const ROWS_MAX = 200

/** Number of the step that is shown, from 1 on. */
const chosenStep = linkedChoice('step', '1')

/** Shows a collection from its first step on. */
export function showFirstStep(): void {
  chosenStep.value = '1'
}

const isSearched = (collection: CollectionAnswer): collection is SearchedCollection => collection.search !== null

interface CollectionProps {
  readonly index: number
  /** Which of those that ended at the event, from 0 on. */
  readonly place: number
}

export function CollectionView({ index, place }: CollectionProps) {
  const collections = useAnswer('collection', { index })
  const collection = collections?.[place]
  if (collections === undefined || (collection !== undefined && collection.index !== index)) return null
  if (collection === undefined || !isSearched(collection)) return <p class="quiet">No search for garbage ran at event {count(index)}.</p>
  const steps = stepsOf(collection)
  const chosen = Math.min(Math.max(1, Math.floor(Number(chosenStep.value)) || 1), steps.length) - 1
  const step = steps[chosen] as Step
  return (
    <section aria-label={`collection at event ${index}`} class="steps">
      <h3>
        Collection of generation {collection.generation} at event {count(index)}, step by step
      </h3>
      <div class="bar" role="toolbar" aria-label="steps">
        {steps.map(({ title }, number) => (
          <button
            key={title}
            type="button"
            aria-pressed={number === chosen}
            onClick={() => {
              chosenStep.value = String(number + 1)
            }}
          >
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

function Searched({ step }: { readonly step: Step }) {
  const rows = step.search.filter(step.shown)
  return (
    <div class="scroll">
      <Table
        label="objects of the region"
        heads={['object', 'type', 'count', 'from outside', 'found']}
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
