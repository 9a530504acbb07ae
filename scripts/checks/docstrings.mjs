import { posix } from 'node:path'
import ts from 'typescript'
import { packageFolders, text } from './files.mjs'

/** The command is no library: its only promise is what its README shows. */
const FOLDERS = packageFolders().filter((folder) => folder !== 'cli')

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

/** What the docstring of a node says; '' if it has none. */
const said = (path, node) =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map((comment) => text(path).slice(comment.pos, comment.end))
    .filter((comment) => comment.length > 8)
    .join(' ')

/** Functions that a statement promises, each with its name: itself, the one that a constant is, the public methods of a class or an interface. */
function functionsOf(statement) {
  if (ts.isFunctionDeclaration(statement)) return [{ name: statement.name.text, node: statement, owner: statement }]
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations
      .filter(({ initializer }) => initializer !== undefined && ts.isArrowFunction(initializer))
      .map(({ name, initializer }) => ({ name: name.getText(), node: initializer, owner: statement }))
  if (!ts.isClassDeclaration(statement)) return []
  return statement.members
    .filter((member) => ts.isMethodDeclaration(member) || ts.isGetAccessor(member))
    .filter((member) => !ts.isPrivateIdentifier(member.name) && !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private))
    .map((member) => ({ name: `${statement.name.text}.${member.name.getText()}`, node: member, owner: member }))
}

/** Does a function throw by itself, outside of a `try` and of functions in it? */
function isThrowing(node) {
  let found = false
  const walk = (inner) => {
    if (ts.isFunctionLike(inner) || ts.isTryStatement(inner)) return
    if (ts.isThrowStatement(inner)) found = true
    ts.forEachChild(inner, walk)
  }
  if (node.body !== undefined) walk(node.body)
  return found
}

/** What a returned Either's left side is called in a docstring. */
const LEFT = /\bLeft\b/
/** What a number may be. */
const UNIT =
  /\b(bytes?|blocks?|pages?|events?|objects?|counts?|nanoseconds?|milliseconds?|seconds?|index|how many|how often|address|share|ratio|row|rows|column|generation|id|bits?|size class|opcode|exit code)\b/i
const UNIT_NAME =
  /bytes|count|index|address|number|bits|pages|events|blocks|objects|size$|class|ns$|seconds|code|length|id$|generation|arenas|pools|opcode|row/i

/** What the docstring of a promised function leaves out. */
function missing(path, { name, node, owner }) {
  const words = said(path, owner)
  const faults = []
  const type = node.type?.getText() ?? ''
  if (/\b(Either|TaskEither|Result)</.test(type) && !LEFT.test(words)) faults.push(`${name} returns ${type}: say "Left: ..."`)
  if (isThrowing(node) && !/@throws\b/.test(words)) faults.push(`${name} throws: say "@throws ..."`)
  if (type === 'number' && !UNIT.test(words) && !UNIT_NAME.test(name)) faults.push(`${name} gives a number: say its unit`)
  return faults.map((fault) => `${path}: ${fault}`)
}

/** Every export of a package's main entry says in a docstring what it is; a function how it fails and what its number counts. */
export function checkDocstrings() {
  const faults = []
  for (const folder of FOLDERS)
    for (const { from, name } of reExports(`packages/${folder}/src/index.ts`)) {
      const declarations = parsed(from).statements.filter((statement) => declared(statement).includes(name))
      // A codec and the type of its values share one.
      if (declarations.length === 0) faults.push(`packages/${folder}/src/index.ts exports ${name}, which ${from} does not declare`)
      else if (declarations.every((statement) => said(from, statement) === ''))
        faults.push(`${from}: ${name} is exported and has no docstring: say what it is, then shapes, units, errors and source`)
      else faults.push(...declarations.flatMap(functionsOf).flatMap((promised) => missing(from, promised)))
    }
  return faults
}
