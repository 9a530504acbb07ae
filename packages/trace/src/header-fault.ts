/** What a stored log's header may say, for the page and the command alike. */
import { decodeHeader } from './header.ts'
import { traceError } from './trace-error.ts'

/** Fields that the simulation begins from. */
const BEGINNINGS = ['driver', 'collector', 'capacities']

/** The header of a stored log: it keeps any field. */
interface StoredHeader {
  readonly reheap: number
  readonly runtime: { readonly name: string; readonly version: string }
}

/**
 * What is wrong with those fields of a header that the simulation begins from; null: nothing. A stored log keeps any field, and JSON Lines
 * refuse one that they do not know, so the others are left out.
 */
export function headerFault({ reheap, runtime, ...rest }: StoredHeader, name: string): string | null {
  const begun = Object.entries(rest).filter(([field]) => BEGINNINGS.includes(field))
  const { name: runtimeName, version } = runtime
  const decoded = decodeHeader({ reheap, runtime: { name: runtimeName, version }, ...Object.fromEntries(begun) })
  return decoded._tag === 'Left' ? traceError(name, null, decoded.left).message : null
}
