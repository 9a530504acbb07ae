/** The log beside itself under other settings, or beside another log. */
import { useState } from 'preact/hooks'
import type { CompareAnswer, WhatIfAnswer } from '../session/beside-messages.ts'
import type { Overview } from '../session/messages.ts'
import { compared, compareWith, pickRow, row, runWhatIf, varied, varyKeys, whatIf } from './beside.ts'
import { Difference } from './difference.tsx'
import { count } from './format.ts'
import { moveTo } from './store.ts'
import { WhatIfRows } from './what-if-rows.tsx'

interface Vary {
  readonly key: string
  readonly value: string
}

export function Beside({ log }: { readonly log: Overview }) {
  return (
    <section aria-label="beside">
      <h3>What if</h3>
      <VaryForm key={log.name} />
      <h3>Another log</h3>
      <label class="button">
        Choose a log to compare
        <input
          type="file"
          id="other"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0]
            if (file !== undefined) void compareWith(file, file.name)
            // So that the same file can be chosen again.
            event.currentTarget.value = ''
          }}
        />
      </label>{' '}
      <span class="quiet">or drop two files on the page</span>
      {whatIf.value !== null && <Rows answer={whatIf.value} runtime={log.runtime} />}
      {compared.value !== null && <Logs answer={compared.value} />}
    </section>
  )
}

const Rows = ({ answer, runtime }: { readonly answer: WhatIfAnswer; readonly runtime: string }) => (
  <>
    <h3>Beside the log</h3>
    <WhatIfRows answer={answer} chosen={row.value} onPick={pickRow} />
    <Partings partings={answer.partings} names={answer.names} />
    <p class="quiet">
      The requests are those of {runtime}: another version would make its own. {answer.layer === 'python' ? 'Arenas are' : 'The driver is'}{' '}
      simulated in every row. What is marked over the curves is the recording's.
    </p>
  </>
)

const Logs = ({ answer }: { readonly answer: CompareAnswer }) => (
  <>
    <h3>
      {answer.difference.before.name} and {answer.difference.after.name}
    </h3>
    <p>
      The requests of both logs{' '}
      {answer.firstParting === null ? (
        'never differ'
      ) : (
        <>
          first differ at <Parting event={answer.firstParting} />
        </>
      )}
      .
    </p>
    <Difference answer={answer} between="logs" />
  </>
)

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
              first differs at <Parting event={parting} />
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** An event, and the way behind it. */
const Parting = ({ event }: { readonly event: number }) => (
  <button type="button" class="link" data-parting={event} onClick={() => void moveTo(event + 1)}>
    event {count(event)}
  </button>
)

const lineOf = (text: string): Vary => ({ key: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) })

/** What `--vary` takes, one key a line; at first what the address says. */
function VaryForm() {
  const [lines, setLines] = useState<readonly Vary[]>(() => (varied().length > 0 ? varied().map(lineOf) : [{ key: 'profile', value: '' }]))
  const change = (place: number, changed: Partial<Vary>): void =>
    setLines(lines.map((line, each) => (each === place ? { ...line, ...changed } : line)))
  return (
    <form
      class="vary"
      onSubmit={(event) => {
        event.preventDefault()
        const vary = lines.filter(({ value }) => value !== '').map(({ key, value }) => `${key}=${value}`)
        if (vary.length === 0) return
        pickRow(1)
        void runWhatIf(vary)
      }}
    >
      {lines.map((line, place) => (
        <VaryLine key={place} line={line} place={place} onChange={(changed) => change(place, changed)} />
      ))}
      <button type="submit">Replay</button>{' '}
      <button type="button" onClick={() => setLines([...lines, { key: varyKeys.value[0]?.key ?? 'profile', value: '' }])}>
        Add a setting
      </button>
    </form>
  )
}

interface VaryLineProps {
  readonly line: Vary
  readonly place: number
  readonly onChange: (changed: Partial<Vary>) => void
}

function VaryLine({ line: { key, value }, place, onChange }: VaryLineProps) {
  const keys = varyKeys.value
  return (
    <p>
      <select aria-label="what to vary" value={key} onChange={(event) => onChange({ key: event.currentTarget.value, value: '' })}>
        {keys.map((each) => (
          <option key={each.key}>{each.key}</option>
        ))}
      </select>{' '}
      <input
        aria-label="values"
        type="text"
        list={`values-${place}`}
        value={value}
        placeholder="values, separated by commas"
        onInput={(event) => onChange({ value: event.currentTarget.value })}
      />
      <datalist id={`values-${place}`}>
        {(keys.find((each) => each.key === key)?.values ?? []).map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </p>
  )
}
