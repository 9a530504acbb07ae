/** What is chosen, kept in the address: a reload and a shared link come back to it. */
import { effect, type Signal, signal } from '@preact/signals'
import { overview, range } from './store.ts'

const first = new URLSearchParams(location.hash.slice(1))

/** A signal that stands in the fragment under a key while it is not the default. */
export function linked(key: string, byDefault: string): Signal<string> {
  const value = signal(first.get(key) ?? byDefault)
  effect(() => {
    const kept = new URLSearchParams(location.hash.slice(1))
    if (value.value === byDefault) kept.delete(key)
    else kept.set(key, value.value)
    history.replaceState(null, '', `#${kept}`)
  })
  return value
}

const zoom = linked('zoom', '')
/** Zoom that the link names, until the first log is open. */
let wanted = zoom.peek()

effect(() => {
  if (overview.value === null) return
  const [from, to] = wanted.split('-').map(Number)
  wanted = ''
  if (from !== undefined && to !== undefined && from < to) range.value = [from, to]
  zoom.value = range.value === null ? '' : range.value.map(Math.round).join('-')
})
