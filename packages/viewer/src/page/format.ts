import { formatBytes, formatCount } from '@reheap/kernel'

export const bytes = (value: number): string => formatBytes(value)
export const count = (value: number): string => formatCount(value)
/** How many there are, in words: 1 arena, 2 arenas. */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`
export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
export const hex = (address: number): string => `0x${address.toString(16)}`

/** Colours of curves and of categories, apart from each other in both themes. */
export const PALETTE = [
  '#4c8dff',
  '#2fbf8f',
  '#f2a03d',
  '#c678dd',
  '#e5566d',
  '#57c7d4',
  '#b5bd3f',
  '#9aa4b2',
  '#a9764f',
  '#7a6cf0',
  '#7bc96f',
  '#e07fb0',
] as const
export const colourOf = (place: number): string => PALETTE[place % PALETTE.length] ?? '#888'

/** A colour for a value from 0 to 1: blue over green to amber. */
export const ramp = (share: number): string => `hsl(${215 - 175 * share} 62% 55%)`

/** Offers text or a picture for saving. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
