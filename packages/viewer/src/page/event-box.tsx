/** The event before the cursor: its kind in words and its fields, as `reheap trace-request --json` prints it. */
import { fieldWords } from '@reheap/projections'
import type { LogEvent } from '@reheap/trace'
import type { View } from '../session/messages.ts'
import { KIND_WORDS } from './event-kinds.ts'
import { count } from './format.ts'
import { Frames } from './frames.tsx'

/** Below so many bytes a size is told exactly by itself. */
const KIB = 1024

export function EventBox({ view: { event, named } }: { readonly view: View }) {
  if (event === '') return null
  const told = JSON.parse(event) as LogEvent
  const { kind, ...fields } = told
  return (
    <section class="event" aria-label="the event before the cursor">
      <b>{KIND_WORDS[kind]}</b> <code class="quiet">{kind}</code>
      <dl>
        {valuesOf(fields).map(([field, value]) => (
          <div key={field} class="event-field" data-field={field}>
            <dt class="quiet">{inWords(field)}</dt>
            <dd>{valueText(field, value, named[field])}</dd>
          </div>
        ))}
      </dl>
      {told.kind === 'Stack' && <Frames frames={told.frames} />}
      <details>
        <summary class="quiet">As JSON</summary>
        <pre>{event}</pre>
      </details>
    </section>
  )
}

type Fields = readonly (readonly [field: string, value: unknown])[]

/** Field by field; values that stand in one field, as those of an observation, one by one. Frames are a list of their own. */
const valuesOf = (fields: Readonly<Record<string, unknown>>): Fields =>
  Object.entries(fields).flatMap(([field, value]): Fields => {
    if (field === 'frames') return []
    return isRecord(value) ? Object.entries(value) : [[field, value]]
  })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `newBlock` as `new block`. */
const inWords = (field: string): string => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ')

/** @param name what the log calls it */
function valueText(field: string, value: unknown, name: string | undefined): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return fieldWords(field, value)
  if (field === 'device') return `GPU ${value}`
  if (field === 'time') return `${count(value)} ns`
  const text = fieldWords(field, value)
  if (name !== undefined) return `${name} (${text})`
  return /^bytes|bytes$/i.test(field) && value >= KIB ? `${text} (${count(value)} B)` : text
}
