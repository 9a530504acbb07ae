import { utf8 } from './field.ts'

/** What a file's first bytes say about its content. */
export type Detected =
  /** `arrows` is an Arrow IPC stream, the stored form of a log; `gzip` may hold JSON Lines. */
  | { readonly format: 'arrows' | 'jsonl' | 'gzip' }
  /** Nothing that reheap reads. @see content for what it is instead, as a noun for a message: `a zip archive` */
  | { readonly format: 'unknown'; readonly content: string }

/** First bytes that {@link detectFormat} looks at; fewer are enough where the file is shorter. */
export const DETECT_BYTES = 64

const OTHER_FORMATS: readonly (readonly [content: string, magic: Uint8Array])[] = [
  ['a zip archive', Uint8Array.of(0x50, 0x4b, 0x03, 0x04)],
  ['a program (ELF)', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46)],
  ['an Arrow file with random access (only the Arrow IPC stream is read)', utf8('ARROW1')],
  ['a Parquet file', utf8('PAR1')],
  ['a SQLite database', utf8('SQLite format 3\0')],
  ['zstd-compressed data', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)],
  ['xz-compressed data', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)],
  ['bzip2-compressed data', utf8('BZh')],
  ['UTF-16 text (JSON Lines are UTF-8)', Uint8Array.of(0xff, 0xfe)],
  ['UTF-16 text (JSON Lines are UTF-8)', Uint8Array.of(0xfe, 0xff)],
]
const ARROWS = Uint8Array.of(0xff, 0xff, 0xff, 0xff)
const GZIP = Uint8Array.of(0x1f, 0x8b)
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf)

function beginsWith(bytes: Uint8Array, magic: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte)
}

/** The bytes behind a UTF-8 byte order mark, if there is one. */
export function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return beginsWith(bytes, BYTE_ORDER_MARK) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes
}

/** The format of a file by its first bytes; its name says nothing. */
export function detectFormat(head: Uint8Array): Detected {
  if (head.length === 0) return { format: 'unknown', content: 'an empty file' }
  if (beginsWith(head, ARROWS)) return { format: 'arrows' }
  if (beginsWith(head, GZIP)) return { format: 'gzip' }
  const other = OTHER_FORMATS.find(([, magic]) => beginsWith(head, magic))
  if (other !== undefined) return { format: 'unknown', content: other[0] }
  if (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) return { format: 'unknown', content: `a Python pickle (protocol ${head[1]})` }
  const text = withoutByteOrderMark(head)
  const first = text.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)
  if (first === 0x7b) return { format: 'jsonl' }
  if (first === 0x5b) return { format: 'unknown', content: 'a JSON list (JSON Lines hold one object a line)' }
  const isText = text.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
  return { format: 'unknown', content: isText ? 'text that is not JSON Lines' : 'a file of another kind' }
}
