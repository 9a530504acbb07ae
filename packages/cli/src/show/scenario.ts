import type { Shown } from '../scenario/run-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { table } from './table.ts'

/** @unit columns */
const WIDTH = 100

/** The list of scenarios. */
export const scenarioTable = (scenarios: readonly Scenario[]): readonly string[] =>
  table(
    [{ title: 'claim' }, { title: 'name', align: 'left' }, { title: 'topic', align: 'left' }],
    scenarios.map(({ row, name, topic }) => [String(row), name, topic]),
  )

/** What a claim says, what is so, and every step with its output. */
export const scenarioLines = ({ row, topic, says, truth }: Scenario, steps: readonly Shown[]): readonly string[] => [
  `Claim ${row}: ${topic}`,
  '',
  ...wrapped(`The introduction says: ${says}`),
  ...wrapped(`What is so: ${truth}`),
  ...steps.flatMap(({ explains, commands, lines }) => ['', ...wrapped(explains), ...commands.map((command) => `$ ${command}`), ...lines]),
]

/** Words in lines of at most so many columns. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
