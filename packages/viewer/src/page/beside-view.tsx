/** The log beside itself under other settings, or beside another log. */
import { useState } from 'preact/hooks'
import type { Overview } from '../session/messages.ts'
import { compared, compareWith, row, runWhatIf, varyKeys, whatIf } from './beside.ts'
import { Difference } from './difference.tsx'
import { count } from './format.ts'
import { moveTo } from './store.ts'
import { WhatIfRows } from './what-if-rows.tsx'

interface Vary {
  readonly key: string
  readonly value: string
}

export function Beside({ log }: { readonly log: Overview }) {
  const answer = whatIf.value
  const other = compared.value
  return (
    <section aria-label="beside">
      <h3>What if</h3>
      <VaryForm key={log.name} />
      <h3>Another log</h3>
      <label class="button">
        Open a log to compare with
        <input
          type="file"
          id="other"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0]
            if (file !== undefined) void compareWith(file, file.name)
          }}
        />
      </label>{' '}
      <span class="quiet">or drop two files on the page</span>
      {answer !== null && (
        <>
          <h3>Beside the log</h3>
          <WhatIfRows answer={answer} chosen={row.value} onPick={(picked) => (row.value = picked)} />
          <Partings partings={answer.partings} names={answer.names} />
          <p class="quiet">
            The requests are those of {log.runtime}: another version would make its own.{' '}
            {answer.layer === 'python' ? 'Arenas are' : 'The driver is'} simulated in every row.
          </p>
        </>
      )}
      {other !== null && (
        <>
          <h3>
            {other.difference.before.name} and {other.difference.after.name}
          </h3>
          <Difference answer={other} sides={['first', 'second']} />
        </>
      )}
    </section>
  )
}

/** Where each row first differs from the first. */
function Partings({ partings, names }: { readonly partings: readonly (number | null)[]; readonly names: readonly string[] }) {
  return (
    <ul class="partings">
      {partings.slice(1).map((parting, place) => (
        <li key={names[place + 1]}>
          {names[place + 1]}{' '}
          {parting === null ? (
            'never differs'
          ) : (
            <>
              first differs at{' '}
              <button type="button" class="link" data-parting={parting} onClick={() => void moveTo(parting + 1)}>
                event {count(parting)}
              </button>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** What `--vary` takes, one key a line. */
function VaryForm() {
  const [lines, setLines] = useState<readonly Vary[]>([{ key: 'profile', value: '' }])
  const keys = varyKeys.value
  const change = (place: number, changed: Partial<Vary>): void =>
    setLines(lines.map((line, each) => (each === place ? { ...line, ...changed } : line)))
  return (
    <form
      class="vary"
      onSubmit={(event) => {
        event.preventDefault()
        const vary = lines.filter(({ value }) => value !== '').map(({ key, value }) => `${key}=${value}`)
        if (vary.length > 0) void runWhatIf(vary)
      }}
    >
      {lines.map(({ key, value }, place) => (
        <p key={place}>
          <select aria-label="what to vary" value={key} onChange={(event) => change(place, { key: event.currentTarget.value, value: '' })}>
            {keys.map((each) => (
              <option key={each.key}>{each.key}</option>
            ))}
          </select>{' '}
          <input
            aria-label="values"
            type="text"
            list={`values-${place}`}
            value={value}
            placeholder="values, with commas"
            onInput={(event) => change(place, { value: event.currentTarget.value })}
          />
          <datalist id={`values-${place}`}>
            {(keys.find((each) => each.key === key)?.values ?? []).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </p>
      ))}
      <button type="submit">Replay</button>{' '}
      <button type="button" onClick={() => setLines([...lines, { key: keys[0]?.key ?? 'profile', value: '' }])}>
        Vary one more
      </button>
    </form>
  )
}
