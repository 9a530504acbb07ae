/** What a stored log's header may say, for the page and the command alike. */
import type { LogHeader } from '@reheap/event-log'
import { encodeHeader } from '@reheap/trace'

/** Fields that the simulation begins from. */
const BEGINNINGS = ['driver', 'collector', 'capacities']

/**
 * What is wrong with those fields of a header that the simulation begins from; null: nothing. A stored log keeps any field, and JSON Lines
 * refuse one that they do not know, so the others are left out.
 */
export function headerFault({ reheap, runtime, ...rest }: LogHeader, name: string): string | null {
  const begun = Object.entries(rest).filter(([field]) => BEGINNINGS.includes(field))
  const encoded = encodeHeader(
    { reheap, runtime: { name: runtime.name, version: runtime.version }, ...Object.fromEntries(begun) },
    { name },
  )
  return encoded._tag === 'Left' ? encoded.left.message : null
}
