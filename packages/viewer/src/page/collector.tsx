/** The collector: generations at the cursor with counts against thresholds, every collection, and one of them step by step. */
import type { Overview, PythonView } from '../session/messages.ts'
import { CollectionView } from './collection-steps.tsx'
import { count } from './format.ts'
import { NoObjects } from './objects.tsx'
import { linkedChoice } from './permalink.ts'
import { moveTo } from './store.ts'
import { Table } from './table.tsx'

const chosenCollection = linkedChoice('collection', '', true)

export function Collector({ view, log }: { readonly view: PythonView; readonly log: Overview }) {
  const { collections } = log
  const chosen = chosenCollection.value === '' ? null : Number(chosenCollection.value)
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
              [each.pauseNanoseconds, `${(each.pauseNanoseconds / 1000).toFixed(0)} µs`],
            ])}
            picked={collections.findIndex(({ index }) => index === chosen)}
            onPick={(row) => {
              const index = collections[row]?.index ?? 0
              chosenCollection.value = String(index)
              void moveTo(index + 1)
            }}
          />
          {collections.some(({ isCounted }) => !isCounted) && (
            <p class="quiet">An increment that only marks what is reachable frees nothing; gc.get_stats() leaves it out.</p>
          )}
        </div>
      )}
      {chosen !== null && <CollectionView index={chosen} />}
    </section>
  )
}
