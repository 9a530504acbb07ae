/** The collector: generations at the cursor with counts against thresholds, every collection, and one of them step by step. */
import type { Overview, PythonView } from '../session/messages.ts'
import { CollectionView, showFirstStep } from './collection-steps.tsx'
import { count, estimate } from './format.ts'
import { NoObjects } from './objects.tsx'
import { linkedChoice } from './permalink.ts'
import { moveTo } from './store.ts'
import { Table } from './table.tsx'

/** Event of the collection that is shown; of a later one of several that ended there also its number, as in `523.2`. */
const chosenCollection = linkedChoice('collection', '', true)

/** How each collection of the list is called in the address. */
function namesOf(collections: Overview['collections']): readonly string[] {
  let first = 0
  return collections.map(({ index }, row) => {
    if (collections[first]?.index !== index) first = row
    return row === first ? String(index) : `${index}.${row - first + 1}`
  })
}

export function Collector({ view, log }: { readonly view: PythonView; readonly log: Overview }) {
  const { collections } = log
  const names = namesOf(collections)
  const [index = '', place = 1] = /^(\d+)(?:\.(\d+))?$/.exec(chosenCollection.value)?.slice(1) ?? []
  if (!log.hasObjects) return <NoObjects />
  return (
    <section aria-label="collector">
      <Table
        label="generations"
        heads={['generation', 'count', 'threshold', 'objects', 'collections', 'collected']}
        rows={view.generations.map((each) => [
          each.generation,
          [each.count, count(each.count)],
          [each.threshold, count(each.threshold)],
          [each.objects, count(each.objects)],
          [each.collections, count(each.collections)],
          [each.collected, count(each.collected)],
        ])}
      />
      <ul class="quiet" aria-label="why no collection runs, or which">
        {view.because.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <h3>Collections</h3>
      {collections.length === 0 ? (
        <p class="quiet">No collection ran.</p>
      ) : (
        <div class="scroll">
          <Table
            label="collections"
            heads={['event', 'generation', 'triggered by', 'visited', 'freed', 'uncollectable', 'pause (estimate)']}
            rows={collections.map((each) => [
              [each.index, count(each.index)],
              [each.generation, each.isCounted ? String(each.generation) : `${each.generation}, only marks`],
              each.reason === 'request' ? 'gc.collect()' : 'its threshold',
              [each.visited, count(each.visited)],
              [each.collected, count(each.collected)],
              [each.uncollectable, count(each.uncollectable)],
              [each.pauseNanoseconds, estimate(each.pauseNanoseconds)],
            ])}
            picked={names.indexOf(chosenCollection.value)}
            onPick={(row) => {
              chosenCollection.value = names[row] ?? ''
              showFirstStep()
              void moveTo((collections[row]?.index ?? 0) + 1)
            }}
          />
          {collections.some(({ isCounted }) => !isCounted) && (
            <p class="quiet">An increment that only marks what is reachable frees nothing; gc.get_stats() leaves it out.</p>
          )}
        </div>
      )}
      {index !== '' && <CollectionView index={Number(index)} place={Number(place) - 1} />}
    </section>
  )
}
