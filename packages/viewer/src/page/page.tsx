/** The page: its frame, how a log gets in and out, and the log. */
import { useEffect } from 'preact/hooks'
import type { Overview, View } from '../session/messages.ts'
import { count, save } from './format.ts'
import { KEYS, onKey } from './keys.ts'
import { Log } from './log-view.tsx'
import { busy, cursor, fault, helpShown, moveTo, openFile, overview, playing, setTheme, theme, view } from './store.ts'

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
        <button type="button" id="theme" onClick={() => setTheme(theme.value === 'dark' ? 'light' : 'dark')} aria-label="dark or light">
          {theme.value === 'dark' ? 'Light' : 'Dark'}
        </button>
        <button
          type="button"
          aria-label="keys"
          onClick={() => {
            helpShown.value = !helpShown.value
          }}
        >
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
    const rows = Array.from(curves[0]?.max ?? [], (_, place) =>
      [place * (curves[0]?.width ?? 1), ...curves.map(({ max }) => max[place])].join(','),
    )
    save(`${log.name}.csv`, new Blob([`event,${curves.map(({ key }) => key).join(',')}\n${rows.join('\n')}\n`], { type: 'text/csv' }))
  }
  const savePng = (): void =>
    document.querySelector<HTMLCanvasElement>('.timeline canvas')?.toBlob((blob) => blob && save(`${log.name}.png`, blob))
  return (
    <>
      <button type="button" onClick={savePng}>
        PNG
      </button>
      <button type="button" onClick={saveCsv}>
        CSV
      </button>
      <button type="button" onClick={saveJson}>
        JSON
      </button>
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

function Help() {
  return (
    <dialog open aria-label="keys">
      <h2>Keys</h2>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
