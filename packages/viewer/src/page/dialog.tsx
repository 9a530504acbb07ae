/** What lies over the page. */
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface DialogProps {
  readonly label: string
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** The page behind it waits; Escape, its button and a click beside it close it, and the focus goes back to where it was. */
export function Dialog({ label, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const shown = dialog.current
    // Before the next key arrives: it belongs to the dialog already.
    shown?.showModal()
    // What lies in it covers it: a click on the dialog itself was beside it.
    shown?.addEventListener('click', ({ target }) => {
      if (target === shown) onClose()
    })
    return () => shown?.close()
  }, [])
  return (
    <dialog ref={dialog} aria-label={label} onClose={onClose}>
      <div class={`over ${label}`}>
        <button type="button" class="close" aria-label={`close ${label}`} onClick={onClose}>
          ×
        </button>
        {children}
      </div>
    </dialog>
  )
}
