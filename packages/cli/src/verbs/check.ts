import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { piecesOf } from '@reheap/properties'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { tryAll } from '../check/check-crew.ts'
import { findingLines, neverMet, tallyLines } from '../check/check-report.ts'
import { Tally } from '../check/check-tally.ts'
import type { CheckWork } from '../check/check-worker.ts'
import { type KeptCase, keepCase, keptCases } from '../check/corpus.ts'
import { writeCounterexample } from '../check/counterexample.ts'
import { MECHANISMS, suitesOf } from '../check/suites.ts'
import { Progress } from '../io/progress.ts'
import type { Outcome, Result } from '../outcome.ts'
import { type CommonOptions, positiveNumber, positiveSeconds, settle, verb, wholeNumber } from '../verb.ts'

interface CheckOptions extends CommonOptions {
  readonly mechanism: readonly string[]
  readonly runs?: number
  readonly time?: number
  readonly seed?: number
  readonly workers: number
  readonly corpus?: string
  readonly complete?: boolean
  readonly output: string
}

/** Programs of each law where neither `--runs` nor `--time` says. */
const RUNS = 100

const EXAMPLE = `$ reheap check --mechanism allocator,cycle-gc --time 60 --corpus found
$ reheap check --mechanism machine --seed 7 --runs 1000`

/** `reheap check`: the property tests of the mechanisms. */
export const checkVerb = (): Command =>
  verb('check', 'try the laws of the mechanisms on made programs; exit 1 with a shrunk counterexample if one does not hold', EXAMPLE)
    .addOption(
      new Option('--mechanism <names>', `what is checked, a list of ${MECHANISMS.join(', ')}`)
        .argParser(mechanismsOf)
        .default(MECHANISMS, 'all of them'),
    )
    .option('--runs <count>', `programs that each law is tried on (default: ${RUNS}, with --time as many as can be)`, positiveNumber)
    .option('--time <seconds>', 'begin no further programs after so many seconds', positiveSeconds)
    .option(
      '--seed <number>',
      'of the programs: the same seed is the same check on every machine (default: another each time)',
      wholeNumber,
    )
    .option('--workers <count>', 'threads that try them; their number changes nothing else', positiveNumber, availableParallelism())
    .option('--corpus <folder>', 'keep what is found in this folder, and try what is kept there first')
    .option('--complete', 'exit 1 too if a state of interest was never met')
    .option('-o, --output <file>', 'the log of a counterexample; one that is there is overwritten', 'counterexample.arrows')
    .action((options: CheckOptions) => settle(options, check(options)))

/** @throws InvalidArgumentError */
function mechanismsOf(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !MECHANISMS.includes(name))
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${MECHANISMS.join(', ')}.`)
  return [...new Set(names)]
}

async function check(options: CheckOptions): Promise<Result<Outcome>> {
  const { mechanism, time, workers, corpus, output } = options
  const seed = options.seed ?? randomInt(2 ** 31)
  const runs = options.runs ?? (time === undefined ? RUNS : undefined)
  const suites = suitesOf(mechanism)
  const laws = suites.flatMap(({ mechanism: name, trials }) => trials.map((trial) => ({ mechanism: name, law: trial.name })))
  const kept = corpus === undefined ? right([]) : keptCases(corpus, laws, seed)
  if (kept._tag === 'Left') return kept
  const started = performance.now()
  const tally = new Tally(suites)
  const progress = new Progress('check', runs === undefined ? null : runs * laws.length, 'programs')
  let fault: string | null = null
  const found = await tryAll(worksOf(kept.right, piecesOf(laws, seed, runs)), {
    workers,
    isOver: () => fault !== null || (time !== undefined && performance.now() - started > time * 1000),
    onAnswer: (place, work, answer) => {
      if (answer.fault !== null) fault ??= `${kept.right[place]?.file}: ${answer.fault}; remove the file, or mend it`
      tally.add(place, work, answer)
      progress.at(tally.programs)
    },
  })
  progress.end()
  if (fault !== null) return left(fault)
  const seconds = (performance.now() - started) / 1000
  const tallies = tally.byMechanism(found?.place)
  const never = neverMet(tallies)
  const facts = { seed, mechanisms: tallies, kept: kept.right.length, seconds }
  if (found === null) {
    const isShort = options.complete === true && never.length > 0
    return right({
      status: isShort ? 1 : 0,
      json: { ...facts, finding: null, neverMet: never },
      text: () =>
        [
          ...tallyLines(tallies),
          ...(isShort ? [`never met: ${never.join('; ')}`] : []),
          `every law holds; seed ${seed}, ${seconds.toFixed(1)} s`,
        ].join('\n'),
    })
  }
  const { finding, work } = found
  const written = await writeCounterexample(finding, output)
  if (written._tag === 'Left') return written
  const keptAs = corpus === undefined ? right(null) : keepCase(corpus, work.mechanism, finding)
  if (keptAs._tag === 'Left') return keptAs
  const { log: _, ...shown } = finding
  return right({
    status: 1,
    json: { ...facts, finding: { ...shown, output, outputEvent: written.right.event, keptAs: keptAs.right } },
    text: () =>
      [
        ...findingLines(finding, work.mechanism, seed, output, written.right),
        ...(keptAs.right === null ? [] : [`kept as ${keptAs.right}`]),
      ].join('\n'),
  })
}

/** Kept cases, then made programs. */
function* worksOf(kept: readonly KeptCase[], pieces: Iterable<CheckWork>): Generator<CheckWork, void, undefined> {
  for (const { work } of kept) yield work
  yield* pieces
}
