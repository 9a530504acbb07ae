/** Why a log cannot be opened, read or written. `message` is one line: what, where, how to mend it. */
export type LogError =
  /** The system refused to open or read: no such file, no permission, an I/O error. */
  | { readonly kind: 'Unreadable'; readonly message: string }
  /** The file was deleted, cut or replaced while it was being read. */
  | { readonly kind: 'Vanished'; readonly message: string }
  /** The file has no byte. */
  | { readonly kind: 'Empty'; readonly message: string }
  /** Not an Arrow stream, or an Arrow stream of something else. */
  | { readonly kind: 'Foreign'; readonly message: string }
  /** A log of a format version that this reader does not know. */
  | { readonly kind: 'UnknownVersion'; readonly version: number; readonly message: string }
  /** The file ends inside its prefix: no event of it can be read. */
  | { readonly kind: 'Truncated'; readonly message: string }
  /** The header or the vocabulary of the file is damaged: no event of it can be trusted. */
  | { readonly kind: 'DamagedPrefix'; readonly message: string }
  /** The file has other columns than a log. */
  | { readonly kind: 'WrongColumns'; readonly message: string }
  /** The log holds kinds of events that the reader's vocabulary lacks. */
  | { readonly kind: 'UnknownKinds'; readonly names: readonly string[]; readonly message: string }
  /** Events `firstEvent` to `lastEvent` cannot be trusted; other batches can be read. */
  | {
      readonly kind: 'DamagedBatch'
      readonly batch: number
      readonly firstEvent: number
      readonly lastEvent: number
      readonly message: string
    }
  /** The index, which following a log needs, is missing or damaged. */
  | { readonly kind: 'BrokenIndex'; readonly message: string }
  /** The header or the vocabulary given to the writer cannot be stored. */
  | { readonly kind: 'WrongHeader'; readonly message: string }
  /** A file of that name is there, and was not to be overwritten. */
  | { readonly kind: 'OutputExists'; readonly message: string }
  /** The system refused to write. `code` is its own name for the reason, such as `ENOSPC`. */
  | { readonly kind: 'Unwritable'; readonly code: string; readonly message: string }

/** What is wrong with a log that can be read all the same; found when it is opened. */
export type Damage =
  /** Bytes from `offset` on are not a whole batch and were left out. `lostEvents` is known only if the index counted them. */
  | {
      readonly kind: 'TornTail'
      readonly offset: number
      readonly bytes: number
      readonly lostEvents: number | null
      readonly message: string
    }
  /** The index is missing entries, or holds entries that are damaged or belong to another log; the log was scanned from there. */
  | { readonly kind: 'Index'; readonly entry: number; readonly message: string }

/** Thrown by the decoder when bytes are not what the format demands; caught before it leaves the package. */
export class Malformed extends Error {}

/** The value of `decode`, or why the bytes are not what the format demands. */
export function decoded<A>(decode: () => A): { readonly value: A } | { readonly fault: string } {
  try {
    return { value: decode() }
  } catch (error) {
    if (error instanceof Malformed) return { fault: error.message }
    throw error
  }
}

/** A name out of a file as it can stand in a one-line message. */
export function shown(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : JSON.stringify(name.slice(0, 60))
}

/** What a source throws whose message says how it is mended. */
export class SourceError extends Error {}

/** A system error in words, with what to do about it. */
export function systemFault(error: unknown): { readonly code: string; readonly words: string } {
  if (error instanceof SourceError) return { code: 'unknown', words: error.message }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const words = SYSTEM_FAULTS[code] ?? `${error instanceof Error ? error.message : String(error)}; check the disk and try again`
  return { code, words }
}

const SYSTEM_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; check the owner and the mode of the file and its folder',
  EDQUOT: 'the disk quota is used up; free space or choose another place',
  EFBIG: 'the file grew beyond the size limit; raise the limit or choose another place',
  EISDIR: 'this is a folder; name a file in it',
  ENOENT: 'no such file or folder; check the path',
  ENOSPC: 'no space left on the disk; free space or choose another place',
  ENOTDIR: 'a part of the path is not a folder; check the path',
  EPERM: 'the system does not permit it; check the owner and the mode of the file and its folder',
  EROFS: 'the file system is read-only; choose another place',
}
