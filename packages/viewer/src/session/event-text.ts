import { readEvent } from '@reheap/trace'
import { type LogStore, placeOf } from './log-store.ts'

/** An event as its line of JSON; empty where there is none. */
export function eventText(log: LogStore, index: number): string {
  const place = index < 0 ? null : placeOf(log, index)
  if (place === null) return ''
  const event = readEvent(place.batch, place.row)
  return event._tag === 'Left' ? '' : JSON.stringify(event.right)
}
