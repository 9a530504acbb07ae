/** A log: its timeline above, the moment at the cursor below. */
import type { ComponentChildren } from 'preact'
import type { Overview, PythonView, View } from '../session/messages.ts'
import { AddressTime } from './address-time.tsx'
import { Area } from './area.tsx'
import { withBeside } from './beside.ts'
import { Beside } from './beside-view.tsx'
import { Collector } from './collector.tsx'
import { Descent } from './descent.tsx'
import { DeviceMap } from './device-map.tsx'
import { EventBox } from './event-box.tsx'
import { counted } from './format.ts'
import { HeapMap } from './heap-map.tsx'
import { isClicked } from './keys.ts'
import { Objects } from './objects.tsx'
import { SourceLine } from './source-line.tsx'
import { showTab, tab, view } from './store.ts'
import { Figures, Segments, SizeClasses } from './tables.tsx'
import { Timeline } from './timeline.tsx'
import { Transport } from './transport.tsx'

/** Timeline, time keys and the moment at the cursor. */
export function Log({ log }: { readonly log: Overview }) {
  const shown = view.value
  return (
    <main>
      {log.notes.length > 0 && <Notes notes={log.notes} />}
      <Timeline overview={withBeside.value ?? log} />
      <Transport log={log} />
      {shown !== null && (
        <div class="columns">
          <div class="views">
            <Tabs view={shown} log={log} />
          </div>
          <aside aria-label="at the cursor">
            <h2>After {counted(shown.at, 'event')}</h2>
            <EventBox view={shown} />
            <SourceLine view={shown} />
            <Figures view={shown} />
          </aside>
        </div>
      )}
    </main>
  )
}

/** What a reader should know; more than one are folded: the curves stand higher. */
function Notes({ notes: [first, ...others] }: { readonly notes: readonly string[] }) {
  if (others.length === 0) return <p class="note">{first}</p>
  return (
    <details class="note">
      <summary>
        {first}, and {counted(others.length, 'more note')}
      </summary>
      {others.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </details>
  )
}

type Tab = readonly [key: string, name: string, show: () => ComponentChildren]

/** Views of devices: a log of theirs alone has its map where an interpreter's has the heap. */
function deviceTabs(shown: View, log: Overview, mapKey: string): readonly Tab[] {
  const { devices } = log
  return [
    [mapKey, 'GPU map', () => <DeviceMap view={shown} />],
    ...devices.map((device): Tab => {
      const name = devices.length === 1 ? 'Addresses over time' : `Addresses over time, device ${device}`
      return [`history${device}`, name, () => <AddressTime log={log} device={device} />]
    }),
    ['segments', 'Segments', () => <Segments view={shown} mapTab={mapKey} />],
  ]
}

function heapTabs(shown: PythonView, log: Overview): readonly Tab[] {
  return [
    ['map', 'Heap map', () => <HeapMap view={shown} />],
    ['classes', 'Size classes', () => <SizeClasses view={shown} />],
    ['types', 'Objects', () => <Objects view={shown} log={log} />],
    ['collector', 'Collector', () => <Collector view={shown} log={log} />],
    ...(log.devices.length === 0 ? [] : deviceTabs(shown, log, 'gpu')),
  ]
}

function Tabs({ view: shown, log }: { readonly view: View; readonly log: Overview }) {
  const tabs: readonly Tab[] = [
    ...(shown.layer === 'device' ? deviceTabs(shown, log, 'map') : heapTabs(shown, log)),
    ['request', 'Request', () => <Descent at={shown.at} />],
    ['area', 'Area', () => <Area log={log} />],
    ['beside', 'Beside', () => <Beside log={log} />],
  ]
  const current = tabs.find(([key]) => key === tab.value) ?? (tabs[0] as Tab)
  return (
    <>
      <div role="tablist" aria-label="views" class="tabs" onKeyDown={walk}>
        {tabs.map(([key, label]) => (
          <button
            key={key}
            id={`tab-${key}`}
            type="button"
            role="tab"
            aria-selected={key === current[0]}
            aria-controls="view"
            tabIndex={key === current[0] ? 0 : -1}
            onClick={() => showTab(key)}
          >
            {label}
          </button>
        ))}
      </div>
      <div id="view" role="tabpanel" aria-labelledby={`tab-${current[0]}`}>
        {current[2]()}
      </div>
    </>
  )
}

const STEPS: Readonly<Record<string, (place: number, last: number) => number>> = {
  ArrowLeft: (place, last) => (place === 0 ? last : place - 1),
  ArrowRight: (place, last) => (place === last ? 0 : place + 1),
  Home: () => 0,
  End: (_, last) => last,
}

/** From the tab that Tab led to, to one beside it; behind a click the arrow keys are the cursor's. */
function walk(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const step = STEPS[event.key]
  if (step === undefined || isClicked(event.target)) return
  const tabs = [...event.currentTarget.querySelectorAll('button')]
  const next = tabs[step(tabs.indexOf(event.target as HTMLButtonElement), tabs.length - 1)]
  next?.click()
  next?.focus()
  event.preventDefault()
  event.stopPropagation()
}
