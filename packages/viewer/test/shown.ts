/** All that stands on a part of the page and holds a digit, as people read it. */
import type { Page } from 'playwright-core'

export interface Shown {
  /** Cells of every table, by its label. */
  readonly tables: Readonly<Record<string, readonly (readonly string[])[]>>
  /** Everything else with a digit in it, labels for screen readers too, in alphabetical order. */
  readonly texts: readonly string[]
}

/** Holds what reads like one figure. */
const HOLDERS = 'p, h2, h3, li, dd, dt, button, option, summary, text, title, output, span, label, div'

const GATHER = `([part, without]) => {
  const root = document.querySelector(part)
  const isLeftOut = (element) => without !== '' && element.closest(without) !== null
  const tables = [...root.querySelectorAll('table')].map((table) => [
    table.getAttribute('aria-label'),
    [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent)),
  ])
  const holders = new Set()
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (/\\d/.test(texts.currentNode.data) && element.closest('table') === null && !isLeftOut(element)) holders.add(element.closest('${HOLDERS}'))
  }
  const labels = [...root.querySelectorAll('[aria-label]')]
    .filter((element) => element.closest('table') === null && !isLeftOut(element))
    .map((element) => element.getAttribute('aria-label'))
    .filter((label) => /\\d/.test(label))
  return {
    tables: Object.fromEntries(tables),
    texts: [...[...holders].map((element) => element.textContent.replace(/\\s+/g, ' ').trim()), ...labels].sort(),
  }
}`

/** @param part selector of what is looked at @param without selector of what is left out of the texts */
export const shownIn = (page: Page, part: string, without = ''): Promise<Shown> =>
  page.evaluate(`(${GATHER})(${JSON.stringify([part, without])})`)

/** Figures at the cursor: key, name, plain value and how it is shown. */
export const figuresShown = (page: Page): Promise<readonly (readonly [string, string, number, string])[]> =>
  page.evaluate(`[...document.querySelectorAll('[data-figure]')].map((row) => {
    const value = row.querySelector('data')
    return [row.dataset.figure, row.querySelector('dt').textContent, Number(value.value), value.textContent]
  })`)
