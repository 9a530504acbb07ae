/** What is chosen, kept in the address: a reload and a shared link come back to it. */
import { effect, type Signal, signal } from '@preact/signals'

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
