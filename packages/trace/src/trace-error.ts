import type * as t from 'io-ts/lib/index.js'

/** Why a file cannot be read or a batch cannot be written: a value, for input that nobody promised to be right. */
export interface TraceError {
  /** The file, as the caller named it. */
  readonly name: string
  /** Line of the file, from 1; null where the error is about the whole file. */
  readonly line: number | null
  /** The field, with the event's kind before it: `Malloc.bytes`; null where it is about the whole line. */
  readonly field: string | null
  /** What, where, and how to mend it, in one line. */
  readonly message: string
}

/** What is wrong with one value: everything but the place. */
export interface Fault {
  readonly field: string | null
  readonly problem: string
  readonly mend: string
}

const GOT_LENGTH_MAX = 60
const MEND_LINE = 'correct this line or export the log again'

/** A value as it stands in an error: JSON on one line, cut where it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, GOT_LENGTH_MAX)) : (JSON.stringify(value) ?? String(value))
  return text.length > GOT_LENGTH_MAX ? `${text.slice(0, GOT_LENGTH_MAX)}...` : text
}

/** A fault in the words of every message: expected this, got that. */
export function fault(field: string | null, expected: string, got: string, mend = MEND_LINE): Fault {
  return { field, problem: `expected ${expected}, got ${got}`, mend }
}

const sentence = (place: string, { field, problem, mend }: Fault): string =>
  `${place}: ${field === null ? '' : `${field}: `}${problem}; ${mend}`

/** A fault of a file, or of one line of it, as an error. */
export function traceError(name: string, line: number | null, wrong: Fault): TraceError {
  return { name, line, field: wrong.field, message: sentence(line === null ? name : `${name}:${line}`, wrong) }
}

/** A fault of an event that is not a line yet, as an error. @param index the event's index in the log */
export function eventError(name: string, index: number, wrong: Fault): TraceError {
  return { name, line: null, field: wrong.field, message: sentence(`${name}: event ${index}`, wrong) }
}

const withArticle = (noun: string): string => (/^[aeiou]/i.test(noun) ? `an ${noun}` : /^["\d]/.test(noun) ? noun : `a ${noun}`)

const tagOf = (type: object): unknown => ('_tag' in type ? type._tag : undefined)

/** The first error of a codec as a fault. @param owner what the path starts with: the event's kind, or `header` */
export function codecFault(owner: string, errors: t.Errors): Fault {
  const context = errors[0]?.context ?? []
  const path = [owner]
  let blamed = context[0]
  for (let i = 1; i < context.length; i++) {
    const entry = context[i] as t.ContextEntry
    const parent = tagOf((context[i - 1] as t.ContextEntry).type)
    if (parent === 'UnionType') break
    if (parent === 'IntersectionType') continue
    path.push(entry.key)
    blamed = entry
  }
  return fault(path.join('.'), withArticle(blamed?.type.name ?? owner), shown(blamed?.actual))
}
