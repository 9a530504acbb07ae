import { readEvent } from '@reheap/trace'
import type { LogStore } from './log-store.ts'

/** An event as its line of JSON; empty where there is none. */
export function eventText(log: LogStore, index: number): string {
  const batch = log.batches.event(index)
  if (batch === null) return ''
  const event = readEvent(batch, 0)
  return event._tag === 'Left' ? '' : JSON.stringify(event.right)
}
