/** Live objects: their types, a list of one type, and one object with what is around it. */
import { HELD_BY, type HeldBy } from '@reheap/projections'
import type { ReasonsAnswer, TypesAnswer } from '../session/explore-messages.ts'
import type { Overview, PythonView } from '../session/messages.ts'
import { bytes, count } from './format.ts'
import { momentsOf } from './moments.ts'
import { NeighbourhoodView } from './neighbourhood.tsx'
import { linkedChoice } from './permalink.ts'
import { Table } from './table.tsx'
import { useAnswer } from './use-answer.ts'
import { useRested } from './use-rested.ts'

/** Event that growth is counted from. */
const since = linkedChoice('since', '0')
export const chosenType = linkedChoice('type', '', true)
const chosenHeld = linkedChoice('held', '', true)
export const chosenObject = linkedChoice('object', '', true)

export const HELD_WORDS: Readonly<Record<HeldBy, string>> = {
  name: 'held by a name',
  outside: 'held by C code or a running expression',
  garbage: 'kept in gc.garbage',
  frozen: 'garbage, frozen',
  late: 'garbage that waits for a collection',
  unfindable: 'garbage that no collection finds',
}

/** Of a log of requests alone nothing is known of objects, nor of the collector. */
export const NoObjects = () => <p class="quiet">The log holds no objects; record the program with reheap run.</p>

export function Objects({ view, log }: { readonly view: PythonView; readonly log: Overview }) {
  const from = Math.min(log.events, Math.max(0, Number(since.value) || 0))
  const answer = useAnswer('types', { at: view.at, since: from })
  const told = useAnswer('reasons', { at: useRested(view.at) })
  const reasons = told?.at === view.at ? told : null
  if (!log.hasObjects) return <NoObjects />
  return (
    <section aria-label="objects" data-at={answer?.at}>
      <Since log={log} at={view.at} from={from} />
      {told !== undefined && <Reasons by={told.by} isNow={reasons !== null} />}
      {answer !== undefined && <Types types={answer.types} late={reasons?.late ?? null} />}
      {(chosenType.value !== '' || chosenHeld.value !== '') && <List at={view.at} />}
      {chosenObject.value !== '' && <NeighbourhoodView at={view.at} object={Number(chosenObject.value)} />}
    </section>
  )
}

function Since({ log, at, from }: { readonly log: Overview; readonly at: number; readonly from: number }) {
  const marks = momentsOf(log.moments.mark).slice(0, 200)
  return (
    <div class="bar">
      <label>
        growth since{' '}
        <select
          aria-label="growth since"
          value={String(from)}
          onChange={(event) => {
            since.value = event.currentTarget.value
          }}
        >
          <option value="0">the beginning</option>
          {from !== 0 && marks.every(({ index }) => index + 1 !== from) && <option value={String(from)}>event {count(from)}</option>}
          {marks.map(({ index, label }) => (
            <option key={index} value={String(index + 1)}>
              {label} ({count(index)})
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        onClick={() => {
          since.value = String(at)
        }}
      >
        Since here
      </button>
    </div>
  )
}

/** Why what is alive is alive; a click lists the objects. While the cursor moves, the figures are those of where it rested and are not shown. */
function Reasons({ by, isNow }: Pick<ReasonsAnswer, 'by'> & { readonly isNow: boolean }) {
  return (
    <fieldset class="bar" aria-label="why objects are alive" aria-busy={!isNow}>
      {HELD_BY.filter((heldBy) => by[heldBy].objects > 0).map((heldBy) => (
        <button
          key={heldBy}
          type="button"
          class={`reason ${heldBy}`}
          data-reason={heldBy}
          aria-pressed={chosenHeld.value === heldBy}
          onClick={() => {
            chosenHeld.value = chosenHeld.value === heldBy ? '' : heldBy
          }}
        >
          <b>{isNow ? count(by[heldBy].objects) : '…'}</b> {HELD_WORDS[heldBy]}, {isNow ? bytes(by[heldBy].bytes) : '…'}
        </button>
      ))}
    </fieldset>
  )
}

const signed = (value: number, shown: string): string => (value === 0 ? '' : `${value > 0 ? '+' : '−'}${shown}`)

function Types({ types, late }: Pick<TypesAnswer, 'types'> & { readonly late: ReasonsAnswer['late'] | null }) {
  return (
    <Table
      label="types of live objects"
      heads={['type', 'objects', 'bytes', 'growth', 'growth, bytes', 'waiting garbage']}
      rows={types.map(({ name, count: many, bytes: size, countBefore, bytesBefore }) => [
        name,
        [many, count(many)],
        [size, bytes(size)],
        [many - countBefore, signed(many - countBefore, count(Math.abs(many - countBefore)))],
        [size - bytesBefore, signed(size - bytesBefore, bytes(Math.abs(size - bytesBefore)))],
        late === null ? '…' : [late.get(name) ?? 0, late.has(name) ? count(late.get(name) ?? 0) : ''],
      ])}
      picked={types.findIndex(({ name }) => name === chosenType.value)}
      onPick={(row) => {
        const name = types[row]?.name ?? ''
        chosenType.value = name === chosenType.value ? '' : name
      }}
    />
  )
}

function List({ at }: { readonly at: number }) {
  const type = chosenType.value === '' ? null : chosenType.value
  const heldBy = HELD_BY.find((each) => each === chosenHeld.value) ?? null
  const listed = useAnswer('objects', { at, type, heldBy })
  if (listed === undefined) return null
  return (
    <>
      <h3>
        {count(listed.length)}
        {listed.length === 500 ? ' and more' : ''} {type ?? 'object'}
        {listed.length === 1 || type !== null ? '' : 's'}
        {heldBy === null ? '' : `: ${HELD_WORDS[heldBy]}`}
      </h3>
      <div class="scroll">
        <Table
          label="objects"
          heads={['object', 'type', 'count', 'bytes', 'generation', 'alive because']}
          rows={listed.map((each) => [
            each.object,
            each.type,
            [each.count, count(each.count)],
            [each.bytes, count(each.bytes)],
            each.generation ?? 'untracked',
            HELD_WORDS[each.heldBy],
          ])}
          picked={listed.findIndex(({ object }) => String(object) === chosenObject.value)}
          onPick={(row) => {
            chosenObject.value = String(listed[row]?.object ?? '')
          }}
        />
      </div>
    </>
  )
}
