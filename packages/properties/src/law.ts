import fc, { type Arbitrary } from 'fast-check'
import { writeCounterexample } from './counterexample.ts'
import { Fault } from './same.ts'
import { fewestSteps, isPossible } from './step-shrinking.ts'
import type { Program, Subject } from './subject.ts'
import { inWords } from './words.ts'

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
  /** Lines of the log of a program that is tried in place of made ones, as a failure wrote it. */
  readonly log?: readonly string[]
}

/** A case for which a law does not hold. */
export interface Finding {
  /** Subject and law: `allocator: no leaks`. */
  readonly law: string
  /** The law in one sentence. */
  readonly says: string
  /** What is wrong. */
  readonly message: string
  /** The event after which it shows, as far as that is known: the last one of the program if not. */
  readonly event: number
  readonly seed: number
  /** Path to the program under the seed. */
  readonly path: string
  /** The program's number under the seed, from 1 on. */
  readonly run: number
  readonly shrinks: number
  /** The program, one step each. */
  readonly steps: readonly string[]
  /** What else the law was tried with: where the program was cut, and the like. */
  readonly beside: Readonly<Record<string, unknown>>
  /** The program as the lines of a log, header first. */
  readonly log: readonly string[]
}

/** Something that is looked for a counterexample of; a law whose answers come later is one too. */
export interface Trial {
  readonly name: string
  readonly says: string
  /** Null: it holds for every program that was tried. */
  find(options?: LawOptions): Finding | null | Promise<Finding | null>
}

/** Something that is true of every program. */
export interface Law extends Trial {
  /** Subject and law: `allocator: no leaks`. */
  readonly name: string
  /** The law in one sentence. */
  readonly says: string
  find(options?: LawOptions): Finding | null
  /** Tries it. @throws if it does not hold: names the seed, and the log that the shrunk program was written to */
  run(options?: LawOptions): void
}

/** A program and whatever else a law needs: where to cut it, what to ask of it afterwards. */
export interface Case<Setting, Request> {
  readonly program: Program<Setting, Request>
}

/** Cases of a law that needs the program only. */
export const programAlone = <Setting, Request>(programs: Arbitrary<Program<Setting, Request>>): Arbitrary<Case<Setting, Request>> =>
  fc.record({ program: programs })

/** Steps that a message shows at most. */
const STEPS_SHOWN = 20

/** A law of a subject. @param cases for given programs @param holds throws what is wrong */
export function lawOf<S, Setting, Request, Fact, C extends Case<Setting, Request>>(
  subject: Subject<S, Setting, Request, Fact>,
  name: string,
  says: string,
  cases: (programs: Arbitrary<Program<Setting, Request>>) => Arbitrary<C>,
  holds: (tried: C) => void,
): Law {
  const law = `${subject.name}: ${name}`
  const find = ({ runs = 100, seed, path, shrinks = true, log }: LawOptions = {}): Finding | null => {
    const programs = log === undefined ? subject.programs : fc.constant(subject.programOf(log))
    const tried = fc.check(fc.property(cases(programs), untilWeary(holds)), {
      numRuns: runs,
      endOnFailure: !shrinks,
      ...(seed === undefined ? {} : { seed }),
      ...(path === undefined ? {} : { path }),
    })
    if (!tried.failed || tried.counterexample === null) return null
    const found = shrinks ? shrunk(subject, tried.counterexample[0], holds) : tried.counterexample[0]
    const { program, ...beside } = found
    const fault = faultOf(holds, found) ?? tried.errorInstance
    return {
      law,
      says,
      message: fault instanceof Error ? fault.message : String(fault),
      event: Math.max(0, Math.min((fault instanceof Fault ? fault.event : null) ?? Number.POSITIVE_INFINITY, program.requests.length - 1)),
      seed: tried.seed,
      path: tried.counterexamplePath ?? '',
      run: tried.numRuns,
      shrinks: tried.numShrinks,
      steps: program.requests.map(inWords),
      beside,
      log: subject.logOf(program),
    }
  }
  return {
    name: law,
    says,
    find,
    run: (options = {}) => {
      const found = find(options)
      if (found !== null) throw new Error(report(found, options.folder ?? 'counterexamples'))
    },
  }
}

/** Smaller cases that are tried at most by the generator's own shrinking, before requests are left out one by one. */
const SMALLER_MAX = 400

/** A law that holds for all further cases when it has been tried on so many since it first did not: shrinking ends there. */
function untilWeary<C>(holds: (tried: C) => void): (tried: C) => void {
  let left = SMALLER_MAX
  let hasFailed = false
  return (tried) => {
    if (hasFailed && left-- <= 0) return
    try {
      holds(tried)
    } catch (fault) {
      hasFailed = true
      throw fault
    }
  }
}

function faultOf<C>(holds: (tried: C) => void, tried: C): unknown {
  try {
    holds(tried)
    return null
  } catch (fault) {
    return fault
  }
}

/** The case with as few requests as fail it. */
function shrunk<S, Setting, Request, Fact, C extends Case<Setting, Request>>(
  subject: Subject<S, Setting, Request, Fact>,
  found: C,
  holds: (tried: C) => void,
): C {
  const { setting, requests } = found.program
  const withSteps = (steps: readonly Request[]): C => {
    const program = { setting, requests: steps }
    return { ...found, program: subject.completed?.(program) ?? program }
  }
  const isRejection = (fault: unknown): boolean => fault instanceof Fault && fault.isRejection
  const mayReject = isRejection(faultOf(holds, found))
  const fails = (steps: readonly Request[]): boolean => {
    const candidate = withSteps(steps)
    const fault = faultOf(holds, candidate)
    return fault !== null && (mayReject || !isRejection(fault)) && isPossible(subject, candidate.program)
  }
  return withSteps(fewestSteps(requests, fails))
}

/** A finding in words, its log written to a file in the folder. */
export function report({ law, says, message, steps, beside, seed, path, run, shrinks, log }: Finding, folder: string): string {
  const file = writeCounterexample(folder, `${law.replaceAll(/: | /g, '-').replaceAll(/[^a-z0-9-]+/gi, '-')}-${seed}`, log)
  return [
    `${law} does not hold: ${message}`,
    `law: ${says}`,
    `counterexample: ${steps.length} requests in ${file}${Object.keys(beside).length > 0 ? `, with ${JSON.stringify(beside)}` : ''}`,
    ...steps.slice(0, STEPS_SHOWN).map((step, at) => `  ${at}: ${step}`),
    ...(steps.length > STEPS_SHOWN ? [`  ... and ${steps.length - STEPS_SHOWN} more`] : []),
    `again with: { seed: ${seed}, path: '${path}' } (run ${run}, shrunk ${shrinks} times)`,
  ].join('\n')
}
