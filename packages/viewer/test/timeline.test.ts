import { expect, test } from 'vitest'
import { curveColour } from '../src/page/colours.ts'
import { command, inBrowser } from './browser.ts'
import { HELLO, NATIVE, TRAIN } from './recordings.ts'

const LAYERS = ['requestedBytes', 'blockBytes', 'arenaBytes', 'cLibraryBytes', 'heldBytes'] as const

inBrowser('the timeline', (window) => {
  test('[V49] zoomed in, each event is drawn with the value that reheap replay has behind it', async () => {
    await window.view(HELLO)
    await window.seek(50_000)
    await window.rests()
    expect(await window.page.getAttribute('.timeline', 'data-stretch')).toBe('2')
    for (let time = 0; time < 24; time++) await window.press('w')
    await window.page.waitForSelector('.timeline[data-stretch="1"]')
    await window.rests()
    const curves = await window.curves()
    const events = curves.get('event') ?? []
    expect(events.length).toBeGreaterThan(20)
    expect(events).toEqual(Array.from(events, (_, place) => (events[0] as number) + place))
    for (const place of [0, 5, 10, events.length - 1]) {
      const { final } = (await command(['replay', HELLO, '--until', String((events[place] as number) + 1)])) as never as {
        final: Record<string, number>
      }
      for (const layer of LAYERS) expect([place, layer, curves.get(`${layer}_min`)?.[place]]).toEqual([place, layer, final[layer]])
    }
  })
  /** Both ends of what is shown, once it rests. */
  const shown = async (): Promise<readonly number[]> => {
    await window.rests()
    const text = String(await window.page.evaluate('new URLSearchParams(location.hash.slice(1)).get("zoom") ?? ""'))
    return text.split('-').map(Number)
  }
  const plot = async (): Promise<{ x: number; y: number; width: number; height: number }> => {
    await window.rests()
    const box = await window.page.locator('.timeline .u-over').boundingBox()
    if (box === null) throw new Error('the timeline is not drawn')
    return box
  }
  const drag = async (from: number, to: number, below = 0): Promise<void> => {
    const { x, y, width, height } = await plot()
    const top = below === 0 ? y + height / 2 : y + height + below
    await window.page.mouse.move(x + from * width, top)
    await window.page.mouse.down()
    await window.page.mouse.move(x + ((from + to) / 2) * width, top)
    await window.page.mouse.move(x + to * width, top)
    await window.page.mouse.up()
  }

  test('[V81] a drag selects, a drag with Shift or below the curves pans, the wheel zooms around the pointer and pans', async () => {
    await window.view(TRAIN)
    const events = Number(await window.page.getAttribute('#event', 'max'))
    await drag(0.25, 0.75)
    const chosen = await shown()
    expect(chosen[0]).toBeCloseTo(events * 0.25, -2)
    expect(chosen[1]).toBeCloseTo(events * 0.75, -2)
    const span = (chosen[1] as number) - (chosen[0] as number)
    await window.page.keyboard.down('Shift')
    await drag(0.5, 0.4)
    await window.page.keyboard.up('Shift')
    const panned = await shown()
    expect((panned[0] as number) - (chosen[0] as number)).toBeCloseTo(span * 0.1, -2)
    expect((panned[1] as number) - (panned[0] as number)).toBeCloseTo(span, -1)
    await drag(0.4, 0.5, 12)
    expect((await shown())[0]).toBeCloseTo(chosen[0] as number, -2)
    const { x, y, width, height } = await plot()
    await window.page.mouse.move(x + width / 4, y + height / 2)
    const around = (chosen[0] as number) + span / 4
    await window.page.mouse.wheel(0, -100)
    await expect.poll(async () => (await shown())[0]).toBeGreaterThan((chosen[0] as number) + 100)
    const [from = 0, to = 0] = await shown()
    expect(from + (to - from) / 4).toBeCloseTo(around, -2)
    // A tenth of what is shown, as 40 pixels are of 400.
    await window.page.mouse.wheel(40, 0)
    await expect.poll(async () => ((await shown())[0] ?? 0) - from).toBeGreaterThan(10)
    const [left = 0, right = 0] = await shown()
    expect(left - from).toBeCloseTo((to - from) / 10, -1)
    expect(right - left).toBeCloseTo(to - from, -1)
  })

  /** Where a curve is drawn, from the top of the plot, and in how many of its columns: all as shares of it. */
  async function drawnAt(key: string): Promise<{ readonly top: number; readonly bottom: number; readonly columns: number }> {
    const channels = [1, 3, 5].map((place) => Number.parseInt(curveColour({ key }, false).slice(place, place + 2), 16))
    await window.rests()
    return (await window.page.evaluate(`(() => {
      const canvas = document.querySelector('.timeline canvas')
      const [own, plot] = [canvas, document.querySelector('.timeline .u-over')].map((each) => each.getBoundingClientRect())
      const scale = canvas.width / own.width
      const [left, top, width, height] = [plot.left - own.left, plot.top - own.top, plot.width, plot.height].map((each) => Math.round(each * scale))
      const { data } = canvas.getContext('2d').getImageData(left, top, width, height)
      const rows = []
      const columns = new Set()
      for (let pixel = 0; pixel < width * height; pixel++) {
        if (!${JSON.stringify(channels)}.every((value, channel) => Math.abs(data[4 * pixel + channel] - value) < 30)) continue
        rows.push(Math.floor(pixel / width) / height)
        columns.add(pixel % width)
      }
      return { top: rows[0] ?? 1, bottom: rows.at(-1) ?? 0, columns: columns.size / width }
    })()`)) as never
  }

  test('[V82] the pointer tells events and values; a curve is hidden by its name, and scales fit what is left', async () => {
    await window.view(HELLO)
    const value = (name: string) => window.page.textContent(`.curve:has-text("${name}") output`)
    expect(await value('arenas')).toBe('')
    const { x, y, width, height } = await plot()
    await window.page.mouse.move(x + width / 2, y + height / 2)
    // Three arenas are mapped there.
    await expect.poll(() => value('arenas')).toBe('3.00 MiB')
    const told = (await window.page.textContent('.curve-legend p')) ?? ''
    const [first = 0, last = 0] = Array.from(told.matchAll(/\d[\d,]*/g), ([figure]) => Number(figure.replace(',', '')))
    expect(first).toBeCloseTo(162_778 / 2, -3)
    // All that one cell holds: as many as a power of two, from a multiple of it on.
    expect([Math.log2(last - first + 1) % 1, first % (last - first + 1)]).toEqual([0, 0])
    const before = await drawnAt('arenaBytes')
    expect((await drawnAt('heldBytes')).columns).toBeGreaterThan(0.7)
    await window.page.click('.curve:has-text("held")')
    expect((await drawnAt('heldBytes')).columns).toBe(0)
    expect(await window.page.getAttribute('.curve:has-text("held")', 'aria-pressed')).toBe('false')
    const after = await drawnAt('arenaBytes')
    expect([before.top > 0.1, after.top < 0.1]).toEqual([true, true])
    await window.seek(81_000)
    await window.press('w', 'w', 'w', 'w')
    const lowest = async (): Promise<number> =>
      Math.max(...(await Promise.all(LAYERS.slice(0, 4).map(drawnAt))).map(({ bottom }) => bottom))
    expect(await lowest()).toBeLessThan(0.9)
    await window.press('f')
    expect(await lowest()).toBeGreaterThan(0.9)
  })

  test('[V24] every layer down to the process, whole and zoomed in', async () => {
    await window.view(NATIVE)
    for (const name of ['asked for', 'held', 'resident', 'mapped']) await window.page.waitForSelector(`.curve:has-text("${name}")`)
    await window.picture('timeline')
    await window.seek(16_000)
    for (let time = 0; time < 9; time++) await window.press('w')
    for (const name of ['resident', 'mapped']) await window.page.click(`.curve:has-text("${name}")`)
    await window.page.waitForSelector('.timeline[data-stretch="1"]')
    await window.picture('timeline-close')
  })

  test('[V80] a log with times is drawn over time: the pointer tells the time of its event', async () => {
    const lines = [
      { reheap: 1, runtime: { name: 'pytorch', version: '2.11.0' } },
      { kind: 'DeviceOpened', device: 0, capacityBytes: 2 ** 33, contextBytes: 0, time: 0 },
      // Half of the events within the first tenth of a second, the others in the nine tenths behind it.
      ...Array.from({ length: 1000 }, (_, block) => ({
        kind: 'DeviceMalloc',
        block,
        device: 0,
        stream: 0,
        bytes: 1000,
        time: block < 500 ? (block + 1) * 2e5 : 1e8 + (block - 499) * 1.8e6,
      })),
    ]
    await window.view(HELLO)
    await window.show(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')), 'timed.jsonl')
    await window.press('t')
    const { x, y, width, height } = await plot()
    await window.page.mouse.move(x + width * 0.1, y + height / 2)
    const told = async () => (await window.page.textContent('.curve-legend p')) ?? ''
    await expect.poll(told).toMatch(/^event (49\d|50\d), (9\d|10\d)(\.\d+)? ms$/)
    await window.page.mouse.move(x + width * 0.55, y + height / 2)
    await expect.poll(told).toMatch(/^event 7[45]\d, 5[45]\d(\.\d+)? ms$/)
    await window.press('t')
    await expect.poll(told).toMatch(/^event 55\d$/)
  })
})
