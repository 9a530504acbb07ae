import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../checks/files.mjs'

const COMMAND = join(ROOT, 'packages/cli/dist/main.js')

/** Recordings of real runtimes, under the names that the pages give them. */
const RECORDINGS = {
  'hello.jsonl.gz': 'packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz',
  'sessions.jsonl.gz': 'packages/cli/test/fixtures/sessions.jsonl.gz',
  'oom.jsonl.gz': 'packages/device-memory/test/fixtures/pytorch-2.11-oomstorm-default.jsonl.gz',
}

/** A script that a page shows: its first line names it. */
const SCRIPT = /^```python\n# (\S+\.py)\n([\s\S]*?)^```/gm
const TRANSCRIPT = /^```console\n([\s\S]*?)^```/gm

/** Arguments of a command line; double quotes hold one together. */
const argumentsOf = (line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)

function printed(line, folder) {
  const [command, ...args] = argumentsOf(line.slice(2))
  if (command !== 'reheap') throw new Error(`${line}: only reheap is run here`)
  const env = { ...process.env, TERM: 'xterm', NO_COLOR: '1' }
  const { stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8', env })
  return `${line}\n${stdout}${stderr}`
}

/** A page with the output that its commands print now, run in order in a folder with its scripts and the recordings. */
export function replayed(page) {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-docs-'))
  try {
    for (const [name, path] of Object.entries(RECORDINGS)) if (page.includes(name)) copyFileSync(join(ROOT, path), join(folder, name))
    for (const [, name, source] of page.matchAll(SCRIPT)) writeFileSync(join(folder, name), `# ${name}\n${source}`)
    return page.replace(TRANSCRIPT, (_, text) => {
      const commands = text.split('\n').filter((line) => line.startsWith('$ '))
      return `\`\`\`console\n${commands.map((line) => printed(line, folder)).join('')}\`\`\``
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
