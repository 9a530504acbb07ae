/** The playground's place in the page; its code is loaded when it is first opened. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { fault, playgroundShown, showPlayground } from './store.ts'

/** A page that holds its own log is one file: it has no server that could give an interpreter. */
const isReport = document.getElementById('log') !== null

export function PlaygroundPane() {
  const [Pane, setPane] = useState<ComponentType | null>(null)
  const isShown = playgroundShown.value
  useEffect(() => {
    if (!isShown) return
    const refuse = (): void => {
      showPlayground(false)
      fault.value = 'The playground cannot be loaded: the server of this page has ended, or does not answer: open the page with reheap play'
    }
    import('./playground/playground.tsx').then(({ Playground }) => setPane(() => Playground), refuse)
  }, [isShown])
  return isShown && Pane !== null ? <Pane /> : null
}

export const PlaygroundButton = () =>
  isReport ? null : (
    <button type="button" id="playground" aria-pressed={playgroundShown.value} onClick={() => showPlayground(!playgroundShown.value)}>
      Playground
    </button>
  )
