/** The page: a log's timeline above, the moment at its cursor below. */
import { useEffect } from 'preact/hooks'
import type { Overview, View } from '../session/messages.ts'
import { DeviceMap } from './device-map.tsx'
import { count, save } from './format.ts'
import { HeapMap } from './heap-map.tsx'
import { KEYS, onKey } from './keys.ts'
import { busy, cursor, fault, helpShown, jump, moveTo, openFile, overview, playing, setTheme, showTab, tab, theme, view } from './store.ts'
import { Collector, Figures, Segments, SizeClasses, Types } from './tables.tsx'
import { Timeline } from './timeline.tsx'

/** Moves of the cursor per second, and the share of the log that is played in them. */
const FRAMES = 20
const PLAY_SECONDS = 30

export function Page() {
  useEffect(() => {
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) void openFile(file, file.name)
    }
    const over = (event: DragEvent): void => event.preventDefault()
    addEventListener('drop', drop)
    addEventListener('dragover', over)
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('drop', drop)
      removeEventListener('dragover', over)
      removeEventListener('keydown', onKey)
    }
  }, [])
  useEffect(() => {
    if (!playing.value) return
    const timer = setInterval(() => {
      const events = overview.value?.events ?? 0
      if (cursor.value >= events) playing.value = false
      else void moveTo(cursor.value + Math.max(1, events / (FRAMES * PLAY_SECONDS)))
    }, 1000 / FRAMES)
    return () => clearInterval(timer)
  }, [playing.value])
  const log = overview.value
  return (
    <>
      <Header log={log} />
      {fault.value !== '' && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
      {busy.value !== '' && (
        <p class="busy" role="status">
          {busy.value}
        </p>
      )}
      {log === null ? <Welcome /> : <Log log={log} />}
      {helpShown.value && <Help />}
    </>
  )
}

function Header({ log }: { readonly log: Overview | null }) {
  return (
    <header>
      <strong class="logo">reheap</strong>
      {log !== null && (
        <span class="about">
          <b>{log.name}</b>
          <span class="quiet">
            {count(log.events)} events of {log.runtime}, replayed as {log.profile}
          </span>
        </span>
      )}
      <nav>
        <label class="button">
          Open a log
          <input
            type="file"
            id="file"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0]
              if (file !== undefined) void openFile(file, file.name)
            }}
          />
        </label>
        {log !== null && view.value !== null && <Export log={log} view={view.value} />}
        <button type="button" onClick={() => setTheme(theme.value === 'dark' ? 'light' : 'dark')} aria-label="dark or light">
          {theme.value === 'dark' ? 'Light' : 'Dark'}
        </button>
        <button type="button" aria-label="keys" onClick={() => { helpShown.value = !helpShown.value }}>
          ?
        </button>
      </nav>
    </header>
  )
}

function Export({ log, view: shown }: { readonly log: Overview; readonly view: View }) {
  const saveJson = (): void => save(`${log.name}.${shown.at}.json`, new Blob([JSON.stringify(shown)], { type: 'application/json' }))
  const saveCsv = (): void => {
    const { curves } = log
    const rows = Array.from(curves[0]?.max ?? [], (_, place) => [place * (curves[0]?.width ?? 1), ...curves.map(({ max }) => max[place])].join(','))
    save(`${log.name}.csv`, new Blob([`event,${curves.map(({ key }) => key).join(',')}\n${rows.join('\n')}\n`], { type: 'text/csv' }))
  }
  const savePng = (): void => document.querySelector<HTMLCanvasElement>('.timeline canvas')?.toBlob((blob) => blob && save(`${log.name}.png`, blob))
  return (
    <>
      <button type="button" onClick={savePng}>PNG</button>
      <button type="button" onClick={saveCsv}>CSV</button>
      <button type="button" onClick={saveJson}>JSON</button>
    </>
  )
}

function Welcome() {
  return (
    <main class="welcome">
      <h1>See memory, step through time</h1>
      <p>
        Drop a log here: <code>.arrows</code>, <code>.jsonl</code>, <code>.jsonl.gz</code>, or a PyTorch snapshot <code>.pickle</code>.
      </p>
      <p class="quiet">It is replayed in this page. Nothing leaves this machine.</p>
    </main>
  )
}

function Log({ log }: { readonly log: Overview }) {
  const shown = view.value
  return (
    <main>
      {log.notes.map((note) => (
        <p class="note" key={note}>{note}</p>
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
      <button type="button" aria-label="one event back" onClick={() => void moveTo(cursor.value - 1)}>‹</button>
      <input id="event" aria-label="event" type="number" min="0" max={log.events} value={cursor.value} onChange={(event) => { void moveTo(Number(event.currentTarget.value)); event.currentTarget.blur() }} />
      <button type="button" aria-label="one event on" onClick={() => void moveTo(cursor.value + 1)}>›</button>
      <button type="button" onClick={() => { playing.value = !playing.value }}>{playing.value ? 'Pause' : 'Play'}</button>
      {kinds.has('collection') && <button type="button" onClick={() => jump('collection', 1)}>Next collection</button>}
      {kinds.has('region') && <button type="button" onClick={() => jump('region', 1)}>{log.layer === 'python' ? 'Next arena' : 'Next segment'}</button>}
      {kinds.has('outOfMemory') && <button type="button" onClick={() => jump('outOfMemory', 1)}>Next out-of-memory</button>}
      {kinds.has('mark') && <button type="button" onClick={() => jump('mark', 1)}>Next mark</button>}
    </div>
  )
}

function Tabs({ view: shown, log }: { readonly view: View; readonly log: Overview }) {
  const tabs =
    shown.layer === 'device'
      ? ([['map', 'GPU map', () => <DeviceMap view={shown} />], ['segments', 'Segments', () => <Segments view={shown} />]] as const)
      : ([
          ['map', 'Heap map', () => <HeapMap view={shown} />],
          ['classes', 'Size classes', () => <SizeClasses view={shown} />],
          ['types', 'Objects', () => <Types view={shown} />],
          ['collector', 'Collector', () => <Collector view={shown} overview={log} />],
        ] as const)
  const current = tabs.find(([key]) => key === tab.value) ?? tabs[0]
  return (
    <>
      <div role="tablist" class="tabs">
        {tabs.map(([key, label]) => (
          <button key={key} type="button" role="tab" aria-selected={key === current[0]} onClick={() => showTab(key)}>{label}</button>
        ))}
      </div>
      <div role="tabpanel">{current[2]()}</div>
    </>
  )
}

function Help() {
  return (
    <dialog open aria-label="keys">
      <h2>Keys</h2>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt><kbd>{keys}</kbd></dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
