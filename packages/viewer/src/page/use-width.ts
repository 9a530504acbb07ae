import { type MutableRef, useLayoutEffect, useState } from 'preact/hooks'

/** Width of what an element lies in, as it changes with the window; 0 before it is known. @unit pixels */
export function useWidth(element: MutableRef<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const parent = element.current?.parentElement
    if (parent === null || parent === undefined) return
    const measure = (): void => setWidth(parent.clientWidth)
    const observer = new ResizeObserver(measure)
    measure()
    observer.observe(parent)
    return () => observer.disconnect()
  }, [])
  return width
}
