import { formatCount } from '@reheap/kernel'
import type { Finding } from '@reheap/properties'
import { counted, table } from '../show/table.ts'
import type { MechanismTally } from './check-tally.ts'
import type { Written } from './counterexample.ts'

/** Steps that are shown at most; the log has all of them. */
const STEPS_SHOWN = 40

/** What was tried, and what of interest was met. */
export function tallyLines(tallies: readonly MechanismTally[]): readonly string[] {
  return tallies.flatMap(({ mechanism, laws, programs, sightings }) => [
    `${mechanism}: ${counted(laws, 'law')}, ${counted(programs, 'program')}`,
    ...table(
      [{ title: '  met', align: 'left' }, { title: 'times' }],
      Object.entries(sightings).map(([says, count]) => [`  ${says}`, count === 0 ? 'never' : formatCount(count)]),
    ),
    '',
  ])
}

/** What of interest was never met, each with its mechanism. */
export const neverMet = (tallies: readonly MechanismTally[]): readonly string[] =>
  tallies.flatMap(({ mechanism, sightings }) =>
    Object.entries(sightings).flatMap(([says, count]) => (count === 0 ? [`${mechanism}: ${says}`] : [])),
  )

/** A finding, its program step by step, and where it was written. */
export function findingLines(finding: Finding, mechanism: string, seed: number, target: string, written: Written): readonly string[] {
  const { law, says, message, steps, event, beside } = finding
  const arrow = (at: number): string => (at === event ? '  <- with this one' : '')
  return [
    `${law} does not hold: ${message}`,
    `the law: ${says}`,
    `${counted(steps.length, 'step')}${Object.keys(beside).length === 0 ? '' : `, with ${JSON.stringify(beside)}`}:`,
    ...steps.slice(0, STEPS_SHOWN).map((step, at) => `  ${at}  ${step}${arrow(at)}`),
    ...(steps.length > STEPS_SHOWN ? [`  ... and ${formatCount(steps.length - STEPS_SHOWN)} more`] : []),
    `${target}: ${counted(written.events, 'event')}; the law fails with event ${formatCount(written.event)}`,
    `  reheap replay ${target} --until ${written.event}`,
    `  reheap view ${target} --at ${written.event}`,
    `again: reheap check --mechanism ${mechanism} --seed ${seed}`,
  ]
}
