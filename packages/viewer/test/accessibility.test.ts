import axe from 'axe-core'
import { expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { HELLO, SESSIONS, TRAIN } from './recordings.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

inBrowser('accessibility of the page', (window) => {
  /** What axe finds against WCAG 2 at levels A and AA, in both themes: the rule, where, and what is wrong there. */
  async function violations(): Promise<readonly string[]> {
    const all: string[] = []
    await window.page.evaluate(`${axe.source}; 0`)
    for (const theme of ['dark', 'light']) {
      await window.page.evaluate(`document.documentElement.dataset.theme !== '${theme}' && document.querySelector('#theme').click()`)
      await window.rests()
      const found = (await window.page.evaluate(
        `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) => [id, target.join(' '), ...[...any, ...all, ...none].map(({ message }) => message)].join(': '))))`,
      )) as readonly string[]
      all.push(...found.map((each) => `${theme}: ${each}`))
    }
    return all
  }

  /** Every view of the log that is open, with what is wrong in each. */
  async function inViews(): Promise<readonly string[]> {
    const all: string[] = []
    for (const view of await window.page.locator('[role=tab]').allTextContents()) {
      await window.tab(view)
      all.push(...(await violations()).map((each) => `${view}: ${each}`))
    }
    return all
  }

  test('[V122] every view of an interpreter’s log, with all that can be chosen there', async () => {
    const { page } = window
    await window.view(SESSIONS)
    await window.seek(9000)
    await window.rests()
    await page.locator('#heap').click({ position: { x: 8, y: 8 } })
    await page.waitForSelector('table[aria-label="blocks of the pool"]')
    await window.tab('Objects')
    await page.click('[data-reason=late]')
    await window.rests()
    await page.locator('table[aria-label=objects] tbody tr').first().click()
    await page.waitForSelector('.graph')
    await window.tab('Collector')
    await page.locator('table[aria-label=collections] tbody tr').first().click()
    await page.waitForSelector('.steps h3')
    await window.press('w')
    await window.tab('Beside')
    await page.fill('[aria-label=values]', 'cpython-3.9')
    await page.click('button:text-is("Replay")')
    await page.waitForSelector('table[aria-label=what-if]')
    expect(await inViews()).toEqual([])
  })

  test('[V122] every view of a GPU’s log', async () => {
    const { page } = window
    await window.view(TRAIN)
    await window.seek(3000)
    await page.focus('#device')
    await window.press('ArrowDown', 'ArrowRight', 'Enter')
    await page.waitForSelector('.origin')
    expect(await inViews()).toEqual([])
  })

  test('[V122] what lies over the page, two logs beside each other, and an error', async () => {
    const { page } = window
    await window.view(HELLO, SESSIONS)
    await page.waitForSelector('table[aria-label=difference]')
    expect(await violations()).toEqual([])
    await window.press('?')
    expect(await violations()).toEqual([])
    await window.escape()
    await window.press('/')
    await page.fill('[role=combobox]', '4096')
    await page.waitForSelector('#found [role=option], .search p')
    expect(await violations()).toEqual([])
    await page.focus('[role=combobox]')
    await window.escape()
    await window.drop(Buffer.from('no log'), 'odd.txt')
    await page.waitForSelector('[role=alert]')
    await page.focus('nav button:has-text("Export")')
    await window.press('Enter')
    expect(await violations()).toEqual([])
  })

  test('[V122] the page without a log, and the playground with a program that ran', async () => {
    const { page } = window
    const url = await window.view(HELLO)
    await page.goto('about:blank')
    await page.goto(url.replace(/#.*/, ''))
    await page.waitForSelector('.welcome')
    expect(await violations()).toEqual([])
    await window.play()
    await page.fill('#program', 'print("hello")\n')
    await page.click('#run')
    await page.waitForSelector('.figures')
    await page.waitForSelector('#run:enabled')
    expect(await violations()).toEqual([])
  })
})
