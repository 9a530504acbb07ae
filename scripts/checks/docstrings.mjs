import { posix } from 'node:path'
import ts from 'typescript'
import { text } from './files.mjs'

/** Packages whose every export is a promise to people who install that one alone. */
const FOLDERS = [
  'kernel',
  'allocator',
  'refcount',
  'cycle-gc',
  'device-memory',
  'host-memory',
  'machine',
  'event-log',
  'trace',
  'projections',
]

const sources = new Map()

function parsed(path) {
  if (!sources.has(path)) sources.set(path, ts.createSourceFile(path, text(path), ts.ScriptTarget.ES2023, true))
  return sources.get(path)
}

/** Names that a module re-exports, each with the file that it comes from and its name there. */
function reExports(path) {
  const found = []
  for (const statement of parsed(path).statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) continue
    const from = posix.join(posix.dirname(path), statement.moduleSpecifier.text)
    for (const { name, propertyName } of statement.exportClause?.elements ?? []) found.push({ from, name: (propertyName ?? name).text })
  }
  return found
}

/** Names that a statement declares. */
function declared(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : [element.name.text])),
    )
  return statement.name === undefined ? [] : [statement.name.text]
}

/** Does one of the declarations of a name have a docstring? A codec and the type of its values share one. Null: there is none of that name. */
function isTold(path, name) {
  const declarations = parsed(path).statements.filter((statement) => declared(statement).includes(name))
  if (declarations.length === 0) return null
  return declarations.some((statement) =>
    ts.getJSDocCommentsAndTags(statement).some((node) => ts.isJSDoc(node) && text(path).slice(node.pos, node.end).length > 8),
  )
}

/** Every export of a package's main entry says in a docstring what it is. */
export function checkDocstrings() {
  const faults = []
  for (const folder of FOLDERS) {
    for (const { from, name } of reExports(`packages/${folder}/src/index.ts`)) {
      const told = isTold(from, name)
      if (told === null) faults.push(`packages/${folder}/src/index.ts exports ${name}, which ${from} does not declare`)
      else if (!told)
        faults.push(`${from}: ${name} is exported and has no docstring: say what it is, then shapes, units, errors and source`)
    }
  }
  return faults
}
