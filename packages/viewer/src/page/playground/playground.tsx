/** A program to type, its output, and its lines. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { overview } from '../store.ts'
import { Listing } from './listing.tsx'
import { ending, output, prepare, ran, run, running, source, takeFragment, trouble } from './program.ts'
import { PROGRAM_FILE } from './record-program.ts'
import { Toolbar } from './toolbar.tsx'

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
