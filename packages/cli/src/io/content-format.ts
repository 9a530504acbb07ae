import { constants, gunzipSync } from 'node:zlib'
import { DETECT_BYTES, detectFormat } from '@reheap/trace'

/** What a log can be, by its content. */
export type ContentFormat = 'arrows' | 'lines' | 'snapshot'

/** PROTO, the first byte of a pickle, and the protocols that snapshots are written in. */
const isPickle = (head: Uint8Array): boolean => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5

/** The format of a log by its first bytes, packed or not. Left out: what it is instead. */
export function contentFormat(head: Uint8Array): ContentFormat | { readonly other: string } {
  if (isPickle(head)) return 'snapshot'
  const detected = detectFormat(head.subarray(0, DETECT_BYTES))
  if (detected.format === 'unknown') return { other: detected.content }
  if (detected.format === 'arrows') return 'arrows'
  return detected.format === 'gzip' && isPickle(unpacked(head)) ? 'snapshot' : 'lines'
}

/** As many bytes as the beginning of a packed file gives; none where it is damaged: its reader says so. */
function unpacked(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return new Uint8Array(0)
  }
}
