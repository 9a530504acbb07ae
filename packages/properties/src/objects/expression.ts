/** Displays of lists, tuples and dicts, with names in them. */
import type { Author } from './author.ts'
import type { Name, Thing } from './thing.ts'

export type Expression =
  | { readonly kind: 'name'; readonly name: Name & { readonly thing: Thing } }
  | { readonly kind: 'list' | 'tuple' | 'dict'; readonly items: readonly Expression[] }

/** What a number stands for as an item: mostly a name, sometimes something new. */
export function itemOf(author: Author, number: number): Expression {
  const names = author.holding()
  const name = names[Math.floor(number / 10) % Math.max(1, names.length)]
  if (name === undefined) return { kind: 'list', items: [] }
  const named: Expression = { kind: 'name', name }
  switch (number % 10) {
    case 0:
      return { kind: 'list', items: [] }
    case 1:
      return { kind: 'dict', items: [] }
    case 2:
      return { kind: 'tuple', items: [named] }
    case 3:
      return { kind: 'dict', items: [{ kind: 'list', items: [named] }] }
    default:
      return named
  }
}

/** Evaluates an expression: its Python, and the thing that the evaluation stack then holds. */
export function evaluate(author: Author, expression: Expression): { readonly text: string; readonly thing: Thing } {
  if (expression.kind === 'name') return { text: expression.name.text, thing: author.load(expression.name.thing) }
  const items = expression.items.map((item) => evaluate(author, item))
  const thing = author.create(expression.kind, expression.kind === 'tuple' ? items.length : 0)
  for (const [index, { thing: item }] of items.entries()) {
    author.hold(thing, keyOf(expression.kind, index), item)
    author.unload(item)
  }
  const texts = items.map(({ text }, index) => (expression.kind === 'dict' ? `${index}: ${text}` : text))
  return { text: displayOf(expression.kind, texts), thing }
}

/** `name = expression`. */
export function storeExpression(author: Author, name: Name, expression: Expression): void {
  const { text, thing } = evaluate(author, expression)
  author.say(`${name.text} = ${text}`)
  author.store(name, thing)
}

/** Items of a list or tuple are reached by index: they have no key of their own. */
function keyOf(kind: 'list' | 'tuple' | 'dict', index: number): string {
  return kind === 'dict' ? String(index) : ''
}

function displayOf(kind: 'list' | 'tuple' | 'dict', texts: readonly string[]): string {
  if (kind === 'list') return `[${texts.join(', ')}]`
  if (kind === 'dict') return `{${texts.join(', ')}}`
  return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(', ')})`
}
