/** A log: its timeline above, the moment at the cursor below. */
import type { Overview, View } from '../session/messages.ts'
import { Collector } from './collector.tsx'
import { DeviceMap } from './device-map.tsx'
import { count } from './format.ts'
import { HeapMap } from './heap-map.tsx'
import { Objects } from './objects.tsx'
import { cursor, jump, moveTo, playing, showTab, tab, view } from './store.ts'
import { Figures, Segments, SizeClasses } from './tables.tsx'
import { Timeline } from './timeline.tsx'

/** Timeline, time keys and the moment at the cursor. */
export function Log({ log }: { readonly log: Overview }) {
  const shown = view.value
  return (
    <main>
      {log.notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      <Timeline overview={log} />
      <Transport log={log} />
      {shown !== null && (
        <div class="columns">
          <div class="views">
            <Tabs view={shown} log={log} />
          </div>
          <aside aria-label="at the cursor">
            <h2>After {count(shown.at)} events</h2>
            <pre class="event">{shown.event}</pre>
            <Figures view={shown} />
          </aside>
        </div>
      )}
    </main>
  )
}

function Transport({ log }: { readonly log: Overview }) {
  const kinds = new Set(log.moments.map(({ kind }) => kind))
  return (
    <div class="transport" role="toolbar" aria-label="time">
      <button type="button" aria-label="one event back" onClick={() => void moveTo(cursor.value - 1)}>
        ‹
      </button>
      <input
        id="event"
        aria-label="event"
        type="number"
        min="0"
        max={log.events}
        value={cursor.value}
        onChange={(event) => {
          void moveTo(Number(event.currentTarget.value))
          event.currentTarget.blur()
        }}
      />
      <button type="button" aria-label="one event on" onClick={() => void moveTo(cursor.value + 1)}>
        ›
      </button>
      <button
        type="button"
        onClick={() => {
          playing.value = !playing.value
        }}
      >
        {playing.value ? 'Pause' : 'Play'}
      </button>
      {kinds.has('collection') && (
        <button type="button" onClick={() => jump('collection', 1)}>
          Next collection
        </button>
      )}
      {kinds.has('region') && (
        <button type="button" onClick={() => jump('region', 1)}>
          {log.layer === 'python' ? 'Next arena' : 'Next segment'}
        </button>
      )}
      {kinds.has('outOfMemory') && (
        <button type="button" onClick={() => jump('outOfMemory', 1)}>
          Next out-of-memory
        </button>
      )}
      {kinds.has('mark') && (
        <button type="button" onClick={() => jump('mark', 1)}>
          Next mark
        </button>
      )}
    </div>
  )
}

function Tabs({ view: shown, log }: { readonly view: View; readonly log: Overview }) {
  const tabs =
    shown.layer === 'device'
      ? ([
          ['map', 'GPU map', () => <DeviceMap view={shown} />],
          ['segments', 'Segments', () => <Segments view={shown} />],
        ] as const)
      : ([
          ['map', 'Heap map', () => <HeapMap view={shown} />],
          ['classes', 'Size classes', () => <SizeClasses view={shown} />],
          ['types', 'Objects', () => <Objects view={shown} log={log} />],
          ['collector', 'Collector', () => <Collector view={shown} log={log} />],
        ] as const)
  const current = tabs.find(([key]) => key === tab.value) ?? tabs[0]
  return (
    <>
      <div role="tablist" class="tabs">
        {tabs.map(([key, label]) => (
          <button key={key} type="button" role="tab" aria-selected={key === current[0]} onClick={() => showTab(key)}>
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel">{current[2]()}</div>
    </>
  )
}
