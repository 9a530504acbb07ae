import { isDeepStrictEqual } from 'node:util'
import fc, { type Arbitrary } from 'fast-check'
import { writeCounterexample } from './counterexample.ts'
import type { Program, Subject } from './subject.ts'

/** How a law is tried. */
export interface LawOptions {
  /** Programs to try; 100 if not given. */
  readonly runs?: number
  /** Seed of the programs, as a failure names it; by default another one each time. */
  readonly seed?: number
  /** Path to one program under the seed, as a failure names it. */
  readonly path?: string
  /** Is a counterexample made smaller before it is reported? Default: yes. */
  readonly shrinks?: boolean
  /** Where a counterexample is written; `counterexamples` in the working directory if not given. */
  readonly folder?: string
}

/** Something that is true of every program. */
export interface Law {
  /** Subject and law: `allocator: no leaks`. */
  readonly name: string
  /** The law in one sentence. */
  readonly says: string
  /** Tries it. @throws if it does not hold: names the seed, and the log that the shrunk program was written to */
  run(options?: LawOptions): void
}

/** A program and whatever else a law needs: where to cut it, what to ask of it afterwards. */
export interface Case<Setting, Request> {
  readonly program: Program<Setting, Request>
}

/** A law of a subject. @param holds throws what is wrong */
export function lawOf<S, Setting, Request, Fact, C extends Case<Setting, Request>>(
  subject: Subject<S, Setting, Request, Fact>,
  name: string,
  says: string,
  cases: Arbitrary<C>,
  holds: (tried: C) => void,
): Law {
  return {
    name: `${subject.name}: ${name}`,
    says,
    run: ({ runs = 100, seed, path, shrinks = true, folder = 'counterexamples' } = {}) => {
      const tried = fc.check(fc.property(cases, holds), {
        numRuns: runs,
        endOnFailure: !shrinks,
        ...(seed === undefined ? {} : { seed }),
        ...(path === undefined ? {} : { path }),
      })
      if (!tried.failed || tried.counterexample === null) return
      const [{ program, ...rest }] = tried.counterexample
      const file = writeCounterexample(
        folder,
        `${subject.name}-${name.replaceAll(/[^a-z0-9]+/g, '-')}-${tried.seed}`,
        subject.logOf(program),
      )
      const cause = tried.errorInstance instanceof Error ? tried.errorInstance : new Error(String(tried.errorInstance))
      throw new Error(
        [
          `${subject.name}: ${name} does not hold: ${cause.message}`,
          `law: ${says}`,
          `counterexample: ${program.requests.length} requests in ${file}${Object.keys(rest).length > 0 ? `, with ${JSON.stringify(rest)}` : ''}`,
          `again with: { seed: ${tried.seed}, path: '${tried.counterexamplePath}' } (run ${tried.numRuns}, shrunk ${tried.numShrinks} times)`,
        ].join('\n'),
        { cause },
      )
    },
  }
}

/** Throws, with both values, unless they are equal all the way down. */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return
  const difference = firstDifference(actual, expected, '')
  throw new Error(`${what}${difference.path} is ${show(difference.actual)}, expected ${show(difference.expected)}`)
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
