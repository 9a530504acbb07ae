const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'] as const

/** Bytes for people: binary units, at most three figures after the point; `1572864` is `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes)
  let unit = 0
  while (value >= 1024 && unit < BINARY_UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 ? 0 : value >= 100 ? 1 : 2
  return `${bytes < 0 ? '-' : ''}${value.toFixed(digits)} ${BINARY_UNITS[unit]}`
}

/** A count with thousands separators, `1,234,567`, in every locale. */
export function formatCount(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** How many there are, in words: `1 arena`, `2 arenas`. @param noun one of them */
export const formatCounted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`

/** What a figure grew or shrank by: `same`, `+1.50 MiB`, `-3`. @param shown how an amount of it is shown */
export const formatChange = (amount: number, shown: (amount: number) => string): string =>
  amount === 0 ? 'same' : `${amount > 0 ? '+' : '-'}${shown(Math.abs(amount))}`

/** A share from 0 to 1 as per cent, one figure after the point: `25.8 %`. */
export const formatShare = (share: number): string => `${(100 * share).toFixed(1)} %`

const NANOSECONDS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
] as const

/** A duration for people, three figures in the largest unit that it reaches, none below microseconds; `24700` is `24.7 us`. @param nanoseconds at least 0 */
export function formatDuration(nanoseconds: number): string {
  const [unit, size] = NANOSECONDS.find(([, each]) => nanoseconds >= each) ?? NANOSECONDS[2]
  return `${(nanoseconds / size).toPrecision(3)} ${unit}`
}

/** An address as the runtimes print it: `0x7f0000000000`. */
export function formatAddress(address: number): string {
  return Number.isNaN(address) ? '?' : `0x${address.toString(16)}`
}
