import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { eventsOf, Workplace } from './recordings.ts'

const PROGRAM = `import gc
gc.set_threshold(5)
kept = []
for number in range(8):
    kept.append([number])
del kept
gc.collect()
`

inBrowser('the playground, line by line', (window) => {
  const place = new Workplace()
  beforeAll(async () => {
    await window.play()
  })
  afterAll(place.remove)

  const run = async (source: string): Promise<void> => {
    const { page } = window
    await page.fill('#program', source)
    await page.click('#run')
    await page.waitForSelector('.ending, .trouble')
    await page.waitForSelector('#run:enabled')
  }
  const trouble = async (): Promise<string> => (await window.page.textContent('.trouble')) ?? ''
  /** Behind each line that ran: blocks, and the collector's counts. */
  const behind = (): Promise<readonly (readonly [line: number, blocks: number, counts: string])[]> =>
    window.page.evaluate(`[...document.querySelectorAll('[data-line]')].filter((row) => row.querySelector('[data-behind]')).map((row) => [
      Number(row.dataset.line),
      Number(row.querySelector('[data-behind=blocks]').value),
      row.querySelector('[data-behind=generations]').value,
    ])`)

  test('[V149] blocks and generations behind each line are those of reheap stats, and of the interpreter, behind its last run', async () => {
    await run(PROGRAM)
    const log = place.record('program', PROGRAM)
    place.run(['export', log, '-o', 'program.jsonl.gz'])
    const told = eventsOf(place.at('program.jsonl.gz')) as readonly { readonly of?: string; readonly values?: Record<string, number> }[]
    /** What the interpreter had, by the line that had run, up to an event. */
    const expected = async (until: number) => {
      const last = new Map<number, { readonly at: number; readonly counts: string }>()
      let counts = ''
      let ran = 0
      for (const [index, { of, values = {} }] of told.entries()) {
        if (of === 'collectorCounts') {
          counts = Object.values(values).join()
          // It stands behind the line that it is about, where it is another than before.
          const line = last.get(ran)
          if (line?.at === index) last.set(ran, { at: index, counts })
        }
        if (of !== 'line' || values.line === 0 || index >= until) continue
        ran = values.line ?? 0
        last.set(ran, { at: index + 1, counts })
      }
      return Promise.all(
        [...last].sort().map(async ([line, { at, counts: own }]) => {
          const { allocatedBlocks } = (await command(['stats', log, '--until', String(at)])) as { allocatedBlocks: number }
          return [line, allocatedBlocks, own]
        }),
      )
    }
    const events = Number(await window.page.getAttribute('#event', 'max'))
    await expect.poll(behind).toEqual(await expected(events))
    expect(new Set((await behind()).map(([, blocks]) => blocks)).size).toBeGreaterThan(2)
    await window.page.click('text="First line"')
    await window.page.waitForSelector('[data-line="1"].current')
    await window.rests()
    expect((await behind()).map(([line]) => line)).toEqual([1])
    for (let step = 0; step < 4; step++) await window.page.click('text="Line ›"')
    await window.page.waitForSelector('[data-line="5"].current')
    await expect.poll(behind).toEqual(await expected(Number(await window.page.inputValue('#event'))))
  })

  test('[V150] a program that runs again is shown in every view, also where its log is as long as the one before', async () => {
    const { page } = window
    const listBytes = async (): Promise<string> => {
      const rows = await window.rows('types of live objects')
      return rows.find(([name]) => name === 'list')?.join(' ') ?? ''
    }
    await run('x = [0] * 10\n')
    const before = await page.getAttribute('#event', 'max')
    await window.tab('Objects')
    await window.rests()
    const [first, ending] = [await listBytes(), page.url()]
    await run('x = [0] * 90\n')
    expect(await page.getAttribute('#event', 'max')).toBe(before)
    await expect.poll(listBytes).not.toBe(first)
    await window.rests()
    expect(await page.textContent('[role=tab][aria-selected=true]')).toBe('Objects')
    expect(page.url()).not.toBe(ending)
    for (const tab of ['Heap map', 'Size classes']) {
      await window.tab(tab)
      await window.rests()
      expect(await page.locator('[role=alert]').count()).toBe(0)
    }
  })

  test('[V151] a program is as long as its bytes are, for the page as for the command; one that is too long is told, and the next one runs', async () => {
    const { page } = window
    await run(`#${'記'.repeat(70_000)}\n`)
    expect(await trouble()).toBe('The program has 210,002 bytes, and the playground takes 200,000; record it with reheap run')
    await page.click('#share')
    expect(await trouble()).toContain('210,002 bytes')
    await run('kept = []\n')
    expect([await page.textContent('.ending'), await page.locator('.trouble').count()]).toEqual(['finished', 0])
    const link = (source: string): string => page.url().replace(/#.*/, `#play=${deflateRawSync(source).toString('base64url')}`)
    await window.page.goto(link(`#${'記'.repeat(70_000)}`))
    await expect
      .poll(trouble)
      .toBe('The program of the link is longer than the 200,000 bytes that the playground takes; record it with reheap run')
    await window.page.goto(link(`#${'記'.repeat(60_000)}`))
    await expect.poll(() => page.inputValue('#program')).toBe(`#${'記'.repeat(60_000)}`)
  })

  test('[V152] what is chosen stays while the playground is hidden; a thread, and a server that has ended, are told', async () => {
    const { page } = window
    const versions = await page.locator('#version option').allTextContents()
    const other = versions.at(-1) ?? ''
    await page.selectOption('#version', other)
    for (const _ of [1, 2]) await page.click('#playground')
    expect(await page.inputValue('#version')).toBe(other)
    await page.selectOption('#version', versions[0] ?? '')
    await run('import threading\nthreading.Thread(target=print).start()\n')
    expect(await page.textContent('.ending')).toBe(
      'ended by RuntimeError; CPython in WebAssembly has no threads: record such a program with reheap record',
    )
    const url = page.url().replace(/#.*/, '')
    await page.goto('about:blank')
    await page.route('**/playground.json', (route) => route.abort())
    await page.goto(`${url}#play=`)
    await expect.poll(trouble).toBe('The server of this page has ended; run reheap play again and open the new address')
    await page.goto('about:blank')
    await page.route(/\/playground-[\w-]+\.js$/, (route) => route.abort())
    await page.goto(url)
    await page.click('#playground')
    await page.waitForSelector('.fault')
    expect(await page.textContent('.fault')).toContain('The playground cannot be loaded: the server of this page has ended')
    expect(await page.getAttribute('#playground', 'aria-pressed')).toBe('false')
    window.complaints.length = 0
  })
})
