/** How an event, and what a layer answers it, is told in words. */
import { formatAddress, formatBytes, formatCount } from '@reheap/kernel'

/** Answers of one layer that are listed; the rest is counted. */
export const ANSWERS_LISTED = 8

/** A request or an answer as its kind with its fields. */
export function toldWords({ kind, ...fields }: { readonly kind: string }): string {
  const parts = Object.entries(fields).map(([field, value]) => `${field} ${fieldWords(field, value)}`)
  return `${kind}${parts.length === 0 ? '' : ` ${parts.join(', ')}`}`
}

/** What stands in a field: addresses in hexadecimal, sizes in binary units, other numbers with separators. */
export function fieldWords(field: string, value: unknown): string {
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value)
  if (field === 'address') return formatAddress(value)
  return /^bytes|bytes$/i.test(field) ? formatBytes(value) : formatCount(value)
}
