/**
 * Writes docs/claims.md from what the scenarios say and print: `node scripts/claims.mjs`, after a build.
 * The test of the page runs every transcript in it again.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
const PAGE = fileURLToPath(new URL('../docs/claims.md', import.meta.url))

function reheap(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm' },
  })
  if (status !== 0) throw new Error(`reheap ${args.join(' ')}: ${stderr}`)
  return stdout
}

const { scenarios } = JSON.parse(reheap('scenario', '--json'))
const cell = (text) => text.replaceAll('|', '\\|')
const anchor = ({ row, topic }) =>
  `${row}-${topic
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-')}`
const testsOf = ({ proof }) => ['packages/cli/test/claim-figures.test.ts', ...proof].map((path) => `[${path}](../${path})`).join(', ')

const sections = scenarios.map(
  (scenario) => `## ${scenario.row} ${scenario.topic}

Tests: ${testsOf(scenario)}

\`\`\`console
$ reheap scenario ${scenario.name}
${reheap('scenario', scenario.name)}\`\`\`
`,
)

writeFileSync(
  PAGE,
  `# What is said about memory, and what is so

The project started from an introduction to how computers and Python manage memory. Each of its claims is a scenario here: \`reheap scenario NAME\` runs
commands on small logs, recordings of real interpreters or examples that say that they are written, and shows figures and pictures beside what was
claimed. Logs and programs lie in [packages/cli/scenarios](../packages/cli/scenarios); every command that is shown can be run there. This page is made
by \`node scripts/claims.mjs\`, and a test runs all of it again.

| # | topic | the introduction says | what is so | scenario |
|---|---|---|---|---|
${scenarios.map((scenario) => `| ${scenario.row} | [${scenario.topic}](#${anchor(scenario)}) | ${cell(scenario.says)} | ${cell(scenario.truth)} | \`${scenario.name}\` |`).join('\n')}

${sections.join('\n')}`,
)
