/** The wheel over a map. */
import { useEffect } from 'preact/hooks'

/** The page must not scroll where the wheel does something else, which a listener of Preact's cannot forbid. @param onWheel did it do something? */
export function useWheel(canvas: { readonly current: HTMLCanvasElement | null }, onWheel: (event: WheelEvent) => boolean): void {
  useEffect(() => {
    const listening = canvas.current
    const listen = (event: WheelEvent): void => {
      if (onWheel(event)) event.preventDefault()
    }
    listening?.addEventListener('wheel', listen, { passive: false })
    return () => listening?.removeEventListener('wheel', listen)
  })
}
