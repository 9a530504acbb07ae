/** A button with a menu: opened by a click, Enter, Space or an arrow key, walked with the arrow keys. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

export interface MenuItem {
  /** What stands out of it. */
  readonly name: string
  readonly detail: string
  readonly act: () => void
}

interface MenuProps {
  readonly label: string
  /** Asked when it opens. */
  readonly items: () => readonly MenuItem[]
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** Escape, Tab and a click beside it close it. */
export function Menu({ label, items }: MenuProps) {
  const [shown, setShown] = useState<readonly MenuItem[] | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (shown !== null) list.current?.querySelector('button')?.focus()
  }, [shown])
  const close = (): void => {
    setShown(null)
    button.current?.focus()
  }
  const onKey = (event: KeyboardEvent): void => {
    // The page must not take them.
    event.stopPropagation()
    const step = STEPS[event.key]
    if (event.key === 'Escape') close()
    else if (step !== undefined) focusBeside(list.current, step)
    else return
    event.preventDefault()
  }
  return (
    <span class="menu">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={shown !== null}
        onClick={() => setShown(shown === null ? items() : null)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          setShown(items())
          event.preventDefault()
          event.stopPropagation()
        }}
      >
        {label} <span aria-hidden="true">▾</span>
      </button>
      {shown !== null && (
        <div
          ref={list}
          role="menu"
          aria-label={label}
          onKeyDown={onKey}
          onFocusOut={({ relatedTarget }) => {
            const next = relatedTarget as Node | null
            if (!list.current?.contains(next) && next !== button.current) setShown(null)
          }}
        >
          {shown.map(({ name, detail, act }) => (
            <button
              key={`${name} ${detail}`}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close()
                act()
              }}
            >
              <b>{name}</b> {detail}
            </button>
          ))}
        </div>
      )}
    </span>
  )
}

function focusBeside(list: HTMLElement | null, step: number): void {
  const items = [...(list?.querySelectorAll('button') ?? [])]
  const place = items.indexOf(document.activeElement as HTMLButtonElement) + step
  items[Math.max(0, Math.min(items.length - 1, place))]?.focus()
}
