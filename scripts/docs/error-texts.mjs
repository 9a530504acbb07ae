import ts from 'typescript'
import { filesBelow, isTest, text } from '../checks/files.mjs'

const parsed = (path) => ts.createSourceFile(path, text(path), ts.ScriptTarget.ES2023, true)

/** A text of the source as a reader meets it: what is filled in stands in angle brackets, by its own name; null: it is no text. */
function template(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return null
  return node.head.text + node.templateSpans.map(({ expression, literal }) => `<${nameOf(expression)}>${literal.text}`).join('')
}

/** The word for an expression: the last name in it that is no call's. */
function nameOf(expression) {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text
  if (ts.isCallExpression(expression) && expression.arguments.length > 0) return nameOf(expression.arguments[0])
  return '...'
}

/** Texts that an expression may have: both sides of a choice. */
function texts(node) {
  if (ts.isConditionalExpression(node)) return [...texts(node.whenTrue), ...texts(node.whenFalse)]
  if (ts.isParenthesizedExpression(node)) return texts(node.expression)
  const found = template(node)
  return found === null ? [] : [found]
}

/** Rejections of a mechanism, in order of precedence, each with its text. */
export function rejections(folder) {
  const source = parsed(`packages/${folder}/src/rejected.ts`)
  let order = []
  const messages = new Map()
  const walk = (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'REJECTIONS')
      order = [...node.initializer.expression.elements].map(({ text }) => text)
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'messages')
      for (const { name, initializer } of node.initializer.properties)
        messages.set(
          name.getText(),
          texts(initializer).filter((words) => words !== ''),
        )
    ts.forEachChild(node, walk)
  }
  walk(source)
  return order.map((kind) => ({ kind, texts: messages.get(kind) ?? [] }))
}

/** Kinds of a union of error types, each with what its comment says. */
export function kindsOf(path, type) {
  const union = parsed(path).statements.find((statement) => statement.name?.text === type).type
  // A comment stands before the bar of its member, so between the end of the one before and the member itself.
  return union.types.map((member, place) => {
    const before = text(path).slice(place === 0 ? union.pos : union.types[place - 1].end, member.getStart())
    return {
      kind: member.members.find(({ name }) => name.getText() === 'kind').type.literal.text,
      says: [...before.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, words]) => words.trim()).join(' '),
    }
  })
}

/** Calls whose argument is a line that somebody reads. */
const RAISES = new Set(['left', 'recordError', 'InvalidArgumentError', 'usage', 'SnapshotFault', 'misshapen', 'contradiction'])

/** Error texts of a package, each with the file that gives it. */
export function raised(folder) {
  const found = new Map()
  for (const path of filesBelow(`packages/${folder}/src`).filter((path) => /\.tsx?$/.test(path) && !isTest(path))) {
    const walk = (node) => {
      if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && RAISES.has(node.expression.getText()))
        for (const words of (node.arguments ?? []).flatMap(texts))
          if (words.includes(' ')) found.set(words, path.slice(`packages/${folder}/src/`.length))
      ts.forEachChild(node, walk)
    }
    walk(parsed(path))
  }
  return [...found].map(([words, file]) => ({ words, file })).sort((a, b) => (a.words < b.words ? -1 : 1))
}
