import { writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { addressAxis } from '../src/page/address-axis.ts'
import { inBrowser } from './browser.ts'
import { eventsOf, OOM, SPLIT_STREAMS, TRAIN, Workplace } from './recordings.ts'
import { twoDevices } from './two-devices.ts'

const MIB = 2 ** 20

test('[V101] addresses on the axis are round, lie where the axis has them, and leave each other room', () => {
  const events = eventsOf(OOM).filter(({ kind, address }) => kind === 'DeviceMalloc' && address !== null) as never as {
    address: number
    bytes: number
  }[]
  const axis = addressAxis(
    Float64Array.from(events, ({ address }) => address),
    Float64Array.from(events, ({ bytes }) => bytes),
  )
  for (const [low, high] of [
    [0, 1],
    [0.4, 0.5],
    [0.41, 0.4101],
  ] as const) {
    const ticks = axis.ticks(low, high, (high - low) / 14)
    expect(ticks.length).toBeGreaterThan(3)
    for (const { address, share } of ticks) {
      expect(share).toBeGreaterThanOrEqual(low)
      expect(share).toBeLessThanOrEqual(high)
      expect(Math.abs(axis.addressAt(share) - address)).toBeLessThan(2)
      // As round as so many lines allow.
      expect(address % (high - low > 0.01 ? 2 * MIB : 512)).toBe(0)
    }
    const shares = ticks.map(({ share }) => share).sort((a, b) => a - b)
    for (const [place, share] of shares.entries())
      if (place > 0) expect(share - (shares[place - 1] ?? 0)).toBeGreaterThanOrEqual((high - low) / 14 - 1e-12)
  }
})

inBrowser('addresses over time in a browser', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  /** From a corner of the window. @unit pixels */
  const edges = async (selector: string): Promise<readonly [left: number, right: number]> =>
    (await window.page.evaluate(
      `(() => { const { left, right } = document.querySelector('${selector}').getBoundingClientRect(); return [left, right] })()`,
    )) as never

  test('[V101] the events stand below those of the timeline, the cursor below its cursor, and the legend adds up', async () => {
    const { page } = window
    await window.view(OOM)
    await window.tab('Addresses over time')
    await page.waitForSelector('#history[data-width]')
    await window.seek(4000)
    for (const width of [1280, 900]) {
      await page.setViewportSize({ width, height: 860 })
      await expect
        .poll(async () => {
          const [left, right] = await edges('.timeline .u-over')
          const [own] = await edges('#history')
          const from = own + Number(await page.getAttribute('#history', 'data-left'))
          const to = from + Number(await page.getAttribute('#history', 'data-width'))
          const [above] = await edges('.timeline .at')
          const [below] = await edges('.overlaid .at')
          return [Math.abs(from - left) < 1, Math.abs(to - right) < 1, Math.abs(above - below) < 1.5]
        })
        .toEqual([true, true, true])
    }
    await page.setViewportSize({ width: 1280, height: 860 })
    const asked = eventsOf(OOM).filter(({ kind, address }) => kind === 'DeviceMalloc' && address !== null)
    const sums = (await page.evaluate(
      `[...document.querySelectorAll('section[aria-label="addresses over time"] .legend [data-name]')].map(({ dataset }) => [Number(dataset.allocations), Number(dataset.bytes)])`,
    )) as never as readonly (readonly [number, number])[]
    expect(sums.reduce((sum, [allocations]) => sum + allocations, 0)).toBe(asked.length)
    expect(sums.length).toBeLessThanOrEqual(8)
  })

  test('[V101] the pointer and the cursor move without drawing the allocations anew', async () => {
    const { page } = window
    await window.rests()
    await page.evaluate(
      `(() => { const { prototype } = CanvasRenderingContext2D; const fill = prototype.fillRect; globalThis.fills = 0; prototype.fillRect = function (...rectangle) { globalThis.fills++; return fill.apply(this, rectangle) } })()`,
    )
    await page.focus('#history')
    await window.press('ArrowRight', 'ArrowRight')
    await page.waitForSelector('.overlaid .marked')
    await window.press('Enter')
    await window.rests()
    expect(await page.evaluate('globalThis.fills')).toBeLessThan(1000)
    await window.press('W')
    await expect.poll(() => page.evaluate('globalThis.fills')).toBeGreaterThan(100)
  })

  test('[V103] allocations of one device never stand under the name of another', async () => {
    const { page } = window
    const two = place.at('two.jsonl')
    writeFileSync(two, twoDevices(SPLIT_STREAMS))
    await window.view(two)
    await page.evaluate(
      `(() => { globalThis.seen = new Set(); new MutationObserver(() => { const text = document.querySelector('section[aria-label="addresses over time"] .told')?.textContent; if (text) globalThis.seen.add(/^[\\d,]+ allocations of device \\d+/.exec(text)?.[0]) }).observe(document.body, { childList: true, subtree: true, characterData: true }) })()`,
    )
    for (const device of [0, 1, 0, 1]) {
      await window.tab(`Addresses over time, device ${device}`)
      await page.waitForSelector(`section[aria-label="addresses over time"][data-device="${device}"] #history`)
    }
    await window.rests()
    const { length } = eventsOf(TRAIN).filter(({ kind }) => kind === 'DeviceMalloc')
    const seen = [...((await page.evaluate('[...globalThis.seen]')) as string[])].sort()
    expect(seen.length).toBe(2)
    expect(seen.find((text) => text.endsWith('device 0'))).toBe(`${length.toLocaleString('en-US')} allocations of device 0`)
  })
})
