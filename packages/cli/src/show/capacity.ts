import { formatBytes } from '@reheap/kernel'

/** A capacity above what any device has: the log does not tell it. */
const UNKNOWN_BYTES = 2 ** 50
export const capacityText = (bytes: number): string => (bytes >= UNKNOWN_BYTES ? 'unknown capacity' : formatBytes(bytes))
