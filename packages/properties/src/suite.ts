import { type Law, type LawOptions, report, type Trial } from './law.ts'
import { purityLaws } from './purity-laws.ts'
import type { Sightings } from './sightings.ts'
import type { Subject } from './subject.ts'
import { truthLaws } from './truth-laws.ts'

/** Every law, for one subject. */
export function lawsOf<S, Setting, Request, Fact>(subject: Subject<S, Setting, Request, Fact>): readonly Law[] {
  return [...purityLaws(subject), ...truthLaws(subject)]
}

/** How a test runner takes a test: `test` of vitest and of `node:test` both do. */
export type RegisterTest = (name: string, run: () => void | Promise<void>) => unknown

/** Registers each law as one test. */
export function registerLaws(test: RegisterTest, laws: readonly Law[], options: LawOptions = {}): void {
  for (const law of laws) test(law.name, () => law.run(options))
}

/** The laws of one mechanism, and the states that trying them should come to. */
export interface Suite {
  /** `allocator` */
  readonly mechanism: string
  readonly trials: readonly Trial[]
  readonly sightings: Pick<Sightings<never>, 'taken'>
}

/** Registers each law of a suite as one test, and one more: every state of interest was met by then. */
export function registerSuite(test: RegisterTest, { mechanism, trials, sightings }: Suite, options: LawOptions = {}): void {
  for (const trial of trials)
    test(trial.name, async () => {
      const found = await trial.find(options)
      if (found !== null) throw new Error(report(found, options.folder ?? 'counterexamples'))
    })
  test(`${mechanism}: every state of interest is met`, () => {
    const never = Object.entries(sightings.taken()).flatMap(([says, times]) => (times === 0 ? [says] : []))
    if (never.length > 0) throw new Error(`never met: ${never.join('; ')}`)
  })
}
