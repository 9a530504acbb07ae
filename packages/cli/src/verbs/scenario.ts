import { lettersApart } from '@reheap/kernel'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Outcome, Result } from '../outcome.ts'
import { LOGS, runStep, type Shown } from '../scenario/run-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { SCENARIOS } from '../scenario/scenarios.ts'
import { scenarioLines, scenarioTable } from '../show/scenario.ts'
import { type CommonOptions, settle, verb } from '../verb.ts'

const EXAMPLE = `$ reheap scenario cycles
$ reheap scenario`

/** `reheap scenario`: what is said about Python's memory, and what is so. */
export const scenarioVerb = (): Command =>
  verb(
    'scenario [name]',
    "run what an introduction claims about Python's memory, and see what is so; without a name, list the claims",
    EXAMPLE,
  )
    .addHelpText('after', `\nThe logs and programs lie in ${LOGS}; every command that is shown can be run there.`)
    .action((name: string | undefined, options: CommonOptions) =>
      settle(options, Promise.resolve(name === undefined ? right(list()) : run(name))),
    )

const list = (): Outcome => ({
  status: 0,
  json: { scenarios: SCENARIOS.map(({ steps: _, ...told }) => told) },
  text: () => scenarioTable(SCENARIOS).join('\n'),
})

function run(name: string): Result<Outcome> {
  const scenario = SCENARIOS.find((known) => known.name === name || String(known.row) === name)
  if (scenario === undefined) return left(`scenario ${name}: there is none; ${near(name)}`)
  const shown: Shown[] = []
  for (const step of scenario.steps) {
    const ran = runStep(step)
    if (ran._tag === 'Left') return ran
    shown.push(ran.right)
  }
  const { steps: _, ...told } = scenario
  return right({
    status: 0,
    json: { ...told, steps: shown },
    text: () => scenarioLines(scenario, shown).join('\n'),
  })
}

/** Names that begin alike or hold the same letters; all of them where none does. */
function near(name: string): string {
  const alike = SCENARIOS.filter((known) => known.name.startsWith(name.slice(0, 3)) || lettersApart(known.name, name) <= 2)
  const names = (scenarios: readonly Scenario[]): string => scenarios.map((known) => known.name).join(', ')
  return alike.length > 0 ? `did you mean ${names(alike)}?` : `known are ${names(SCENARIOS)}`
}
