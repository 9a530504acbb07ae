import { formatCount } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { curveColour } from '../src/page/colours.ts'
import { command, inBrowser } from './browser.ts'
import { eventsOf, HELLO, SESSIONS, TRAIN } from './recordings.ts'

inBrowser('conventions of the page', (window) => {
  const search = async (text: string): Promise<readonly string[]> => {
    await window.press('/')
    await window.page.fill('[role=combobox]', text)
    await window.page.waitForSelector('#found [role=option], .search p')
    return window.page.locator('#found [role=option]').allTextContents()
  }

  test('[V24] the timeline draws its curves at first sight, in both themes', async () => {
    await window.view(HELLO)
    for (const colour of ['held', 'arenas']) expect((await window.page.textContent('.curve-legend'))?.includes(colour)).toBe(true)
    for (const theme of ['dark', 'light']) {
      await window.page.evaluate(`document.documentElement.dataset.theme !== '${theme}' && document.querySelector('#theme').click()`)
      await window.rests()
      const held = curveColour({ key: 'heldBytes' }, theme === 'light')
      const [red, green, blue] = [1, 3, 5].map((place) => Number.parseInt(held.slice(place, place + 2), 16))
      // Pixels of the curve of what is held, in most columns of the plot.
      const columns = (await window.page.evaluate(
        `(() => { const canvas = document.querySelector('.timeline canvas'); const { width, height } = canvas; const { data } = canvas.getContext('2d').getImageData(0, 0, width, height); const seen = new Set(); for (let at = 0; at < data.length; at += 4) if (Math.abs(data[at] - ${red}) < 30 && Math.abs(data[at + 1] - ${green}) < 30 && Math.abs(data[at + 2] - ${blue}) < 30) seen.add((at / 4) % width); return seen.size / width })()`,
      )) as number
      expect(columns).toBeGreaterThan(0.7)
    }
  })

  test('[V20] search finds an address at the cursor, and goes to its pool', async () => {
    await window.seek(60_000)
    const { pins } = (await command(['stats', HELLO, '--until', '60000', '--pins'])) as never as {
      pins: readonly { blocks: readonly { block: number; address: number; bytes: number }[] }[]
    }
    const block = pins[0]?.blocks[100]
    const found = await search(`0x${block?.address.toString(16)}`)
    expect(found[0]).toContain(`block ${block?.block}, ${block?.bytes} bytes`)
    await window.press('Enter')
    await window.page.waitForSelector(`table[aria-label="blocks of the pool"] td:text-is("${block?.block}")`)
  })

  test('[V20] search finds types, and lines and stacks with the first event of each', async () => {
    await window.view(SESSIONS)
    await window.seek(9000)
    expect((await search('Session'))[0]).toMatch(/^type Session \d+ live objects?$/)
    await window.press('Enter')
    await window.page.waitForSelector('tr.picked td:text-is("Session")')
    const events = eventsOf(SESSIONS)
    const { stack, frames } = events.findLast(({ kind }) => kind === 'Stack') as never as {
      stack: number
      frames: { file: string; line: number; function: string }[]
    }
    const { file, line, function: name } = frames[0] as (typeof frames)[number]
    const own = events.flatMap((event, index) => (event.kind !== 'Stack' && event.stack === stack ? [index] : []))
    expect(await search(`${file}:${line}`)).toContain(
      `line ${name} (${file}:${line}) ${formatCount(own.length)} event${own.length === 1 ? '' : 's'}, the first is ${formatCount(own[0] ?? 0)}`,
    )
    await window.press('Enter')
    await window.page.waitForSelector(`h2:text-is("After ${formatCount((own[0] ?? 0) + 1)} events")`)
    await search('nothing is called like this')
    expect(await window.page.textContent('.search p')).toBe('No matches.')
    await window.page.fill('[role=combobox]', 'Session')
    await window.page.waitForSelector('#found [role=option]')
    await window.picture('search')
    await window.page.focus('[role=combobox]')
    await window.escape()
  })

  test('[V21] a link comes back to cursor, view, zoom and what was chosen', async () => {
    await window.view(SESSIONS)
    await window.tab('Objects')
    await window.seek(9000)
    await window.rests()
    await window.page.click('[data-reason=late]')
    await window.page.locator('table[aria-label=objects] tbody tr').first().click()
    await window.page.waitForSelector('.neighbourhood h3')
    await window.press('w', 'w')
    // The address follows when the zoom rests.
    await window.rests()
    const title = await window.page.textContent('.neighbourhood h3')
    const link = (await window.page.evaluate('location.href')) as string
    expect(link).toMatch(/at=9000.*zoom=\d+-\d+|zoom=\d+-\d+.*at=9000/)
    await window.goto(link)
    await window.page.waitForSelector(`.neighbourhood h3:text-is("${title}")`)
    expect(await window.page.textContent('aside h2')).toBe('After 9,000 events')
    expect(await window.page.evaluate('new URLSearchParams(location.hash.slice(1)).get("zoom")')).toBe(
      new URL(link).hash.match(/zoom=([\d-]+)/)?.[1],
    )
  })

  test('[V58] a link that is pasted is followed, and Back undoes one choice after the other', async () => {
    const { page } = window
    await page.waitForSelector('.neighbourhood')
    await window.rests()
    const link = page.url()
    const type = await page.textContent('tr.picked td')
    await window.tab('Collector')
    await page.locator('table[aria-label=collections] tbody tr').first().click()
    await page.waitForSelector('.steps h3')
    await window.rests()
    const at = await page.textContent('aside h2')
    await window.tab('Heap map')
    await window.seek(5000)
    await window.rests()
    await page.evaluate('history.back()')
    await page.waitForSelector('.steps h3')
    await page.waitForSelector(`h2:text-is("${at}")`)
    await page.evaluate('history.back()')
    await page.waitForSelector('.steps', { state: 'detached' })
    await window.rests()
    expect(await page.textContent('[aria-selected=true]')).toBe('Collector')
    await page.evaluate('history.back()')
    await page.waitForSelector(`tr.picked td:text-is("${type}")`)
    await page.waitForSelector('h2:text-is("After 9,000 events")')
    await window.press('0')
    await page.evaluate(
      `location.hash = ${JSON.stringify(new URL(link).hash.replace('at=9000', 'at=700').replace('tab=types', 'tab=classes'))}`,
    )
    await page.waitForSelector('table[aria-label="size classes"]')
    await page.waitForSelector('h2:text-is("After 700 events")')
    expect(await page.evaluate('new URLSearchParams(location.hash.slice(1)).get("zoom")')).toBe(
      new URL(link).hash.match(/zoom=([\d-]+)/)?.[1],
    )
  })

  test('[V59] pictures name the log and what is shown, and have what stands beside and what happened', async () => {
    await window.view(SESSIONS)
    await window.tab('Beside')
    await window.page.fill('[aria-label=values]', 'cpython-3.9')
    await window.page.click('button:text-is("Replay")')
    await window.page.waitForSelector('.curve.beside')
    const curves = (await window.page.locator('.curve').allTextContents()).map((name) => name.trim())
    const beside = await window.page.locator('.curve.beside').count()
    const svg = String(await window.saved('SVG'))
    for (const name of [...curves, 'sessions.jsonl.gz: 10,742 events of cpython 3.13.2']) expect(svg).toContain(`${name}</text>`)
    expect(svg.match(/<path [^>]*fill="none"/g)?.length).toBe(curves.length)
    expect(svg.match(/<path [^>]*stroke-dasharray="8 4"/g)?.length).toBe(beside)
    expect(svg).toContain('<title>cursor</title>')
    const { objects } = (await command(['timeline', SESSIONS])) as never as { objects: { collections: readonly object[] } }
    expect(svg.match(/<title>collection of/g)?.length).toBe(objects.collections.length)
    expect(svg).not.toMatch(/href|NaN|undefined/)
    // Twice as fine as the drawing.
    expect((await window.saved('PNG')).readUInt32BE(16)).toBe(2400)
    const [heads = ''] = String(await window.saved('CSV')).split('\n')
    expect(heads.split(',').length).toBe(1 + 2 * curves.length)
    expect(heads.split(',').filter((head) => head.endsWith(' beside')).length).toBe(beside)
    await window.page.locator('.curve').first().click()
    expect(String(await window.saved('SVG')).match(/<path [^>]*fill="none"/g)?.length).toBe(curves.length - 1)
  })

  test('[V22] what is shown is saved: SVG and PNG as pictures, CSV with the curves, JSON with the figures of the command', async () => {
    await window.view(TRAIN)
    await window.seek(3000)
    expect([...(await window.saved('PNG')).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    const svg = String(await window.saved('SVG'))
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(svg.match(/<path [^>]*fill="none"/g)?.length).toBe(4)
    expect(svg).not.toMatch(/href|NaN|undefined/)
    const { devices } = (await command(['stats', TRAIN, '--until', '3000'])) as never as { devices: readonly { memoryStats: object }[] }
    const moment = JSON.parse(String(await window.saved('JSON')))
    expect(moment.devices[0].memoryStats).toEqual(devices[0]?.memoryStats)
    const { devices: tracks } = (await command(['timeline', TRAIN])) as never as {
      devices: readonly { peaks: Record<string, { value: number }> }[]
    }
    const curves = await window.curves()
    expect(Math.max(...(curves.get('reservedBytes0') ?? []))).toBe(tracks[0]?.peaks.reservedBytes?.value)
  })

  /** Colours of the legend that the page shows which the saved picture has, at most as far from them as a ramp's first pixel is, between caption and map. */
  async function legendColours(): Promise<readonly boolean[]> {
    const [, above = ''] = /height="(\d+)"/.exec(String(await window.saved('SVG'))) ?? []
    const picture = (await window.saved('PNG')).toString('base64')
    return window.page.evaluate(
      `(async () => { const image = new Image(); image.src = 'data:image/png;base64,${picture}'; await image.decode(); const canvas = new OffscreenCanvas(image.width, 40); const context = canvas.getContext('2d'); context.drawImage(image, 0, -2 * (${above} + 28)); const { data } = context.getImageData(0, 0, image.width, 40); const shown = [...document.querySelectorAll('.legend i')].flatMap((mark) => { const { color, backgroundColor, backgroundImage, borderTopWidth, borderTopColor } = getComputedStyle(mark); if (mark.dataset.fill !== undefined) return [color]; return backgroundImage === 'none' ? [borderTopWidth === '0px' ? backgroundColor : borderTopColor] : backgroundImage.match(/rgb[^)]*/g) }); return shown.map((colour) => { const [red, green, blue] = colour.match(/\\d+/g).map(Number); for (let at = 0; at < data.length; at += 4) if (Math.abs(data[at] - red) < 4 && Math.abs(data[at + 1] - green) < 4 && Math.abs(data[at + 2] - blue) < 4) return true; return false }) })()`,
    )
  }

  test.each([
    ['blocks of a GPU, none of which waits for a stream', TRAIN, 2],
    ['pools by how full they are', HELLO, 5],
  ])('[V90] the picture has the legend of the map, dark and light: %s', async (_, log, colours) => {
    await window.view(log)
    await window.seek(3000)
    if (log === HELLO) await window.page.selectOption('select:near(:text("colour by"))', 'fill')
    for (const theme of ['dark', 'light']) {
      await window.page.evaluate(`document.documentElement.dataset.theme !== '${theme}' && document.querySelector('#theme').click()`)
      await window.rests()
      expect(await legendColours()).toEqual(Array.from({ length: colours }, () => true))
    }
  })

  test('[V23] the keyboard alone opens every view, and everything that acts has a name', async () => {
    await window.view(SESSIONS)
    for (const [number, view] of ['heap map', 'size classes', 'objects', 'collector'].entries()) {
      await window.press(String(number + 1))
      await window.page.waitForSelector(`[aria-label="${view}"]`)
      const nameless = await window.page.evaluate(
        `[...document.querySelectorAll('button, select, input, [role=tabpanel] canvas, a, [tabindex]')].filter((each) => !((each.getAttribute('aria-label') ?? '') + each.textContent + (each.labels?.[0]?.textContent ?? '')).trim()).map((each) => each.outerHTML.slice(0, 80))`,
      )
      expect(nameless).toEqual([])
    }
    await window.press('?')
    const help = (await window.page.textContent('dialog')) ?? ''
    for (const what of ['next, previous source line', 'search types', 'on a map', 'next, previous collection']) expect(help).toContain(what)
    await window.picture('keys')
    await window.escape()
  })

  test('[V52] what lies over the page has every key from the first letter on, and gives the focus back', async () => {
    const { page } = window
    const shown = await page.evaluate('location.hash')
    await page.focus('[role=tab]:text-is("Objects")')
    await window.press('/', 'd', 'a', 'd')
    expect(await page.inputValue('[role=combobox]')).toBe('dad')
    for (const _ of [1, 2, 3]) await window.press('Tab')
    expect(
      await page.evaluate('document.activeElement === document.body || document.querySelector("dialog").contains(document.activeElement)'),
    ).toBe(true)
    await page.focus('[role=combobox]')
    await window.escape()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Objects')
    expect(await page.evaluate('location.hash')).toBe(shown)
    await window.press('?')
    await page.click('[aria-label="close keys"]')
    await page.waitForSelector('dialog', { state: 'detached' })
    await window.press('?')
    await page.mouse.click(5, 5)
    await page.waitForSelector('dialog', { state: 'detached' })
  })

  test('[V53] Space presses the button that Tab led to, and plays where one was clicked', async () => {
    const { page } = window
    await window.press('Home')
    await page.focus('[aria-label="previous collection"]')
    await window.press('Tab', ' ')
    await expect.poll(() => page.inputValue('#event')).not.toBe('0')
    expect(await page.locator('button:text-is("Pause")').count()).toBe(0)
    await window.tab('Collector')
    await window.press(' ')
    await page.waitForSelector('button:text-is("Pause")')
    await window.press(' ')
    await page.waitForSelector('button:text-is("Play")')
  })
})
