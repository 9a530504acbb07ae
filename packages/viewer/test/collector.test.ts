import { writeFileSync } from 'node:fs'
import { formatCount } from '@reheap/kernel'
import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { CYCLES, LEAK, SESSIONS, Workplace } from './recordings.ts'
import { Told } from './told.ts'

/** A log of lists in no cycle, on a version whose due collection runs when the functions of `gc.callbacks` are called. */
const lists = (version: string, objects: number, ...rest: readonly object[]): string =>
  [
    { reheap: 1, runtime: { name: 'cpython', version, pointerBits: 64 } },
    { kind: 'SetThresholds', thresholds: [50, 10, 10] },
    { kind: 'DefineType', type: 0, layout: 'list', name: 'list' },
    ...Array.from({ length: objects }, (_, object) => ({ kind: 'CreateObject', object, type: 0, bytes: 56 })),
    ...rest,
  ]
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('')

inBrowser('the collector', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  const sentences = (): Promise<readonly string[]> =>
    window.page.locator('[aria-label="why no collection runs, or which"] li').allTextContents()
  const pick = async (row: number): Promise<void> => {
    await window.page.locator('table[aria-label=collections] tbody tr').nth(row).click()
    await window.page.waitForSelector(`table[aria-label=collections] tbody tr:nth-child(${row + 1}).picked`)
    await window.page.waitForSelector('.steps h3')
  }
  const told = (): Promise<string | null> => window.page.textContent('.steps .square')

  test.each([LEAK, SESSIONS])(
    '[V158] why no collection runs, or which, stands below the counts, as reheap leaks --json says: %#',
    async (log) => {
      await window.view(log)
      await window.tab('Collector')
      for (const at of [900, 2000]) {
        await window.seek(at)
        const { because } = (await new Told(log).leaks(at)).trigger
        expect(because.length).toBeGreaterThan(2)
        expect(await sentences()).toEqual(because)
      }
    },
  )

  test('[V159] of two collections that ended at one event each is shown, also by a link', async () => {
    const log = place.at('nested.jsonl')
    writeFileSync(log, lists('3.12.7', 60, { kind: 'SetCallbacks', callbacks: 1 }, { kind: 'Collect', generation: 2 }))
    const { objects } = (await command(['timeline', log])) as never as {
      objects: { collections: readonly { index: number; generation: number; visited: number }[] }
    }
    const [inner, outer] = objects.collections
    expect([inner?.generation, outer?.generation, inner?.index]).toEqual([0, 2, outer?.index])
    await window.view(log)
    await window.tab('Collector')
    for (const [row, each] of [inner, outer].entries()) {
      await pick(row)
      await window.page.waitForSelector(`.steps h3:has-text("Collection of generation ${each?.generation} at")`)
      expect(await window.page.textContent('.steps > .told')).toContain(`${formatCount(each?.visited ?? 0)} objects of the region`)
    }
    await window.page.reload()
    await window.page.waitForSelector('.steps h3:has-text("Collection of generation 2 at")')
  })

  test('[V13] of the objects that were visited those that are no part of the search are told apart', async () => {
    await window.view(place.record('cycles', CYCLES))
    await window.tab('Collector')
    await pick(0)
    const visited = Number((await window.rows('collections'))[0]?.[3]?.replaceAll(',', ''))
    const text = (await window.page.textContent('.steps > .told')) ?? ''
    const [, searched = '', others = ''] = /^([\d,]+) objects of the region.* It visited ([\d,]+) more/.exec(text) ?? []
    // Thousands were alive before the script.
    expect(Number(others.replaceAll(',', ''))).toBeGreaterThan(10_000)
    expect(Number(searched.replaceAll(',', '')) + Number(others.replaceAll(',', ''))).toBe(visited)
    // The squares are whole: nothing is scrolled away.
    expect(
      await window.page.evaluate(
        `(() => { const { scrollHeight, clientHeight } = document.querySelector('.region'); return scrollHeight - clientHeight })()`,
      ),
    ).toBe(0)
  })

  test('[V160] the squares of a region are walked with the keyboard, all of them, however many there are', async () => {
    const { page } = window
    const many = 30_000
    const log = place.at('many.jsonl')
    writeFileSync(log, lists('3.12.7', many, { kind: 'Collect', generation: 2 }))
    await window.view(log)
    await window.tab('Collector')
    await pick(0)
    await page.focus('.region canvas')
    await window.press('ArrowRight')
    await page.waitForSelector('.square:has-text("list 0: count 1, 1 of them from outside")')
    await window.press('ArrowRight', 'ArrowRight', 'ArrowLeft')
    await page.waitForSelector('.square:has-text("list 1:")')
    await window.press('ArrowDown', 'ArrowUp', 'ArrowUp')
    await page.waitForSelector('.square:has-text("list 1:")')
    await window.press('End')
    await page.waitForSelector(`.square:has-text("list ${many - 1}:")`)
    // The last square is in sight, and what is under the mouse there is the last object too.
    const { x, y } = (await page.evaluate(`(() => {
      const [canvas, region] = [document.querySelector('.region canvas'), document.querySelector('.region')]
      const perRow = Math.floor(region.clientWidth / 9)
      const last = ${many - 1}
      return { x: (last % perRow) * 9 + 3, y: Math.floor(last / perRow) * 9 + 3 - region.scrollTop }
    })()`)) as { x: number; y: number }
    expect(y).toBeLessThan(220)
    await page.hover('.region canvas', { position: { x: Math.max(0, x - 9), y } })
    await page.waitForSelector(`.square:has-text("list ${many - 2}:")`)
    expect(await told()).toContain('not yet told apart')
  })

  test('[V161] the step that is shown stands in the address, and another collection begins with its first', async () => {
    const { page } = window
    await window.view(SESSIONS)
    await window.tab('Collector')
    const last = (await window.rows('collections')).length - 1
    await pick(last)
    await page.click('[aria-label=steps] button:has-text("What is reachable")')
    await page.waitForFunction(`location.hash.includes('step=3')`)
    await page.reload()
    await page.waitForSelector('[aria-label=steps] [aria-pressed=true]:has-text("3. What is reachable moves back")')
    await pick(last - 1)
    await page.waitForSelector('[aria-label=steps] [aria-pressed=true]:has-text("1. Counts are copied")')
    expect(await page.evaluate('location.hash')).not.toContain('step=')
  })
})
