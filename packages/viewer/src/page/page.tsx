/** The page: its frame, how a log gets in and out, and the log. */
import { useEffect } from 'preact/hooks'
import type { Overview } from '../session/messages.ts'
import { openFiles, withBeside } from './beside.ts'
import { Export } from './export.tsx'
import { counted } from './format.ts'
import { Help } from './help.tsx'
import { onClick, onFocusOut, onKey } from './keys.ts'
import { Log } from './log-view.tsx'
import { PlaygroundButton, PlaygroundPane } from './playground-pane.tsx'
import { Search } from './search.tsx'
import { busy, fault, helpShown, overview, playgroundShown, searchShown, setTheme, stop, theme, view } from './store.ts'

export function Page() {
  useEffect(() => {
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      void openFiles(event.dataTransfer?.files ?? [])
    }
    const over = (event: DragEvent): void => event.preventDefault()
    addEventListener('drop', drop)
    addEventListener('dragover', over)
    addEventListener('keydown', onKey)
    addEventListener('click', onClick)
    addEventListener('focusout', onFocusOut)
    return () => {
      removeEventListener('drop', drop)
      removeEventListener('dragover', over)
      removeEventListener('keydown', onKey)
      removeEventListener('click', onClick)
      removeEventListener('focusout', onFocusOut)
    }
  }, [])
  const log = overview.value
  useEffect(() => {
    if (log !== null) document.title = `${log.name} - reheap`
  }, [log])
  return (
    <>
      <Header log={log} />
      {fault.value !== '' && (
        <p class="fault" role="alert">
          {fault.value}
        </p>
      )}
      <Busy />
      <PlaygroundPane />
      {log !== null ? <Log log={log} /> : !playgroundShown.value && busy.value === '' && <Welcome />}
      {helpShown.value && <Help log={log} />}
      {searchShown.value && log !== null && <Search log={log} />}
    </>
  )
}

function Busy() {
  const giveUp = stop.value
  if (busy.value === '') return null
  return (
    <div class="busy">
      <span role="status">{busy.value}</span>{' '}
      {giveUp !== null && (
        <button type="button" onClick={giveUp}>
          Stop
        </button>
      )}
    </div>
  )
}

function Header({ log }: { readonly log: Overview | null }) {
  const origin = log === null ? '' : `${counted(log.events, 'event')} of ${log.runtime}, replayed as ${log.profile}`
  return (
    <header>
      <strong class="logo">reheap</strong>
      {log !== null && (
        <span class="about">
          <b>{log.name}</b>
          <span class="quiet" title={origin}>
            {origin}
          </span>
        </span>
      )}
      <nav>
        <PlaygroundButton />
        <label class="button">
          Open a log
          <input
            type="file"
            id="file"
            multiple
            onChange={(event) => {
              void openFiles(event.currentTarget.files ?? [])
              event.currentTarget.value = ''
            }}
          />
        </label>
        {log !== null && view.value !== null && <Export log={withBeside.value ?? log} view={view.value} />}
        <button type="button" id="theme" onClick={() => setTheme(theme.value === 'dark' ? 'light' : 'dark')} aria-label="dark or light">
          {theme.value === 'dark' ? 'Light' : 'Dark'}
        </button>
        {log !== null && (
          <button
            type="button"
            aria-label="search"
            onClick={() => {
              searchShown.value = true
            }}
          >
            Search
          </button>
        )}
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
