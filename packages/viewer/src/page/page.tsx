/** The page: its frame, how a log gets in and out, and the log. */
import { signal } from '@preact/signals'
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
import { Welcome } from './welcome.tsx'

/** Is a file held over the page? */
const dragged = signal(false)

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true

/** Opens one log, or two beside each other. */
function take(files: ArrayLike<File>): void {
  if (files.length <= 2) void openFiles(files)
  else fault.value = `${counted(files.length, 'file')} at once: the page shows one log, or two beside each other; open one or two of them`
}

/** Everything that is heard all over the page. */
const LISTENERS = {
  drop: (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    dragged.value = false
    take(event.dataTransfer?.files ?? [])
  },
  dragover: (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    dragged.value = true
  },
  dragleave: ({ relatedTarget }: DragEvent): void => {
    // Null: it left the page, and not one part of it for another.
    if (relatedTarget === null) dragged.value = false
  },
  keydown: onKey,
  click: onClick,
  focusout: onFocusOut,
} as const

export function Page() {
  useEffect(() => {
    for (const [name, listen] of Object.entries(LISTENERS)) addEventListener(name, listen as EventListener)
    return () => {
      for (const [name, listen] of Object.entries(LISTENERS)) removeEventListener(name, listen as EventListener)
    }
  }, [])
  const log = overview.value
  useEffect(() => {
    if (log !== null) document.title = `${log.name} - reheap`
  }, [log])
  return (
    <>
      <Header log={log} />
      {fault.value !== '' && <Fault text={fault.value} />}
      <Busy />
      <PlaygroundPane />
      {log !== null ? <Log log={log} /> : !playgroundShown.value && busy.value === '' && <Welcome />}
      {helpShown.value && <Help log={log} />}
      {searchShown.value && log !== null && <Search log={log} />}
      {dragged.value && <p class="drop-target">Drop one log to open it, two to compare them</p>}
    </>
  )
}

function Busy() {
  const giveUp = stop.value
  if (busy.value === '') return null
  return (
    <div class="busy">
      {/* Before the words: they grow, and it would move away from who reaches for it. */}
      {giveUp !== null && (
        <button type="button" onClick={giveUp}>
          Stop
        </button>
      )}{' '}
      <span role="status">{busy.value}</span>
    </div>
  )
}

const Fault = ({ text }: { readonly text: string }) => (
  <div class="fault">
    <button
      type="button"
      class="close"
      aria-label="dismiss the error"
      onClick={() => {
        fault.value = ''
      }}
    >
      ×
    </button>
    <p role="alert">{text}</p>
  </div>
)

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
              take(event.currentTarget.files ?? [])
              event.currentTarget.value = ''
            }}
          />
        </label>
        {log !== null && view.value !== null && <Export log={withBeside.value ?? log} view={view.value} />}
        <ThemeButton />
        {log !== null && (
          <button
            type="button"
            onClick={() => {
              searchShown.value = true
            }}
          >
            Search
          </button>
        )}
        <button
          type="button"
          aria-label="? keys"
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

function ThemeButton() {
  const other = theme.value === 'dark' ? 'light' : 'dark'
  return (
    <button type="button" id="theme" aria-label={`${other} theme`} onClick={() => setTheme(other)}>
      {other === 'light' ? 'Light' : 'Dark'}
    </button>
  )
}
