import { formatBytes, formatCount } from '@reheap/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, LACKING, Window } from './browser.ts'
import { CYCLES, EXPANDABLE, eventsOf, HELLO, OOM, TRAIN, Workplace } from './recordings.ts'

interface Pinned {
  readonly address: number
  readonly pools: number
  readonly freePools: number
  readonly liveBytes: number
  readonly blocks: readonly { readonly block: number; readonly address: number; readonly bytes: number }[]
}

describe.skipIf(LACKING !== null)('maps in a browser', () => {
  const place = new Workplace()
  let window: Window
  beforeAll(async () => {
    window = await Window.open()
  })
  afterAll(async () => {
    await window?.close()
    place.remove()
  })

  const birthOf = (events: readonly Record<string, never>[], block: number, until: number): number =>
    events.findLastIndex(
      (event, index) =>
        index < until && (event.kind === 'Realloc' ? event.newBlock === block : event.block === block && /^[MC]alloc$/.test(event.kind)),
    )

  test('[V17] a pool tells its blocks, when they were made, and what pins its arena, as reheap stats --pins and the log do', async () => {
    await window.view(HELLO)
    await window.seek(60_000)
    await window.page.focus('#heap')
    await window.press('ArrowRight', 'ArrowDown', 'ArrowRight', 'Enter')
    await window.page.waitForSelector('.pins')
    const { pins } = (await command(['stats', HELLO, '--until', '60000', '--pins'])) as never as { pins: readonly Pinned[] }
    const arena = pins.toSorted((a, b) => a.address - b.address)[1]
    expect(Number(await window.page.getAttribute('.pins', 'data-blocks'))).toBe(arena?.blocks.length)
    expect(Number(await window.page.getAttribute('.pins', 'data-bytes'))).toBe(arena?.liveBytes)
    const events = eventsOf(HELLO)
    const rows = await window.rows('blocks of the pool')
    expect(rows.length).toBeGreaterThan(5)
    const byId = new Map(arena?.blocks.map((each) => [`block ${each.block}`, each]))
    for (const [block = '', address, bytes, born] of rows) {
      const pinned = byId.get(block)
      expect([block, address, bytes]).toEqual([block, `0x${pinned?.address.toString(16)}`, formatCount(pinned?.bytes ?? 0)])
      expect([block, born]).toEqual([block, formatCount(birthOf(events, pinned?.block ?? -1, 60_000))])
    }
    await window.page.selectOption('select:near(:text("colour by"))', 'age')
    await window.picture('heap')
  })

  test('[V17] pools are coloured by the type of what they hold, by age and by thread, each with a legend that adds up', async () => {
    const log = place.record('cycles', CYCLES)
    await window.view(log)
    await window.seek(900)
    for (const by of ['type', 'thread']) {
      await window.page.selectOption('select:near(:text("colour by"))', by)
      await window.page.waitForSelector('.legend.wrap span')
      const legend = await window.page.locator('.legend.wrap > span').allTextContents()
      const pools = legend.map((entry) => Number(/\((\d+)\)$/.exec(entry)?.[1]))
      const { sizeClasses } = (await command(['stats', log, '--until', '900'])) as never as { sizeClasses: readonly { pools: number }[] }
      expect(pools.reduce((sum, each) => sum + each, 0)).toBe(sizeClasses.reduce((sum, each) => sum + each.pools, 0))
      if (by === 'thread') expect(legend).toEqual([` thread 0 (${pools[0]})`])
      else expect(legend.join(' ')).toMatch(/Node|list|str|dict/)
    }
  })

  test('[V18] a block of the GPU map is walked to with the keyboard and tells who asked for it', async () => {
    await window.view(TRAIN)
    await window.seek(3000)
    await window.page.focus('#device')
    await window.press('ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft')
    const told = (await window.page.textContent('.told')) ?? ''
    const [, address = '', block = ''] = /^(0x[0-9a-f]+): .*allocated, block (\d+),/.exec(told) ?? []
    await window.press('Enter')
    await window.page.waitForSelector('ol.stack li')
    const lines = await window.page.locator('ol.stack li').allTextContents()
    const events = eventsOf(TRAIN)
    const born = events.findLastIndex((event, index) => index < 3000 && event.kind === 'DeviceMalloc' && String(event.block) === block)
    expect(events[born]?.address).toBe(Number(address))
    expect(lines[0]).toBe(`asked for by event ${formatCount(born)}`)
    await window.picture('gpu')
  })

  test('[V18] what an expandable segment has mapped stands in one row of its address space', async () => {
    await window.view(EXPANDABLE)
    await window.seek(1500)
    await window.page.focus('#device')
    await window.press('ArrowRight')
    // PyTorch reserves an eighth more than the device has, in whole pages of 2 MiB or 20 MiB.
    const { capacityBytes } = eventsOf(EXPANDABLE).find(({ kind }) => kind === 'DeviceOpened') as never as { capacityBytes: number }
    const spaces = [2, 20].map((mib) => formatBytes(Math.ceil((capacityBytes * 9) / 8 / (mib << 20)) * (mib << 20)))
    const told = (await window.page.textContent('.told')) ?? ''
    expect(spaces).toContain(/expandable segment of (.+) of addresses/.exec(told)?.[1])
    await window.picture('gpu-expandable')
  })

  test('[V19] every allocation is a rectangle from the event that asked for it to the one that freed it, with its stack', async () => {
    await window.view(OOM)
    await window.tab('Addresses over time')
    await window.page.waitForSelector('#history')
    const events = eventsOf(OOM)
    const asked = events.flatMap((event, index) => (event.kind === 'DeviceMalloc' && event.address !== null ? [{ index, event }] : []))
    const label = (await window.page.textContent('section[aria-label="addresses over time"] .told')) ?? ''
    expect(Number(/^([\d,]+) allocations/.exec(label)?.[1]?.replaceAll(',', ''))).toBe(asked.length)
    await window.page.focus('#history')
    for (const { index, event } of asked.slice(0, 3)) {
      await window.press('ArrowRight')
      await window.page.waitForSelector(`[data-born="${index}"]`)
      const told = (await window.page.textContent(`[data-born="${index}"]`)) ?? ''
      const died = events.findIndex((each, at) => at > index && each.kind === 'DeviceFree' && each.block === event.block)
      expect(told).toContain(`at 0x${Number(event.address).toString(16)}`)
      expect(told).toContain(died < 0 ? 'to the end' : `to event ${formatCount(died)}`)
    }
    await window.view(TRAIN)
    await window.tab('Addresses over time')
    await window.page.waitForSelector('#history')
    await window.seek(2500)
    await window.page.focus('#history')
    await window.press('ArrowRight')
    await window.page.waitForSelector('[data-born]')
    await window.picture('addresses')
  })
})
