import ts from 'typescript'
import { filesBelow, isTest, text } from '../checks/files.mjs'

const sources = new Map()

function parsed(path) {
  if (!sources.has(path)) sources.set(path, ts.createSourceFile(path, text(path), ts.ScriptTarget.ES2023, true))
  return sources.get(path)
}

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
const RAISES = new Set(['left', 'recordError', 'InvalidArgumentError', 'usage'])

/** The package of the page, and where it shows a line. */
const PAGE = 'viewer'
const SHOWN = new Set(['fault.value', 'trouble.value'])

/** Lines that a statement of the page shows, or that it throws for the page to show: those say how they are mended, faults of the program do not. */
function shown(node, constants) {
  if (ts.isBinaryExpression(node) && SHOWN.has(node.left.getText())) return filled(node.right, constants)
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'Error') return []
  return (node.arguments ?? []).flatMap((words) => filled(words, constants)).filter((words) => words.includes('; '))
}

/** Sources of a package, tests left out. */
const sourcesOf = (folder) => filesBelow(`packages/${folder}/src`).filter((path) => /\.tsx?$/.test(path) && !isTest(path))

/** Functions that make the line of an error from the words of their caller: what their result's parts are, in the order of the line. */
const LINE_PARTS = [['message'], ['field', 'problem', 'mend']]

/** The line in a value: the `message` of an error, the parts of a fault. Null: it is neither. */
function partsOf(node) {
  if (ts.isObjectLiteralExpression(node)) {
    const named = new Map(node.properties.map((property) => [property.name?.getText(), property.initializer ?? property.name]))
    const parts = LINE_PARTS.find((names) => names.every((name) => named.has(name)))
    return parts === undefined ? null : parts.map((name) => named.get(name))
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'SnapshotFault') return [...node.arguments]
  return null
}

/** Parts as one line: where, what is wrong; how to mend it. */
function lineOf(words) {
  if (words.length === 1) return words[0]
  const [where, problem, mend] = words
  return `${where === '' ? '' : `${where}: `}${problem}; ${mend}`
}

const combined = (lists) => lists.reduce((all, list) => all.flatMap((before) => list.map((words) => [...before, words])), [[]])

/** The value that a function gives, where that is an error that it makes; undefined: it gives something else. */
function made(node) {
  const body = node.body
  if (body === undefined) return undefined
  const value = ts.isBlock(body) ? body.statements.find(ts.isReturnStatement)?.expression : body
  const inner = value !== undefined && ts.isParenthesizedExpression(value) ? value.expression : value
  return inner !== undefined && partsOf(inner) !== null ? inner : undefined
}

/** Makers of error lines in a package, each by its name with its parameters and its value; and texts that stand under a name. */
function makersOf(folder) {
  const makers = new Map()
  const constants = new Map()
  for (const path of sourcesOf(folder)) {
    for (const statement of parsed(path).statements) {
      if (ts.isFunctionDeclaration(statement) && made(statement)) makers.set(`${path}#${statement.name.text}`, statement)
      if (!ts.isVariableStatement(statement)) continue
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (initializer === undefined) continue
        if (ts.isArrowFunction(initializer) && made(initializer)) makers.set(`${path}#${name.text}`, initializer)
        else if (template(initializer) !== null) constants.set(name.getText(), texts(initializer))
      }
    }
  }
  return { makers, constants }
}

/** The maker that a call means: of its own file, or the only one of that name. */
function makerOf(call, path, makers) {
  const name = call.expression.getText()
  const own = makers.get(`${path}#${name}`)
  if (own !== undefined) return own
  const others = [...makers].filter(([key]) => key.endsWith(`#${name}`))
  return others.length === 1 ? others[0][1] : undefined
}

/** The value of a constant of the functions around a node; undefined: none is called so. */
function local(node) {
  for (let around = node.parent; around !== undefined; around = around.parent) {
    if (!ts.isBlock(around)) continue
    for (const statement of around.statements.filter(ts.isVariableStatement))
      for (const { name, initializer } of statement.declarationList.declarations)
        if (ts.isIdentifier(name) && name.text === node.text && initializer !== undefined && texts(initializer).length > 0)
          return initializer
  }
  return undefined
}

