import { isDeepStrictEqual } from 'node:util'

/** What a law found wrong, and after which event of the program; null: it is not of one event. */
export class Fault extends Error {
  readonly event: number | null
  /** Was a request rejected? Then the program may be wrong, and not the mechanism. */
  readonly isRejection: boolean

  constructor(message: string, event: number | null, isRejection = false) {
    super(message)
    this.event = event
    this.isRejection = isRejection
  }
}

/** Compares all the way down. @throws Fault, with both values, unless they are equal. @param event after which they were compared */
export function same(what: string, actual: unknown, expected: unknown, event: number | null = null): void {
  if (isDeepStrictEqual(actual, expected)) return
  const difference = firstDifference(actual, expected, '')
  throw new Fault(`${what}${difference.path} is ${show(difference.actual)}, expected ${show(difference.expected)}`, event)
}

const show = (value: unknown): string => (typeof value === 'number' ? String(value) : (JSON.stringify(value)?.slice(0, 300) ?? 'undefined'))

interface Difference {
  readonly path: string
  readonly actual: unknown
  readonly expected: unknown
}

/** Where two unequal values first differ. */
function firstDifference(actual: unknown, expected: unknown, path: string): Difference {
  if (typeof actual === 'object' && typeof expected === 'object' && actual !== null && expected !== null) {
    const [a, b] = [actual as Record<string, unknown>, expected as Record<string, unknown>]
    const name = [...new Set([...Object.keys(a), ...Object.keys(b)])].find((key) => !isDeepStrictEqual(a[key], b[key]))
    if (name !== undefined) return firstDifference(a[name], b[name], Array.isArray(actual) ? `${path}[${name}]` : `${path}.${name}`)
  }
  return { path, actual, expected }
}
