/** Search: a text, what it was found in, and a way there. */
import { useState } from 'preact/hooks'
import type { Found } from '../session/explore-messages.ts'
import type { Overview } from '../session/messages.ts'
import { Dialog } from './dialog.tsx'
import { chosenPool } from './heap-map.tsx'
import { momentsOf } from './moments.ts'
import { chosenType } from './objects.tsx'
import { cursor, moveTo, searchShown, showTab } from './store.ts'
import { useAnswer } from './use-answer.ts'

const MARKS_MAX = 20

function close(): void {
  searchShown.value = false
}

function goTo({ index, type, pool }: Found): void {
  close()
  if (type !== undefined) {
    chosenType.value = String(type)
    showTab('types')
  }
  if (pool !== undefined) {
    chosenPool.value = String(pool)
    showTab('map')
  }
  if (index !== undefined) void moveTo(index + 1)
}

export function Search({ log }: { readonly log: Overview }) {
  const [text, setText] = useState('')
  const [place, setPlace] = useState(0)
  const answered = useAnswer('search', text.trim() === '' ? null : { at: cursor.value, text: text.trim() })
  const marks = momentsOf(log.moments.mark)
    .filter(({ label }) => text.trim() !== '' && label.toLowerCase().includes(text.trim().toLowerCase()))
    .slice(0, MARKS_MAX)
    .map(({ index, label }): Found => ({ kind: 'mark', label, detail: `event ${index}`, index }))
  const found: readonly Found[] = [...marks, ...(answered ?? [])]
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
        aria-label="search types, addresses, stacks, lines and marks"
        placeholder="a type, an address such as 0x7f…, a function, file.py:12, a mark"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setPlace(0)
        }}
        onKeyDown={onKey}
      />
      <div id="found" role="listbox" aria-label="found">
        {found.map((each, row) => (
          <button
            key={`${each.kind}${each.label}${each.index}`}
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
      {text.trim() !== '' && answered !== undefined && found.length === 0 && <p class="quiet">Nothing here is called so.</p>}
    </Dialog>
  )
}
