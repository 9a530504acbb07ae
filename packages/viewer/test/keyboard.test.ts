import { formatCount } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { HELLO, SESSIONS, TRAIN } from './recordings.ts'

inBrowser('tables, views and menus with the keyboard', (window) => {
  const focused = (): Promise<string | null> =>
    window.page.evaluate('document.activeElement.dataset.row ?? document.activeElement.textContent')

  test('[V117] a table is one stop of Tab; arrow keys, Home and End go from row to row, Enter picks', async () => {
    const { page } = window
    await window.view(SESSIONS)
    await window.tab('Objects')
    await window.seek(9000)
    await page.waitForSelector('[aria-label=objects][data-at="9000"]')
    const types = (await window.rows('types of live objects')).map(([type]) => type)
    await page.focus('table[aria-label="types of live objects"] th:last-child button')
    await window.press('Tab')
    expect(await focused()).toBe(types[0])
    await window.press('ArrowDown', 'ArrowDown', 'ArrowUp')
    expect(await focused()).toBe(types[1])
    await window.press('End')
    expect(await focused()).toBe(types.at(-1))
    // The cursor has not moved.
    expect(await page.inputValue('#event')).toBe('9000')
    await window.press('Home', 'ArrowDown', 'Enter')
    await page.waitForSelector(`tr.picked[data-row="${types[1]}"]`)
    expect(await page.locator('table[aria-label="types of live objects"] tr[tabindex="0"]').count()).toBe(1)
    await window.press('Tab')
    expect(await page.evaluate('document.activeElement.closest("table")?.ariaLabel')).not.toBe('types of live objects')
  })

  test('[V116] text stands left and figures right, under heads of their columns, whatever the view', async () => {
    const { page } = window
    const sides = (label: string): Promise<readonly string[]> =>
      page.evaluate(
        `[...document.querySelectorAll('table[aria-label="${label}"] th')].map((head) => [head.scope, head.textContent, getComputedStyle(head).textAlign].join(' '))`,
      )
    await page.waitForSelector('table[aria-label=objects]')
    expect(await sides('objects')).toEqual([
      'col object left',
      'col type left',
      'col count right',
      'col bytes right',
      'col generation right',
      'col alive because left',
    ])
    await window.tab('Collector')
    expect((await sides('collections')).slice(1, 4)).toEqual(['col generation right', 'col triggered by left', 'col visited right'])
  })

  test('[V116] a filter leaves the rows that are called so; of 20 rows and fewer there is none', async () => {
    const { page } = window
    await window.view(HELLO)
    await window.seek(60_000)
    await window.tab('Size classes')
    const { sizeClasses } = (await command(['stats', HELLO, '--until', '60000'])) as never as {
      sizeClasses: readonly { blockBytes: number }[]
    }
    expect(sizeClasses.length).toBeGreaterThan(20)
    await page.fill('[aria-label="filter size classes"]', '12')
    const wanted = sizeClasses.filter(({ blockBytes }) => `${blockBytes} B`.includes('12'))
    await page.waitForSelector(`.rows-bar [role=status]:text-is("${wanted.length} of ${sizeClasses.length}")`)
    expect((await window.rows('size classes')).map(([size]) => size)).toEqual(wanted.map(({ blockBytes }) => `${blockBytes} B`))
    await window.tab('Collector')
    expect(await page.locator('[aria-label="filter generations"]').count()).toBe(0)
  })

  test('[V116] what is compared is sorted by any column too', async () => {
    const { page } = window
    await window.tab('Beside')
    await page.setInputFiles('#other', SESSIONS)
    await page.waitForSelector('table[aria-label="difference by size class"]')
    const { sizeClasses } = (await command(['diff', HELLO, SESSIONS])) as never as {
      sizeClasses: readonly { before: { blocks: number } }[]
    }
    const shown = async (): Promise<readonly string[]> => (await window.rows('difference by size class')).map((row) => row[4] ?? '')
    await page.click('table[aria-label="difference by size class"] button.sort:text-is("blocks first")')
    const sorted = sizeClasses.map(({ before }) => before.blocks).toSorted((a, b) => b - a)
    expect(await shown()).toEqual(sorted.map(formatCount))
  })

  test('[V118] views are tabs: one stop of Tab, arrow keys and brackets go from one to the other, each names its panel', async () => {
    const { page } = window
    await window.view(SESSIONS)
    const open = (): Promise<string | null> => page.textContent('[role=tab][aria-selected=true]')
    await page.focus('select[aria-label=speed]')
    await window.press('Tab')
    expect(await focused()).toBe('Heap map')
    await window.press('ArrowRight', 'ArrowRight')
    expect([await open(), await focused()]).toEqual(['Objects', 'Objects'])
    expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1)
    const panel = await page.evaluate(
      `(() => { const tab = document.querySelector('[role=tab][aria-selected=true]'); const panel = document.getElementById(tab.getAttribute('aria-controls')); return [panel.role, document.getElementById(panel.getAttribute('aria-labelledby')).textContent] })()`,
    )
    expect(panel).toEqual(['tabpanel', 'Objects'])
    await window.press('End')
    expect(await open()).toBe('Beside')
    await window.press('ArrowRight')
    expect(await open()).toBe('Heap map')
    // Behind a click the arrow keys are the cursor's.
    const at = Number(await page.inputValue('#event'))
    await window.tab('Collector')
    await window.press('ArrowLeft')
    expect(await open()).toBe('Collector')
    await expect.poll(() => page.inputValue('#event')).toBe(String(at - 1))
    await window.press('[', '[')
    expect(await open()).toBe('Size classes')
    await window.press(']')
    expect(await open()).toBe('Objects')
  })

  test('[V118] every view of a log is reached by the brackets, also those behind the ninth', async () => {
    const { page } = window
    await window.view(TRAIN)
    const names = await page.locator('[role=tab]').allTextContents()
    await window.press('1')
    const seen = [await page.textContent('[role=tab][aria-selected=true]')]
    for (const _ of names) {
      await window.press(']')
      seen.push(await page.textContent('[role=tab][aria-selected=true]'))
    }
    expect(seen).toEqual([...names, names.at(-1)])
    await window.press('?')
    expect(await page.textContent('dialog')).toContain('previous, next view')
    await window.escape()
  })

  test('[V114] Export is a menu: opened, walked and closed with the keyboard, which the page does not hear', async () => {
    const { page } = window
    await window.rests()
    const at = await page.inputValue('#event')
    await page.focus('nav button:has-text("Export")')
    await window.press('Enter')
    const items = await page.locator('[role=menuitem]').allTextContents()
    expect(items.length).toBeGreaterThan(3)
    expect(await focused()).toBe(items[0])
    await window.press('ArrowDown', 'ArrowDown', 'ArrowUp')
    expect(await focused()).toBe(items[1])
    await window.press('End', 'ArrowLeft', 'd')
    expect(await focused()).toBe(items.at(-1))
    await window.press('Escape')
    expect(await page.locator('[role=menu]').count()).toBe(0)
    expect(await focused()).toContain('Export')
    expect(await page.inputValue('#event')).toBe(at)
    await window.press('ArrowDown')
    await page.waitForSelector('[role=menu]')
    await page.mouse.click(5, 500)
    await page.waitForSelector('[role=menu]', { state: 'detached' })
  })

  test('[V114] file, events, runtime and profile are read in a window of 1280 pixels', async () => {
    const cut = await window.page.evaluate(
      `[...document.querySelectorAll('.about > *')].filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent)`,
    )
    expect(cut).toEqual([])
  })
})
