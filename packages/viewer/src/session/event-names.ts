/** What the log calls what an event names by number. */
import type { Sealed } from '@reheap/kernel'
import type { Names } from '@reheap/projections'
import { objectOf, REQUEST_OPCODES, type RefcountState } from '@reheap/refcount'
import { lastAbout } from './last-about.ts'
import type { LogStore } from './log-store.ts'

/** Fields that name an object, in an event about objects. */
const OBJECTS = ['object', 'from', 'to', 'weak', 'resurrectsInto', 'dropsFrom']

interface Known {
  readonly log: LogStore
  readonly names: Names
  /** After the event. */
  readonly heap: Sealed<RefcountState>
}

/** Names by field: of a type or a name its own, of an object its type. @param event its line of JSON @param index of the event */
export function eventNames(known: Known, event: string, index: number): Readonly<Record<string, string>> {
  if (event === '') return {}
  const { kind, ...fields } = JSON.parse(event) as { readonly kind: string; readonly [field: string]: unknown }
  // What these define is called in the event itself.
  if (!(kind in REQUEST_OPCODES) || kind === 'DefineType' || kind === 'DefineName') return {}
  const named = Object.entries(fields).map(([field, value]) => [
    field,
    typeof value === 'number' ? nameOf(known, field, value, index) : null,
  ])
  return Object.fromEntries(named.filter(([, name]) => name !== null))
}

function nameOf({ log, names, heap }: Known, field: string, value: number, index: number): string | null {
  if (field === 'type') return names.typeName(value)
  if (field === 'name') return names.nameText(value)
  if (!OBJECTS.includes(field)) return null
  const alive = objectOf(heap, value)
  if (alive !== null) return names.typeName(alive.type)
  // It died of this event.
  const made = lastAbout(log, value, [REQUEST_OPCODES.CreateObject], index)
  return made === null ? null : names.typeName(log.batches.value('other', made))
}
