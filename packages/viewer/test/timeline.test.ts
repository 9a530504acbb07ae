import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, LACKING, Window } from './browser.ts'
import { HELLO } from './recordings.ts'

const LAYERS = ['requestedBytes', 'blockBytes', 'arenaBytes', 'cLibraryBytes', 'heldBytes'] as const

describe.skipIf(LACKING !== null)('the timeline', () => {
  let window: Window
  beforeAll(async () => {
    window = await Window.open()
  })
  afterAll(async () => {
    await window?.close()
  })

  test('[V49] zoomed in, each event is drawn with the value that reheap replay has behind it', async () => {
    await window.view(HELLO)
    await window.seek(50_000)
    expect(await window.page.getAttribute('.timeline', 'data-stretch')).toBe('2')
    for (let time = 0; time < 24; time++) await window.press('w')
    await window.page.waitForSelector('.timeline[data-stretch="1"]')
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
})
