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
/** Id of a type: several may have one name. */
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
  const rested = useRested(view.at)
  const told = useAnswer('reasons', { at: rested })
  const reasons = told?.at === view.at ? told : null
  if (!log.hasObjects) return <NoObjects />
  return (
    <section aria-label="objects" data-at={answer?.at}>
      <Since log={log} at={view.at} from={from} />
      {told !== undefined && <Verdict told={told} isNow={reasons !== null} />}
      {told !== undefined && <Reasons by={told.by} isNow={reasons !== null} />}
      {answer !== undefined && <Types types={answer.types} late={reasons?.late ?? null} />}
      {(chosenType.value !== '' || chosenHeld.value !== '') && <List at={rested} types={answer?.types ?? []} />}
      {chosenObject.value !== '' && <NeighbourhoodView at={rested} object={Number(chosenObject.value)} />}
    </section>
  )
}

/** Leak, or only late? The sentences of `reheap leaks`. */
function Verdict({ told: { verdict, why }, isNow }: { readonly told: ReasonsAnswer; readonly isNow: boolean }) {
  return (
    <div class="told verdict" aria-live="polite" aria-busy={!isNow}>
      <b>{isNow ? verdict : 'Asked when the cursor rests.'}</b>
      {isNow && why.map((sentence) => <div key={sentence}>{sentence}</div>)}
    </div>
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
  const named = namesOf(types)
  return (
    <Table
      label="types of live objects"
      heads={['type', 'objects', 'bytes', 'growth', 'growth, bytes', 'waiting garbage']}
      rows={types.map(({ type, count: many, bytes: size, countBefore, bytesBefore }) => [
        named.get(type) ?? '',
        [many, count(many)],
        [size, bytes(size)],
        [many - countBefore, signed(many - countBefore, count(Math.abs(many - countBefore)))],
        [size - bytesBefore, signed(size - bytesBefore, bytes(Math.abs(size - bytesBefore)))],
        late === null ? '…' : [late.get(type) ?? 0, late.has(type) ? count(late.get(type) ?? 0) : ''],
      ])}
      picked={types.findIndex(({ type }) => String(type) === chosenType.value)}
      onPick={(row) => {
        const type = String(types[row]?.type ?? '')
        chosenType.value = type === chosenType.value ? '' : type
      }}
    />
  )
}

/** Types by id: of those that share a name each also tells its number. */
function namesOf(types: TypesAnswer['types']): ReadonlyMap<number | null, string> {
  const seen = new Map<string, number>()
  for (const { name } of types) seen.set(name, (seen.get(name) ?? 0) + 1)
  return new Map(types.map(({ type, name }) => [type, (seen.get(name) ?? 0) > 1 ? `${name} (type ${type})` : name]))
}

function List({ at, types }: { readonly at: number; readonly types: TypesAnswer['types'] }) {
  const type = chosenType.value === '' ? null : Number(chosenType.value)
  const heldBy = HELD_BY.find((each) => each === chosenHeld.value) ?? null
  const answer = useAnswer('objects', { at, type, heldBy })
  if (answer === undefined) return null
  const { total, listed } = answer
  const what = type === null ? `object${total === 1 ? '' : 's'}` : (namesOf(types).get(type) ?? `type ${type}`)
  return (
    <>
      <h3 data-at={answer.at}>
        {count(total)} {what}
        {heldBy === null ? '' : `: ${HELD_WORDS[heldBy]}`}
        {listed.length < total ? `; the first ${count(listed.length)} by number are listed` : ''}
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
