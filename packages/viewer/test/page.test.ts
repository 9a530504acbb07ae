import { readFileSync } from 'node:fs'
import { formatCount } from '@reheap/kernel'
import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { CYCLES, eventsOf, HELLO, SESSIONS, TRAIN, Workplace } from './recordings.ts'

inBrowser('the page around a log', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  const found = async (text: string): Promise<readonly string[]> => {
    await window.page.fill('[role=combobox]', text)
    await window.page.waitForSelector('#found [role=option], .search p:text-is("No matches.")')
    return window.page.locator('#found [role=option]').allTextContents()
  }

  test('[V119] of a link only what can be is taken over: a speed to choose, a part of the log, a theme', async () => {
    const { page } = window
    const url = await window.view(TRAIN)
    const events = Number(await page.getAttribute('#event', 'max'))
    const zoomOf = (): Promise<string | null> => page.evaluate('new URLSearchParams(location.hash.slice(1)).get("zoom")')
    for (const [said, taken] of [
      ['zoom=0-Infinity', null],
      ['zoom=-50-100', null],
      ['zoom=NaN-7', null],
      [`zoom=${events + 5}-${events + 50}`, null],
      [`zoom=100-${events + 50}`, `100-${events}`],
    ] as const) {
      await page.goto('about:blank')
      await page.goto(`${url}&speed=-50&theme=none&${said}`)
      await page.waitForSelector('.figures')
      await expect.poll(zoomOf).toBe(taken)
      expect(await page.inputValue('[aria-label=speed]')).toBe('0')
      expect(['dark', 'light']).toContain(await page.evaluate('document.documentElement.dataset.theme'))
    }
    await window.press('Home', ' ')
    await page.waitForSelector('button:text-is("Pause")')
    await expect.poll(async () => Number(await page.inputValue('#event'))).toBeGreaterThan(0)
    await window.press(' ')
  })

  test('[V121] an event that is no number leaves the cursor where it is', async () => {
    const { page } = window
    await window.seek(700)
    await page.fill('#event', '')
    await page.press('#event', 'Enter')
    expect(await page.inputValue('#event')).toBe('700')
    expect(await page.textContent('aside h2')).toBe('After 700 events')
  })

  test('[V121] a file that is held over the page is shown where to go; three at once are refused; an error is dismissed', async () => {
    const { page } = window
    const hold = (kind: string): Promise<unknown> =>
      page.evaluate(
        `(() => { const dataTransfer = new DataTransfer(); dataTransfer.items.add(new File(['x'], 'x')); dispatchEvent(new DragEvent('${kind}', { dataTransfer, cancelable: true })) })()`,
      )
    await hold('dragover')
    await page.waitForSelector('.drop-target')
    await hold('dragleave')
    await page.waitForSelector('.drop-target', { state: 'detached' })
    const bytes = readFileSync(SESSIONS)
    await window.dropAll(['a', 'b', 'c'].map((name) => ({ bytes, name: `${name}.jsonl.gz` })))
    expect(await page.textContent('[role=alert]')).toBe(
      '3 files at once: the page shows one log, or two beside each other; open one or two of them',
    )
    await page.click('[aria-label="dismiss the error"]')
    await page.waitForSelector('[role=alert]', { state: 'detached' })
    expect(await page.textContent('header b')).toContain('train')
  })

  test('[V121] without a log the page says what it opens and how to make one', async () => {
    const { page } = window
    const url = new URL(await window.view(TRAIN))
    await page.goto('about:blank')
    await page.goto(url.href.replace(/#.*/, ''))
    const told = (await page.textContent('main')) ?? ''
    for (const what of ['reheap run -o app.arrows app.py', '_dump_snapshot', '.jsonl.gz', 'two to compare', 'nothing leaves your machine'])
      expect(told).toContain(what)
  })

  test('[V120] names that hold an object, objects and blocks by their number, each where it is', async () => {
    const { page } = window
    const log = place.record('cycles', CYCLES)
    await window.view(log)
    await window.press('/')
    const { objects } = (await command(['stats', log])) as never as { objects: { types: readonly { type: string }[] } }
    expect(objects.types.map(({ type }) => type)).toContain('Node')
    const name = (await found('kept')).find((each) => each.startsWith('name kept holds Node, object')) ?? ''
    const [, object = ''] = /object (\d+)$/.exec(name) ?? []
    expect((await found(object)).some((each) => each.startsWith(`object ${object} Node, count`))).toBe(true)
    await found(`object ${object}`)
    await window.press('Enter')
    await page.waitForSelector(`.neighbourhood h3:text-is("Node, object ${object}")`)
    await window.view(HELLO)
    await window.seek(60_000)
    const { pins } = (await command(['stats', HELLO, '--until', '60000', '--pins'])) as never as {
      pins: readonly { blocks: readonly { block: number; address: number; bytes: number }[] }[]
    }
    const block = pins[0]?.blocks[7]
    await window.press('/')
    const [first] = await found(`block ${block?.block}`)
    expect(first).toMatch(new RegExp(`^block ${block?.block} ${block?.bytes} bytes? in pool 0x`))
    await window.press('Enter')
    await page.waitForSelector(`table[aria-label="blocks of the pool"] tr[data-row="${block?.block}"]`)
  })

  test('[V120] an address of a GPU and a block of it are found, with the event that asked for it', async () => {
    const { page } = window
    await window.view(TRAIN)
    await window.seek(3000)
    const events = eventsOf(TRAIN)
    const freed = new Set(events.slice(0, 3000).flatMap((event) => (event.kind === 'DeviceFree' ? [event.block] : [])))
    const born = events.findIndex((event, index) => index < 3000 && event.kind === 'DeviceMalloc' && !freed.has(event.block))
    const { block, address } = events[born] as never as { block: number; address: number }
    await window.press('/')
    const [here] = await found(`0x${address.toString(16)}`)
    expect(here).toMatch(new RegExp(`^address 0x${address.toString(16)} active_allocated, \\d+ bytes, in segment 0x`))
    expect((await found(`block ${block}`))[0]).toContain(`of GPU 0 at 0x${address.toString(16)}`)
    await window.press('Enter')
    await page.waitForSelector(`h2:text-is("After ${formatCount(born + 1)} events")`)
  })

  test('[V120] what is found beyond the first is counted; the arrow keys keep their choice in sight; a mark leads to its event', async () => {
    const { page } = window
    const marks = Array.from({ length: 45 }, (_, index) => ({ kind: 'Mark', label: `step ${index}` }))
    const header = { reheap: 1, runtime: { name: 'cpython', version: '3.11.7', pointerBits: 64 } }
    await window.show(Buffer.from([header, ...marks].map((event) => `${JSON.stringify(event)}\n`).join('')), 'marks.jsonl')
    await window.press('Home', '/')
    expect((await found('step')).length).toBe(20)
    expect(await page.textContent('.search')).toContain('and 25 more')
    for (let row = 1; row < 20; row++) await window.press('ArrowDown')
    await window.rests()
    const inSight = await page.evaluate(
      `(() => { const list = document.getElementById('found').getBoundingClientRect(); const row = document.querySelector('[role=option][aria-selected=true]').getBoundingClientRect(); return [row.top >= list.top - 1, row.bottom <= list.bottom + 1] })()`,
    )
    expect(inSight).toEqual([true, true])
    expect(await found('step 44')).toEqual(['mark step 44 event 44'])
    await window.press('Enter')
    await page.waitForSelector('h2:text-is("After 45 events")')
  })

  test('[V120] while it plays the search stays where it was opened', async () => {
    const { page } = window
    await window.view(SESSIONS)
    await window.seek(3000)
    await page.selectOption('[aria-label=speed]', '1000')
    await window.press('/')
    await page.evaluate(`[...document.querySelectorAll('button')].find((each) => each.textContent === 'Play').click()`)
    await expect.poll(async () => Number(await page.inputValue('#event'))).toBeGreaterThan(3500)
    const { objects } = (await command(['stats', SESSIONS, '--until', '3000'])) as never as {
      objects: { types: readonly { type: string; objects: number }[] }
    }
    const live = objects.types.find(({ type }) => type === 'Session')?.objects
    expect((await found('Session'))[0]).toBe(`type Session ${live} live objects`)
  })
})
