/** What changed in the part of the log that the timeline shows: the figures of `reheap diff --since --until --json`. */
import type { AskedBy } from '@reheap/machine'
import type { AreaAnswer } from '../session/explore-messages.ts'
import type { Overview } from '../session/messages.ts'
import { Difference, PeaksAndCounts } from './difference.tsx'
import { type Figured, FigureTable } from './figure-table.tsx'
import { bytes, count, counted, save } from './format.ts'
import { range } from './store.ts'
import { useAnswer } from './use-answer.ts'
import { useRested } from './use-rested.ts'

/** Events before both ends of the part. */
interface Part {
  readonly from: number
  readonly to: number
}

/** What is shown, in whole events. A link may name more than the log has. */
function partOf(shown: readonly [number, number] | null, { events }: Overview): Part | null {
  if (shown === null) return null
  const [from, to] = shown.map((end) => Math.min(events, Math.round(end))) as [number, number]
  return { from, to }
}

export function Area({ log }: { readonly log: Overview }) {
  const wanted = partOf(range.value, log)
  const rested = partOf(useRested(range.value), log)
  const answer = useAnswer('area', wanted === null ? null : rested, ['from', 'to'])
  const isNow = answer !== undefined && wanted !== null && isOf(answer, wanted)
  return (
    <section aria-label="area" aria-busy={wanted !== null && !isNow}>
      <Ends part={wanted ?? { from: 0, to: log.events }} events={log.events} />
      {wanted === null ? (
        <p class="quiet">
          All of the log is shown. Drag over the curves, zoom with the wheel or the keys w s a d, or give two events: the changes between
          them appear here.
        </p>
      ) : (
        !isNow && (
          <p class="quiet">
            Replaying {count(wanted.from)} to {count(wanted.to)} …
          </p>
        )
      )}
      {wanted !== null && answer !== undefined && <Changes name={log.name} answer={answer} />}
    </section>
  )
}

const isOf = ({ difference: { before, after } }: AreaAnswer, { from, to }: Part): boolean => before.events === from && after.events === to

/** Both ends as numbers, to be typed. */
function Ends({ part: { from, to }, events }: { readonly part: Part; readonly events: number }) {
  return (
    <form
      class="bar"
      onSubmit={(event) => {
        event.preventDefault()
        const ends = new FormData(event.currentTarget)
        const [first, last] = [Number(ends.get('from')), Number(ends.get('to'))]
        if (first !== last) range.value = [Math.min(first, last), Math.max(first, last)]
      }}
    >
      {(
        [
          ['from', from],
          ['to', to],
        ] as const
      ).map(([name, value]) => (
        <label key={name}>
          {name} event <input name={name} type="number" min="0" max={events} value={value} />
        </label>
      ))}
      <button type="submit">Show</button>
    </form>
  )
}

function Changes({ name, answer }: { readonly name: string; readonly answer: AreaAnswer }) {
  const { before, after, between } = answer.difference
  const { events, allocated, freed } = between
  return (
    <>
      <h3>
        From event {count(before.events)} to {count(after.events)}{' '}
        <button
          type="button"
          aria-label="save the area as JSON"
          onClick={() => save(`${name}.${before.events}-${after.events}.json`, new Blob([JSON.stringify(answer.difference)]))}
        >
          JSON
        </button>
      </h3>
      <FigureTable
        label="in between"
        heads={[`in these ${counted(events, 'event')}`, 'count', 'bytes']}
        rows={[
          { name: 'blocks asked for', figures: amount('allocated', allocated) },
          { name: 'blocks given back', figures: amount('freed', freed) },
          ...objectRows(between),
        ]}
      />
      <PeaksAndCounts answer={answer} heading={`in these ${counted(events, 'event')}`} />
      {'askedBy' in answer.difference && answer.difference.askedBy.length > 0 && <Askers askedBy={answer.difference.askedBy} />}
      <h3>Before and after</h3>
      <Difference answer={answer} between="moments" />
    </>
  )
}

/** Who asked for blocks in between, and what of them is live at the end. */
const Askers = ({ askedBy }: { readonly askedBy: readonly AskedBy[] }) => (
  <>
    <h3>Still live at the end</h3>
    <FigureTable
      label="still live by who asked"
      heads={['who asked', 'blocks', 'bytes', 'blocks asked for', 'bytes asked for']}
      rows={askedBy.map(({ owner, live, allocated }) => ({
        name: owner,
        figures: [...amount('live', live), ...amount('allocated', allocated)],
      }))}
    />
  </>
)

const amount = (key: string, { blocks, bytes: size }: { readonly blocks: number; readonly bytes: number }): readonly Figured[] => [
  [`${key}.blocks`, blocks, count(blocks)],
  [`${key}.bytes`, size, bytes(size)],
]

/** Those of an interpreter whose log holds any. */
const objectRows = (
  between: AreaAnswer['difference']['between'],
): readonly { readonly name: string; readonly figures: readonly Figured[] }[] =>
  !('born' in between) || (between.born === 0 && between.died === 0)
    ? []
    : [
        { name: 'objects that came to life', figures: [['born', between.born, count(between.born)]] },
        { name: 'objects that died', figures: [['died', between.died, count(between.died)]] },
      ]
