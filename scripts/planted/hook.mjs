/** Loads one built file from its source with one place written otherwise: the bug that `PLANTED_BUG` names. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { BUGS } from './bugs.mjs'

const bug = BUGS.find(({ name }) => name === process.env.PLANTED_BUG)
if (bug === undefined) throw new Error(`PLANTED_BUG: no bug is called "${process.env.PLANTED_BUG}"`)
const root = new URL('../../packages/', import.meta.url)
const built = new URL(`${bug.package}/dist/${bug.file.replace(/\.ts$/, '.js')}`, root).href

const OPTIONS = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
}

export function load(url, context, next) {
  if (url !== built) return next(url, context)
  const source = readFileSync(fileURLToPath(new URL(`${bug.package}/src/${bug.file}`, root)), 'utf8')
  if (source.split(bug.find).length !== 2) throw new Error(`${bug.file}: what "${bug.name}" looks for does not stand there once`)
  const { outputText } = ts.transpileModule(
    source.replace(bug.find, () => bug.replace),
    { compilerOptions: OPTIONS },
  )
  return { format: 'module', shortCircuit: true, source: outputText }
}
