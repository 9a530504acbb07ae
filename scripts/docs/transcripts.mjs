import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../checks/files.mjs'
import { commandsOf, replaceBlocks } from './blocks.mjs'

const COMMAND = join(ROOT, 'packages/cli/dist/main.js')

/** Recordings of real runtimes, under the names that the pages give them. */
const RECORDINGS = {
  'hello.jsonl.gz': 'packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz',
  'sessions.jsonl.gz': 'packages/cli/test/fixtures/sessions.jsonl.gz',
  'oom.jsonl.gz': 'packages/device-memory/test/fixtures/pytorch-2.11-oomstorm-default.jsonl.gz',
  'train.jsonl.gz': 'packages/device-memory/test/fixtures/pytorch-2.11-train-default.jsonl.gz',
  'app.py': 'scripts/programs/hello.py',
}

/** A script that a page shows: its first line names it. */
const SCRIPT = /^```python\n# (\S+\.py)\n([\s\S]*?)^```/gm

/** Arguments of a command line; double quotes hold one together. */
const argumentsOf = (line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)

/** Runs a command line of a page: reheap in the folder of the page's files, a script of ours in the checkout. */
function ran(line, folder) {
  const [command, ...args] = argumentsOf(line)
  const env = { ...process.env, TERM: 'xterm', NO_COLOR: '1' }
  if (command === 'reheap') return spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8', env })
  if (command === 'node') return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env })
  throw new Error(`${line}: only reheap and node are run here`)
}

function printed(line, folder) {
  const { stdout, stderr } = ran(line.slice(2), folder)
  return `${line}\n${stdout}${stderr}`
}

/** What `run` says of a log. It is stored twice a second, so a slow machine stores it in more pieces, each of some hundred bytes. */
const RECORDED = /^(reheap: .* events of CPython .*, )([\d.]+) KiB$/
const KIB_APART = 4

/** What was printed, with the size that the page has for a log where the two are about the same. @param code of the block */
function withSizes(printed, code) {
  const sizes = new Map(code.split('\n').flatMap((line) => (RECORDED.test(line) ? [RECORDED.exec(line).slice(1, 3)] : [])))
  const lines = printed.split('\n').map((line) => {
    const [, log, size] = RECORDED.exec(line) ?? []
    return Math.abs(size - sizes.get(log)) < KIB_APART ? `${log}${sizes.get(log)} KiB` : line
  })
  return lines.join('\n')
}

/** Puts the recordings and the scripts which a page names into a folder; others a page names by their paths in the checkout. */
function prepare(page, folder) {
  symlinkSync(join(ROOT, 'packages'), join(folder, 'packages'))
  for (const [name, path] of Object.entries(RECORDINGS)) if (page.includes(name)) copyFileSync(join(ROOT, path), join(folder, name))
  for (const [, name, source] of page.matchAll(SCRIPT)) writeFileSync(join(folder, name), `# ${name}\n${source}`)
  if (!page.includes('snapshot.pickle')) return
  copyFileSync(join(ROOT, RECORDINGS['oom.jsonl.gz']), join(folder, 'oom.jsonl.gz'))
  ran('reheap export oom.jsonl.gz -o snapshot.pickle', folder)
}

/** A block as it stands after its commands were run: a transcript has their output, commands alone have to end well. */
function blockRun(block, { language, note, code }, folder, isLong) {
  if (language === 'console') {
    const commands = code.split('\n').filter((line) => line.startsWith('$ '))
    return `\`\`\`console\n${withSizes(commands.map((line) => printed(line, folder)).join(''), code)}\`\`\``
  }
  if (language === 'sh' && (note === '' || (note === 'long' && isLong)))
    for (const line of commandsOf(code)) {
      const { status, stderr } = ran(line, folder)
      if (status !== 0) throw new Error(`${line}: ended with ${status}: ${stderr}`)
    }
  return block
}

/**
 * A page with the output that its commands print now, run in order in a folder with its scripts and the recordings.
 *
 * @param isLong runs those blocks too that take minutes
 * @throws Error if a command without a transcript ends with another status than 0
 */
export function replayed(page, isLong = false) {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-docs-'))
  try {
    prepare(page, folder)
    return replaceBlocks(page, (block, parts) => blockRun(block, parts, folder, isLong))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
