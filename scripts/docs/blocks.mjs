/** The fenced blocks of the pages, and what runs each of them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, packageFolders, ROOT, text } from '../checks/files.mjs'

/** What the tests run: which languages of which pages. A block says behind its language where it is another's: see `faultOf`. */
const RUNNERS = [
  {
    by: 'scripts/tests/docs.test.ts',
    pages: /^(README|docs\/(start|viewer)|docs\/(tutorials|internals)\/[^/]+)\.md$/,
    languages: ['console', 'sh', 'ts'],
  },
  { by: 'scripts/tests/readme.test.ts', pages: /^packages\/(?!cli)[^/]+\/README\.md$/, languages: ['ts'] },
  { by: 'packages/cli/test/readme.test.ts', pages: /^packages\/cli\/README\.md$/, languages: ['console'] },
  { by: 'packages/cli/test/claims.test.ts', pages: /^docs\/claims\.md$/, languages: ['console'] },
  { by: 'packages/cli/test/device-docs.test.ts', pages: /^docs\/(cuda-out-of-memory|fragmentation-vllm)\.md$/, languages: ['console'] },
  { by: 'packages/recorder/test/truth.test.ts', pages: /^packages\/recorder\/README\.md$/, languages: ['python'] },
  { by: 'packages/trace/test/reference.test.ts', pages: /^docs\/jsonl\.md$/, languages: ['jsonl'] },
]

/** Every page with blocks that a reader may try. */
export const pages = () => [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'examples/README.md'],
  ...filesBelow('docs').filter((path) => /^docs\/[^.].*\.md$/.test(path)),
  ...packageFolders().flatMap((folder) => [`packages/${folder}/README.md`, `packages/${folder}/SPEC.md`]),
]

/** Pages of which a test file runs blocks of a language. */
export const pagesRunBy = (by, language) =>
  pages().filter((page) => RUNNERS.some((runner) => runner.by === by && runner.pages.test(page) && runner.languages.includes(language)))

const BLOCK = /^( *)```(\S*)(?: ([^\n]*))?\n([\s\S]*?)^ *```$/gm

/** Blocks of a page: the language, what stands behind it, the code, and the line at which it begins. */
export const blocksOf = (page) =>
  [...page.matchAll(BLOCK)].map(({ index, 2: language, 3: note = '', 4: code }) => ({
    language,
    note,
    code,
    line: page.slice(0, index).split('\n').length,
  }))

/** A page with each block replaced by what a function makes of it. */
export const replaceBlocks = (page, made) =>
  page.replace(BLOCK, (block, _, language, note = '', code) => made(block, { language, note, code }))

/** Command lines of a block, without what is said about them. */
export const commandsOf = (code) =>
  code
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '')

/**
 * What is wrong with a block, null: nothing. A `text` block shows; others are run by a test of `RUNNERS`, or say behind the language
 * `long` (the nightly run has them), `as in FILE` (a file that a test runs, or that CI does, holds the same), `not run: REASON`.
 */
export function faultOf(path, page, { language, note, code }) {
  if (language === '') return 'names no language: `text` is for what is only shown'
  if (language === 'text') return note === '' ? null : 'a text is not run: nothing stands behind its language'
  if (/^not run: .+/.test(note)) return null
  if (note.startsWith('as in ')) {
    const file = note.slice('as in '.length)
    if (!existsSync(join(ROOT, file))) return `${file} is not there`
    return text(file).includes(code) ? null : `${file} does not hold these lines`
  }
  if (note === 'long') return language === 'sh' ? null : 'only a block of sh may be long'
  if (note !== '') return `what is "${note}"? say \`long\`, \`as in FILE\` or \`not run: REASON\``
  if (RUNNERS.some((runner) => runner.pages.test(path) && runner.languages.includes(language))) return null
  if (language === 'python') {
    const [, name] = /^# (\S+\.py)\n/.exec(code) ?? []
    return name !== undefined && blocksOf(page).some((other) => other.language !== 'python' && other.code.includes(name))
      ? null
      : 'is a script that no command of the page runs: its first line names it'
  }
  return 'no test runs it'
}
