/** A program to type, its output, and its lines. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { overview } from '../store.ts'
import { Listing } from './listing.tsx'
import {
  copyLink,
  ending,
  isCopied,
  link,
  offer,
  output,
  prepare,
  ran,
  run,
  running,
  source,
  stop,
  takeFragment,
  trouble,
  version,
} from './program.ts'
import { PROGRAM_FILE } from './record-program.ts'
import { PROGRAM_MAX } from './share.ts'

export function Playground() {
  useEffect(() => {
    void prepare()
    const changed = (): void => void takeFragment()
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  const recorded = ran.value
  const isShown = recorded !== null && overview.value?.name === PROGRAM_FILE
  return (
    <section class="playground" aria-label="playground">
      <Toolbar />
      {trouble.value !== '' && (
        <p class="trouble" role="alert">
          {trouble.value}
        </p>
      )}
      <div class={isShown ? 'halves' : ''}>
        <div>
          <textarea
            id="program"
            aria-label="program"
            spellcheck={false}
            autocapitalize="off"
            maxLength={PROGRAM_MAX}
            value={source.value}
            onInput={(event) => {
              source.value = event.currentTarget.value
            }}
            onKeyDown={onKey}
          />
          <Output />
        </div>
        {isShown && <Listing ran={recorded} isOld={running.value !== '' || recorded.source !== source.value} />}
      </div>
    </section>
  )
}

/** What was printed, its end in sight. */
function Output() {
  const printed = useRef<HTMLPreElement>(null)
  useLayoutEffect(() => printed.current?.scrollTo({ top: printed.current.scrollHeight }), [output.value, ending.value])
  return (
    <pre ref={printed} id="output" role="log" aria-label="output">
      {output.value.map(({ stream, text }, place) => (
        <span key={place} class={stream}>
          {text}
        </span>
      ))}
      {ending.value !== '' && <i class="ending">{ending.value}</i>}
    </pre>
  )
}

function Toolbar() {
  const { versions, examples } = offer.value
  const isRunning = running.value !== ''
  return (
    <div class="bar" role="toolbar" aria-label="program">
      <label>
        example{' '}
        <select
          id="example"
          onChange={(event) => {
            const chosen = examples.find(({ name }) => name === event.currentTarget.value)
            if (chosen !== undefined) source.value = chosen.source
          }}
        >
          <option value="">your own</option>
          {examples.map(({ name, title, source: text }) => (
            <option key={name} value={name} selected={text === source.value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        CPython{' '}
        <select
          id="version"
          onChange={(event) => {
            version.value = event.currentTarget.value
          }}
        >
          {versions.map((each) => (
            <option key={each} value={each} selected={each === version.value}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <button type="button" id="run" disabled={isRunning || versions.length === 0} title="Ctrl+Enter" onClick={() => void run()}>
        Run
      </button>
      <button type="button" id="stop" disabled={!isRunning} onClick={stop}>
        Stop
      </button>
      <button type="button" id="share" onClick={() => void copyLink()}>
        Link
      </button>
      {link.value !== '' && (
        <input
          id="link"
          type="text"
          aria-label="link to this program"
          readOnly
          value={link.value}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
      {link.value !== '' && isCopied.value && (
        <span class="quiet" role="status">
          copied
        </span>
      )}
      {isRunning && (
        <span class="quiet" role="status">
          {running.value}
        </span>
      )}
    </div>
  )
}

/** Ctrl+Enter runs; Tab indents, and behind Escape it leaves the field, so that the keyboard is not caught there. */
function onKey(event: KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement }): void {
  const field = event.currentTarget
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run()
  else if (event.key === 'Escape') field.blur()
  else if (event.key === 'Tab' && !event.shiftKey) field.setRangeText('    ', field.selectionStart, field.selectionEnd, 'end')
  else return
  event.preventDefault()
  source.value = field.value
}
