/** Figures as the command prints them. */
import { formatCount, formatDuration } from '@reheap/kernel'

export {
  formatAddress as hex,
  formatBytes as bytes,
  formatChange as change,
  formatCount as count,
  formatCounted as counted,
  formatShare as percent,
} from '@reheap/kernel'

/** What a table or a list is called, as a heading over it. */
export const asHeading = (label: string): string => `${label.charAt(0).toUpperCase()}${label.slice(1)}`
/** A time that was estimated and not measured. @param value nanoseconds */
export const estimate = (value: number): string => (value === 0 ? '0' : `~${formatDuration(value)}`)

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Lines of one scale, all in the unit of the largest; where that does not tell them apart, in bytes. */
export function bytesAlike(values: readonly number[]): readonly string[] {
  const largest = Math.max(1, ...values)
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(largest) / 10))
  const amounts = values.map((value) => value / 1024 ** unit)
  const digits = [0, 1, 2].find((each) => amounts.every((amount) => Number(amount.toFixed(each)) === amount)) ?? 2
  const texts = amounts.map((amount) => `${amount.toFixed(digits)} ${UNITS[unit]}`)
  return new Set(texts).size === values.length ? texts : values.map((value) => `${formatCount(value)} B`)
}

/** Offers text or a picture for saving. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
