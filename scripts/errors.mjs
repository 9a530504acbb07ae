/**
 * Writes `docs/errors.md`: every rejection of every mechanism, and every line that the command and its parts end with, from the sources.
 *
 *     node scripts/errors.mjs [--check]
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, text } from './checks/files.mjs'
import { entriesOf, kindsOf, raised, rejections } from './docs/error-texts.mjs'

const PAGE = 'docs/errors.md'
const MECHANISMS = ['allocator', 'refcount', 'cycle-gc', 'device-memory', 'host-memory']
const SPEAKERS = {
  cli: 'The command',
  machine: 'Profiles and what-ifs',
  recorder: 'The recorder',
  trace: 'JSON Lines and snapshots',
  'event-log': 'Lines of the stored log',
  viewer: 'The page',
}

/** Text in a cell of a table. */
const cell = (words) => `\`${words.replaceAll('|', '\\|').replaceAll('`', "'").replaceAll('\n', ' ')}\``

const table = (titles, rows) => [
  `| ${titles.join(' | ')} |`,
  `| ${titles.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
  '',
]

const INTRODUCTION = `# Errors

Made by \`node scripts/errors.mjs\` from the sources; a test makes it again. What is filled in stands in angle brackets. Each section leads to the rules of
its package, whose ids the tests bear, and each line to the file that says it. Where no cure stands beside a text, it is in the text, or in the words
that are filled in.

An error is one line: what is wrong, where, and how to mend it. The command then ends with exit code 2 and has written nothing; 1 means that a
mismatch, a violation or a budget exceeded was found, 0 that all is as expected. In code an error is a value, the left side of an \`Either\`; what is
thrown is a fault of the program.

## Rejections

A request that cannot have happened is rejected, with the whole batch that it stands in, and the state stays as it was. When several rejections apply, the
first of a table is reported. In a log it means that the file is not what a program did: it was cut, merged, or written by hand. Record it again, or
find the event with \`reheap export LOG -o log.jsonl\`, whose line is the event's number and two.
`

const rulesOf = (folder) => `Rules: [${folder}/SPEC.md](../packages/${folder}/SPEC.md).`

/** A line in two: what is wrong, and what stands behind the last semicolon. */
function causeAndCure(words) {
  const at = words.lastIndexOf('; ')
  return at < 0 ? [cell(words), ''] : [cell(words.slice(0, at)), cell(words.slice(at + 2))]
}

function page() {
  const lines = [INTRODUCTION]
  for (const folder of MECHANISMS) {
    lines.push(`### @reheap/${folder}`, '', rulesOf(folder), '')
    lines.push(
      ...table(
        ['kind', 'text'],
        rejections(folder).map(({ kind, texts }) => [`\`${kind}\``, texts.map(cell).join(' or ')]),
      ),
    )
  }
  lines.push('## The stored log', '', 'Kinds of a `LogError` of `@reheap/event-log`; its `message` is the line.', '')
  lines.push(
    ...table(
      ['kind', 'when'],
      kindsOf('packages/event-log/src/error.ts', 'LogError').map(({ kind, says }) => [`\`${kind}\``, says]),
    ),
  )
  lines.push('Where the system refuses, `<words>` below are those of its own code:', '')
  lines.push(
    ...table(
      ['code', 'what is wrong', 'how to mend it'],
      entriesOf('packages/event-log/src/error.ts', 'SYSTEM_FAULTS').map(({ key, words }) => [`\`${key}\``, ...causeAndCure(words)]),
    ),
  )
  for (const [folder, title] of Object.entries(SPEAKERS)) {
    lines.push(`## ${title}`, '', rulesOf(folder), '')
    lines.push(
      ...table(
        ['what is wrong', 'how to mend it', 'said by'],
        raised(folder).map(({ words, file }) => [...causeAndCure(words), `[\`${file}\`](../packages/${folder}/src/${file})`]),
      ),
    )
  }
  return `${lines.join('\n').trimEnd()}\n`
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const made = page()
if (!values.check) writeFileSync(join(ROOT, PAGE), made)
else if (!existsSync(join(ROOT, PAGE)) || text(PAGE) !== made) {
  console.error(`errors: ${PAGE} is not what the sources say: run node scripts/errors.mjs`)
  process.exit(1)
}
