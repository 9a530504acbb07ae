/** How the event before the cursor must read. */
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'
import type { Page } from 'playwright-core'

/** An event as the log or the command tells it. */
export type Event = Readonly<Record<string, unknown>>

/** Its kind, and what stands beside each field. */
export interface EventShown {
  readonly kind: string
  readonly words: string
  readonly fields: Readonly<Record<string, string>>
  readonly json: string
}

const READ = `(() => {
  const box = document.querySelector('.event')
  return {
    kind: box.querySelector('code').textContent,
    words: box.querySelector('b').textContent,
    fields: Object.fromEntries([...box.querySelectorAll('[data-field]')].map((row) => [row.dataset.field, row.querySelector('dd').textContent])),
    json: box.querySelector('pre').textContent,
  }
})()`

export const eventShown = (page: Page): Promise<EventShown> => page.evaluate(READ)

/** Fields that name an object. */
const OBJECTS: readonly string[] = ['object', 'from', 'to', 'weak', 'resurrectsInto', 'dropsFrom']

/** Fields of an event as the page must show them, by what the log itself says. @param event as the command prints it */
export function fieldsTold(event: Event, events: readonly Event[], index: number): Readonly<Record<string, string>> {
  const { kind, frames: _, ...fields } = event
  const flat = Object.entries(fields).flatMap(([field, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [[field, value] as const],
  )
  const hasNumbers = !['DefineType', 'DefineName', 'Observe'].includes(String(kind))
  return Object.fromEntries(
    flat.map(([field, value]) => {
      const name = typeof value === 'number' && hasNumbers ? nameOf(events, index, field, value) : null
      return [field, name === null ? textOf(field, value) : `${name} (${formatCount(Number(value))})`]
    }),
  )
}

/** What the log calls it: of an object its type. */
function nameOf(events: readonly Event[], index: number, field: string, value: number): string | null {
  const has = (kind: string, key: string) => (event: Event) => event.kind === kind && event[key] === value
  if (field === 'type') return String(events.findLast(has('DefineType', 'type'))?.name)
  if (field === 'name') return String(events.findLast(has('DefineName', 'name'))?.text)
  const made = OBJECTS.includes(field) ? events.slice(0, index + 1).findLast(has('CreateObject', 'object')) : undefined
  return made === undefined ? null : nameOf(events, index, 'type', Number(made.type))
}

function textOf(field: string, value: unknown): string {
  if (value === null) return 'none'
  if (value === true || value === false) return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return JSON.stringify(value)
  if (field === 'device') return `GPU ${value}`
  if (field === 'time') return `${formatCount(value)} ns`
  if (field === 'address') return formatAddress(value)
  if (!/^bytes|bytes$/i.test(field)) return formatCount(value)
  return value < 1024 ? `${value} B` : `${formatBytes(value)} (${formatCount(value)} B)`
}