/** What a name stands for: words that were given, a constant near by, or itself. */
function named(node, words) {
  const given = words.get(node.text)
  if (given !== undefined) return given
  const value = local(node)
  return value === undefined ? [`<${node.text}>`] : filled(value, words, true)
}

/** Sides of a choice that can be: one, where it asks for a word that nobody gave, or for a number that was given. */
function sides({ condition, whenTrue, whenFalse }, words) {
  const [, asked, value] = /^(\w+) === (null|\d+)$/.exec(condition.getText()) ?? []
  if (asked === undefined || !words.has(asked)) return [whenTrue, whenFalse]
  const given = words.get(asked)
  if (value === 'null') return given.includes('') ? [whenTrue] : [whenFalse]
  if (given.every((word) => /^\d+$/.test(word))) return given.includes(value) ? [whenTrue] : [whenFalse]
  return [whenTrue, whenFalse]
}

/**
 * What an expression may read, with the words that its names stand for filled in.
 *
 * @param isConstant whoever puts a constant into a text has seen that it is not null
 */
function filled(node, words, isConstant = false) {
  if (node.kind === ts.SyntaxKind.NullKeyword) return isConstant ? [] : ['']
  if (ts.isNumericLiteral(node)) return [node.text]
  if (ts.isParenthesizedExpression(node)) return filled(node.expression, words, isConstant)
  if (ts.isConditionalExpression(node)) return sides(node, words).flatMap((side) => filled(side, words, isConstant))
  if (ts.isIdentifier(node)) return named(node, words)
  if (!ts.isTemplateExpression(node)) return texts(node).length > 0 ? texts(node) : [`<${nameOf(node)}>`]
  const spans = node.templateSpans.map(({ expression, literal }) => filled(expression, words).map((inner) => `${inner}${literal.text}`))
  return combined([[node.head.text], ...spans]).map((pieces) => pieces.join(''))
}

/** Lines that a call of a maker gives. */
function composed(call, maker, constants) {
  const words = new Map(constants)
  for (const [place, { name, initializer }] of maker.parameters.entries()) {
    const given = call.arguments[place] ?? initializer
    words.set(name.getText(), given === undefined ? [`<${name.getText()}>`] : filled(given, constants))
  }
  return combined(partsOf(made(maker)).map((part) => filled(part, words))).map(lineOf)
}

/** Is a node inside of a maker, whose callers say the rest? */
const isInMaker = (node, makers) => [...makers.values()].some((maker) => maker === node)

/** Error texts of a package as their readers meet them, put together from their parts, each with the file that gives it. */
export function raised(folder) {
  const found = new Map()
  const { makers, constants } = makersOf(folder)
  for (const path of sourcesOf(folder)) {
    const add = (words) => {
      if (words.includes(' ')) found.set(words, path.slice(`packages/${folder}/src/`.length))
    }
    const walk = (node) => {
      if (isInMaker(node, makers) && node.parameters.length > 0) return
      const parts = partsOf(node)
      if (parts !== null)
        combined(parts.map((part) => filled(part, constants)))
          .map(lineOf)
          .forEach(add)
      if (folder === PAGE) shown(node, constants).forEach(add)
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const maker = ts.isCallExpression(node) ? makerOf(node, path, makers) : undefined
        if (maker !== undefined) composed(node, maker, constants).forEach(add)
        else if (RAISES.has(node.expression.getText())) (node.arguments ?? []).flatMap(texts).forEach(add)
      }
      ts.forEachChild(node, walk)
    }
    walk(parsed(path))
  }
  return [...found].map(([words, file]) => ({ words, file })).sort((a, b) => (a.words < b.words ? -1 : 1))
}

/** Entries of a constant object of texts: its keys with their words. */
export function entriesOf(path, constant) {
  const found = []
  const walk = (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === constant)
      for (const { name, initializer } of node.initializer.properties)
        found.push({ key: name.text, words: texts(initializer).join(' or ') })
    ts.forEachChild(node, walk)
  }
  walk(parsed(path))
  return found
}
