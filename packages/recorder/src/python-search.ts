import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { isRight } from 'fp-ts/lib/Either.js'
import { askInterpreter, type Interpreter } from './interpreter.ts'

const entries = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])

/**
 * Every CPython of this machine that can be recorded, oldest first: `python3` and `python3.N` on
 * PATH, and the versions of pyenv.
 */
export function findPythons(env: NodeJS.ProcessEnv = process.env): readonly Interpreter[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = folders.flatMap((folder) =>
    entries(folder)
      .filter((name) => /^python3(\.\d+)?$/.test(name))
      .map((name) => join(folder, name)),
  )
  const pyenv = join(env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions')
  const ofPyenv = entries(pyenv).map((version) => join(pyenv, version, 'bin', 'python3'))
  const found = new Map<string, Interpreter>()
  for (const command of new Set([...onPath, ...ofPyenv].filter(existsSync).map((path) => realpathSync(path)))) {
    const asked = askInterpreter(command, env)
    if (isRight(asked)) found.set(realpathSync(asked.right.executable), asked.right)
  }
  return [...found.values()].sort((a, b) => a.minor - b.minor || a.version.localeCompare(b.version, 'en', { numeric: true }))
}
