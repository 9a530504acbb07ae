/** The playground's place in the page; its code is loaded when it is first opened. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { fault, playgroundShown, showPlayground } from './store.ts'

/**
 * May a program run here? It shares memory with its recorder, which a browser lets only a page that its server has isolated, such as that of
 * `reheap view`; a report, or a page on any file server, has no interpreter either.
 */
export const hasPlayground = crossOriginIsolated

export function PlaygroundPane() {
  const [Pane, setPane] = useState<ComponentType | null>(null)
  const isShown = playgroundShown.value
  useEffect(() => {
    if (!isShown) return
    const refuse = (): void => {
      showPlayground(false)
      fault.value = 'The playground cannot be loaded: the server of this page has ended, or does not answer; open the page with reheap play'
    }
    import('./playground/playground.tsx').then(({ Playground }) => setPane(() => Playground), refuse)
  }, [isShown])
  return isShown && Pane !== null ? <Pane /> : null
}

export const PlaygroundButton = () =>
  !hasPlayground && !playgroundShown.value ? null : (
    <button type="button" id="playground" aria-pressed={playgroundShown.value} onClick={() => showPlayground(!playgroundShown.value)}>
      Playground
    </button>
  )
