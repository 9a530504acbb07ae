/** Search: a text, what it was found in, and a way there. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import type { Overview } from '../session/messages.ts'
import type { Found, SearchAnswer } from '../session/search-messages.ts'
import { Dialog } from './dialog.tsx'
import { count } from './format.ts'
import { chosenPool } from './heap-map.tsx'
import { momentsOf } from './moments.ts'
import { chosenObject, chosenType } from './objects.tsx'
import { ask } from './session-client.ts'
import { cursor, moveTo, searchShown, showTab } from './store.ts'
import { useAnswer } from './use-answer.ts'

const MARKS_MAX = 20

function close(): void {
  searchShown.value = false
}

function goTo({ index, type, object, pool }: Found): void {
  close()
  if (type !== undefined) {
    chosenType.value = String(type)
    showTab('types')
  }
  if (object !== undefined) {
    chosenObject.value = String(object)
    showTab('types')
  }
  if (pool !== undefined) {
    chosenPool.value = String(pool)
    showTab('map')
  }
  if (index !== undefined) void moveTo(index + 1)
}

/** Ends what the worker searches; one that has failed searches nothing. */
const giveUp = (): void => void ask('giveUp', { kind: 'search' }).catch(() => undefined)

/** Marks with a text in their names, and how many more there are. */
function marksCalled({ moments }: Overview, wanted: string): SearchAnswer {
  const called = wanted === '' ? [] : momentsOf(moments.mark).filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()))
  const found = called.map(({ index, label }): Found => ({ kind: 'mark', label, detail: `event ${count(index)}`, index }))
  return { found: found.slice(0, MARKS_MAX), more: Math.max(0, found.length - MARKS_MAX) }
}

export function Search({ log }: { readonly log: Overview }) {
  const [text, setText] = useState('')
  const [place, setPlace] = useState(0)
  // While it plays the search stays where it was opened.
  const [at] = useState(cursor.peek())
  const wanted = text.trim()
  const [isStopped, setStopped] = useState(false)
  const isAsked = wanted !== '' && !isStopped
  const answered = useAnswer('search', isAsked ? { at, text: wanted } : null)
  // Also where the text is taken away, or the dialog closed.
  useEffect(() => (isAsked ? giveUp : undefined), [isAsked])
  const marks = marksCalled(log, wanted)
  const found = [...marks.found, ...(answered?.found ?? [])]
  const more = marks.more + (answered?.more ?? 0)
  useLayoutEffect(() => document.getElementById(`found-${place}`)?.scrollIntoView({ block: 'nearest' }), [place])
  const onKey = (event: KeyboardEvent): void => {
    const chosen = found[place]
    if (event.key === 'Escape') close()
    else if (event.key === 'ArrowDown') setPlace(Math.min(found.length - 1, place + 1))
    else if (event.key === 'ArrowUp') setPlace(Math.max(0, place - 1))
    else if (event.key === 'Enter' && chosen !== undefined) goTo(chosen)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <Dialog label="search" onClose={close}>
      <input
        autoFocus
        type="search"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="found"
        aria-activedescendant={found.length === 0 ? undefined : `found-${place}`}
        aria-label="search types, names, objects, blocks, addresses, lines and marks"
        placeholder="a type, a name, an object’s number, an address such as 0x7f…, file.py:12, a mark"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setPlace(0)
          setStopped(false)
        }}
        onKeyDown={onKey}
      />
      <div id="found" role="listbox" aria-label="found">
        {found.map((each, row) => (
          <button
            key={row}
            type="button"
            id={`found-${row}`}
            tabIndex={-1}
            role="option"
            aria-selected={row === place}
            onClick={() => goTo(each)}
          >
            <span class="kind">{each.kind}</span> {each.label} <span class="quiet">{each.detail}</span>
          </button>
        ))}
      </div>
      {more > 0 && <p class="quiet">and {count(more)} more: a longer text finds fewer</p>}
      {isAsked && answered === undefined && (
        <div class="searching">
          <span role="status">searching</span>{' '}
          <button type="button" onClick={() => setStopped(true)}>
            Stop
          </button>
        </div>
      )}
      {isStopped && <p class="quiet">The search was stopped; change the text to search again.</p>}
      {wanted !== '' && answered !== undefined && found.length === 0 && <p class="quiet">No matches.</p>}
    </Dialog>
  )
}
