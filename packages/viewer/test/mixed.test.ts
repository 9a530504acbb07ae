import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { mixed, Workplace } from './recordings.ts'

interface Device {
  readonly memoryStats: Readonly<Record<string, number>>
  readonly segments: readonly { readonly blocks: readonly { readonly block: number | null; readonly state: string }[] }[]
}

inBrowser('an interpreter with a device in a browser', (window) => {
  const place = new Workplace()
  const log = place.at('mixed.jsonl')
  beforeAll(async () => {
    writeFileSync(log, `${mixed().join('\n')}\n`)
    await window.view(log)
  })
  afterAll(place.remove)

  test('[V25] figures of the heap and of the device are those of reheap stats at the same event', async () => {
    for (const until of [20_000, 33_000]) {
      await window.seek(until)
      const stats = (await command(['stats', log, '--until', String(until)])) as never as { allocatedBlocks: number; devices: Device[] }
      const shown = await window.figures()
      expect(shown.allocatedBlocks).toBe(stats.allocatedBlocks)
      const keys = Object.keys(shown).filter((key) => key.startsWith('0.') && key !== '0.fragmentation')
      expect(keys.length).toBeGreaterThan(8)
      for (const key of keys) expect([key, shown[key]]).toEqual([key, stats.devices[0]?.memoryStats[key.slice(2)]])
    }
  })

  test('[V25] curves of every layer stand in the timeline, with the peaks of reheap timeline', async () => {
    type Peaks = Record<string, { value: number }>
    const told = (await command(['timeline', log])) as never as {
      peaks: Peaks
      host: { processes: { peaks: Peaks }[] }
      devices: { peaks: Peaks }[]
    }
    const curves = await window.curves()
    const peakOf = (name: string): number => Math.max(...(curves.get(name) ?? []))
    expect(peakOf('heldBytes')).toBe(told.peaks.heldBytes?.value)
    expect(peakOf('residentBytes0')).toBe(told.host.processes[0]?.peaks.residentBytes?.value)
    for (const layer of ['requestedBytes', 'allocatedBytes', 'activeBytes', 'reservedBytes'])
      expect([layer, peakOf(`${layer}0`)]).toEqual([layer, told.devices[0]?.peaks[layer]?.value])
    expect(await window.page.textContent('.curve-legend')).toContain('GPU: reserved')
  })

  test('[V25] the GPU has its map, its addresses over time and its segments beside the heap map', async () => {
    await window.seek(33_000)
    const { devices } = (await command(['stats', log, '--until', '33000'])) as never as { devices: Device[] }
    const segments = devices[0]?.segments ?? []
    await window.tab('Heap map')
    await window.page.waitForSelector('#heap')
    await window.tab('Segments')
    expect(await window.rows('segments')).toHaveLength(segments.length)
    await window.tab('GPU map')
    expect(await window.page.textContent('section[aria-label="GPU map"] .bar')).toContain(`${segments.length} segments`)
    await window.page.focus('#device')
    await window.press('ArrowDown', 'Enter')
    await window.page.waitForSelector('.origin:has-text("asked for by event")')
    const block = /block (\d+)/.exec((await window.page.textContent('section[aria-label="GPU map"] .told')) ?? '')?.[1]
    const born = mixed()
      .slice(1)
      .findLastIndex((line, index) => index < 33_000 && line.startsWith(`{"kind":"DeviceMalloc","block":${block},`))
    expect((await window.page.textContent('.origin'))?.replace(/\D/g, '')).toBe(String(born))
    await window.picture('mixed')
    await window.tab('Addresses over time')
    await window.page.waitForSelector('#history')
    const asked = mixed().filter((line) => line.includes('"DeviceMalloc"')).length
    expect(await window.page.getAttribute('#history', 'aria-label')).toContain(`${asked} allocations`)
  })

  test('[V25] keys go to segments and arenas alike', async () => {
    await window.seek(20_000)
    await window.press('r')
    await window.page.waitForFunction('Number(document.querySelector("#event").value) > 20000')
    expect(await window.page.textContent('.transport')).toContain('arena or segment')
  })
})
