/** Parts of the log that are known closer than the whole. */
import { signal } from '@preact/signals'
import { type CloserPart, closerPart, wantedPart } from './curve-window.ts'
import { ask } from './session-client.ts'
import { fault, overview } from './store.ts'

/** So many are kept: zooming out again shows the one before. */
const KEPT = 2

/** The last one first. */
export const closerParts = signal<readonly CloserPart[]>([])

overview.subscribe(() => {
  closerParts.value = []
})

/** Asks for what is shown closer, where that is to be had. */
export async function lookCloser(shown: readonly [number, number], points: number): Promise<void> {
  const log = overview.value
  const wanted = log === null ? null : wantedPart(log, closerParts.value, shown, points)
  if (log === null || wanted === null) return
  try {
    const detail = await ask('detail', wanted)
    if (detail !== null && overview.value === log) closerParts.value = [closerPart(log, detail), ...closerParts.value.slice(0, KEPT - 1)]
  } catch (error) {
    fault.value = (error as Error).message
  }
}
