import { writeFileSync } from 'node:fs'
import { formatBytes, formatCount } from '@reheap/kernel'
import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { CYCLES, EXPANDABLE, eventsOf, HELLO, OOM, TIGHT, TRAIN, Workplace } from './recordings.ts'
import type { SizeClass } from './told.ts'
import { legendTold } from './told-heap.ts'

interface Pinned {
  readonly address: number
  readonly pools: number
  readonly freePools: number
  readonly liveBytes: number
  readonly blocks: readonly { readonly block: number; readonly address: number; readonly bytes: number }[]
}

inBrowser('maps in a browser', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

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
    const byId = new Map(arena?.blocks.map((each) => [String(each.block), each]))
    for (const [block = '', address, bytes, born] of rows) {
      const pinned = byId.get(block)
      expect([block, address, bytes]).toEqual([block, `0x${pinned?.address.toString(16)}`, formatCount(pinned?.bytes ?? 0)])
      expect([block, born]).toEqual([block, formatCount(birthOf(events, pinned?.block ?? -1, 60_000))])
    }
    await window.page.selectOption('select:near(:text("colour by"))', 'age')
    await window.picture('heap')
  })

  test('[V17] [V66] pools are coloured by the type of what they hold, by age and by thread, each with a legend that adds up', async () => {
    const log = place.record('cycles', CYCLES)
    await window.view(log)
    await window.seek(900)
    for (const by of ['type', 'thread']) {
      await window.page.selectOption('select:near(:text("colour by"))', by)
      await window.page.waitForSelector('section[aria-label="heap map"][data-at="900"]')
      const legend = await window.page.locator('.legend.wrap > span').allTextContents()
      const pools = legend.map((entry) => Number(/\((\d+)\)$/.exec(entry)?.[1]))
      const { sizeClasses } = (await command(['stats', log, '--until', '900'])) as never as { sizeClasses: readonly { pools: number }[] }
      expect(pools.reduce((sum, each) => sum + each, 0)).toBe(sizeClasses.reduce((sum, each) => sum + each.pools, 0))
      if (by === 'thread') expect(legend).toEqual([` thread 0 (${pools[0]})`])
      else expect(legend.join(' ')).toMatch(/Node|list|str|dict/)
    }
    // A pool of lists, and the object that one of its blocks was made for.
    await window.page.focus('#heap')
    await window.press('ArrowRight')
    for (let steps = 0; steps < 60 && (await window.page.locator('table[aria-label="blocks of the pool"] .link').count()) === 0; steps++) {
      await window.press('ArrowRight', 'Enter')
      await window.rests()
    }
    const link = window.page.locator('table[aria-label="blocks of the pool"] .link').first()
    const [, type, object] = /^(.+) (\d+)$/.exec((await link.textContent()) ?? '') ?? []
    await link.click()
    await window.page.waitForSelector(`.neighbourhood h3:text-is("${type}, object ${object}")`)
  })

  test('[V170] the legend of size classes has those that occur, with the pools and bytes of reheap stats, in the colours of the map', async () => {
    for (const at of [20_000, 60_000]) {
      await window.view(HELLO)
      await window.seek(at)
      const { sizeClasses } = (await command(['stats', HELLO, '--until', String(at)])) as never as { sizeClasses: readonly SizeClass[] }
      const used = sizeClasses.filter(({ usedBlocks }) => usedBlocks > 0)
      const legend = await window.page.evaluate(
        `[...document.querySelectorAll('.legend > span')].map((entry) => [entry.textContent.trim(), entry.title])`,
      )
      expect(legend).toEqual(legendTold(used))
    }
    expect(new Set(await swatches()).size).toBeGreaterThan(20)
  })

  test('[V171] every arena is on the map, however many there are, and a picture holds all or says how many', async () => {
    const { page } = window
    const ARENAS = 2100
    const address = (arena: number): number => 0x7f00_0000_0000 + arena * 2 ** 18
    // 64 pools of 7 blocks of 512 bytes each; of the last arena only one block, of 16 bytes.
    const blocks = (arena: number): readonly number[] => (arena < ARENAS - 1 ? new Array<number>(448).fill(512) : [16])
    let next = 0
    const lines = Array.from({ length: ARENAS }, (_, arena) => [
      JSON.stringify({ kind: 'ArenaMapped', address: address(arena), bytes: 2 ** 18 }),
      ...blocks(arena).map((bytes) => `{"kind":"Malloc","domain":"obj","block":${next++},"bytes":${bytes}}`),
    ])
    const header = JSON.stringify({ reheap: 1, runtime: { name: 'cpython', version: '3.9.18', pointerBits: 64 } })
    writeFileSync(place.at('many.jsonl'), [header, ...lines.flat(), ''].join('\n'))
    await window.view(place.at('many.jsonl'))
    const { allocatorStats, sizeClasses } = (await command(['stats', place.at('many.jsonl')])) as never as {
      allocatorStats: { arenas: number }
      sizeClasses: readonly SizeClass[]
    }
    expect(allocatorStats.arenas).toBe(ARENAS)
    expect((await page.locator('.legend > span').allTextContents()).map((entry) => entry.trim())).toEqual(
      legendTold(sizeClasses).map(([name]) => name),
    )
    const said = (await page.textContent('section[aria-label="heap map"] .bar > .quiet')) ?? ''
    const [, held = ''] = /^2,100 arenas, .*; a saved picture holds the first ([\d,]+) of them$/.exec(said) ?? []
    const [first, last] = [`0x${address(0).toString(16)}`, `0x${address(ARENAS - 1).toString(16)}`]
    const [small, large] = await swatches()
    // From the first row to the last, and back, by the wheel alone.
    expect(await pointedAtTop()).toEqual([`pool ${first} of arena 0: 7 live blocks of 512 bytes`, large])
    await page.evaluate('document.querySelector(".map").scrollTop = 1e9')
    const box = await page.locator('#heap').boundingBox()
    const [told, colour] = await pointedAt(Math.floor((box?.height ?? 0) - 10))
    expect([told, colour]).toEqual([`pool ${last} of arena 2099: 1 live block of 16 bytes`, small])
    await page.evaluate('document.querySelector(".map").scrollTop = 0')
    expect((await pointedAtTop())[1]).toBe(large)
    // A link to a pool leads there, too.
    await page.evaluate(`location.hash = location.hash + '&pool=${address(ARENAS - 1)}'`)
    await page.waitForSelector('.pins[data-blocks="1"]')
    await expect.poll(() => page.evaluate('document.querySelector(".map").scrollTop > 10000'), { timeout: 5000 }).toBe(true)
    const png = (await window.saved('PNG')).readUInt32BE(20)
    expect(png).toBeLessThanOrEqual(32_767)
    expect(png / 2).toBeGreaterThan(Number(held.replace(',', '')) * 7)
  })

  /** Colours of the legend, as the page paints them. */
  const swatches = (): Promise<readonly string[]> =>
    window.page.evaluate(`[...document.querySelectorAll('.legend .swatch')].map((mark) => getComputedStyle(mark).backgroundColor)`)

  const pointedAtTop = (): Promise<readonly string[]> => pointedAt(8)

  /** What is told of the first pool of a row, and its colour there. @param y below the upper edge of what is seen */
  const pointedAt = (y: number): Promise<readonly string[]> =>
    window.page.evaluate(`(async () => {
      const map = document.querySelector('#heap')
      for (const drawn of [1, 2, 3]) await new Promise(requestAnimationFrame)
      const { left, top } = map.getBoundingClientRect()
      map.dispatchEvent(new MouseEvent('mousemove', { clientX: left + 5, clientY: top + ${y}, bubbles: true }))
      await new Promise((next) => setTimeout(next, 50))
      const told = document.querySelector('section[aria-label="heap map"] > .told').textContent
      const [red, green, blue] = map.getContext('2d').getImageData(5 * devicePixelRatio, ${y} * devicePixelRatio, 1, 1).data
      return [told, 'rgb(' + red + ', ' + green + ', ' + blue + ')']
    })()`)

  test('[V18] a block of the GPU map is walked to with the keyboard and tells who asked for it', async () => {
    await window.view(TRAIN)
    await window.seek(3000)
    await window.page.focus('#device')
    await window.press('ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft')
    const told = (await window.page.textContent('.told')) ?? ''
    const [, address = '', block = ''] = /^(0x[0-9a-f]+): .*allocated, block (\d+),/.exec(told) ?? []
    await window.press('Enter')
    await window.page.waitForSelector('.origin')
    const events = eventsOf(TRAIN)
    const born = events.findLastIndex((event, index) => index < 3000 && event.kind === 'DeviceMalloc' && String(event.block) === block)
    expect(events[born]?.address).toBe(Number(address))
    expect(await window.page.textContent('.origin')).toBe(`asked for by event ${formatCount(born)}`)
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

  test('[V61] what the map tells of a place is what lies there at the cursor', async () => {
    const { page } = window
    await window.view(EXPANDABLE)
    const events = eventsOf(EXPANDABLE)
    const born = events.findIndex(({ kind }, index) => kind === 'DeviceMalloc' && index > 1000)
    const { block } = events[born] as never as { block: number }
    const died = events.findIndex((event, index) => index > born && event.kind === 'DeviceFree' && event.block === block)
    await window.seek(born + 1)
    await page.focus('#device')
    for (let steps = 0; steps < 400 && !(await page.textContent('.told'))?.includes(`block ${block},`); steps++)
      await window.press('ArrowRight')
    expect(await page.textContent('.told')).toContain(`allocated, block ${block},`)
    await window.seek(died + 1)
    expect(await page.textContent('.told')).not.toContain(`block ${block},`)
    await window.view(TIGHT)
    await window.seek(2500)
    const { devices } = (await command(['stats', TIGHT, '--until', '2500'])) as never as {
      devices: readonly { segments: readonly { address: number; bytes: number; stream: number; type: string }[] }[]
    }
    const segments = devices[0]?.segments ?? []
    // Ranges of one expandable segment, with a gap between them.
    const left = segments.findIndex(
      ({ stream, type }, place) => segments[place + 1]?.stream === stream && segments[place + 1]?.type === type,
    )
    const [before, behind] = [segments[left], segments[left + 1]]
    const [start, end] = [(before?.address ?? 0) + (before?.bytes ?? 0), behind?.address ?? 0]
    expect(end).toBeGreaterThan(start)
    const bytes = (behind?.address ?? 0) + (behind?.bytes ?? 0) - (before?.address ?? 0)
    await window.rests()
    const box = await page.locator('#device').boundingBox()
    if (box === null) throw new Error('the map is not there')
    // Rows are 21 pixels high; each fills the width behind 240 pixels for its name.
    const share = ((start + end) / 2 - (before?.address ?? 0)) / bytes
    await page.mouse.move(box.x + 240 + share * (box.width - 240), box.y + left * 21 + 9)
    await window.rests()
    const [, address = ''] = /^(0x[0-9a-f]+): nothing is mapped there$/.exec((await page.textContent('.told')) ?? '') ?? []
    expect(Number(address)).toBeGreaterThanOrEqual(start)
    expect(Number(address)).toBeLessThan(end)
  })

  test('[V60] segments are sorted by what they have free, and the one that is picked is shown on the map', async () => {
    const { page } = window
    await window.view(TRAIN)
    await window.seek(3000)
    await window.tab('Segments')
    const { devices } = (await command(['stats', TRAIN, '--until', '3000'])) as never as {
      devices: readonly {
        segments: readonly { address: number; bytes: number; blocks: readonly { state: string; address: number; bytes: number }[] }[]
      }[]
    }
    const free = (devices[0]?.segments ?? []).map(({ bytes, blocks }) =>
      blocks.reduce((left, block) => left - (block.state === 'inactive' ? 0 : block.bytes), bytes),
    )
    const shown = async (): Promise<readonly string[]> => (await window.rows('segments')).map((row) => row[5] ?? '')
    expect(await shown()).toEqual(free.map(formatBytes))
    await page.click('button.sort:text-is("free")')
    expect(await shown()).toEqual(free.toSorted((a, b) => b - a).map(formatBytes))
    expect(await page.getAttribute('th:has-text("free")', 'aria-sort')).toBe('descending')
    await page.click('button.sort:text-is("free")')
    expect(await shown()).toEqual(free.toSorted((a, b) => a - b).map(formatBytes))
    await page.click('button.sort:text-is("free")')
    expect(await shown()).toEqual(free.map(formatBytes))
    const last = devices[0]?.segments.at(-1)
    await page.locator('table[aria-label=segments] tbody tr').last().click()
    await page.waitForSelector(`.told:has-text("0x${last?.blocks[0]?.address.toString(16)}")`)
    await window.rests()
    expect(Number(await page.evaluate('document.querySelector(".map").scrollTop'))).toBeGreaterThan(0)
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

  test('[V56] addresses have a scale, are zoomed with Shift and moved by a drag, and stand in the address', async () => {
    const { page } = window
    const shown = async (): Promise<readonly number[]> => {
      await window.rests()
      const kept = new URLSearchParams(new URL(page.url()).hash.slice(1))
      return [
        ...(kept.get('addresses') ?? '0-1').split('-'),
        ...(kept.get('zoom') ?? `0-${await page.getAttribute('#event', 'max')}`).split('-'),
      ].map(Number)
    }
    await page.locator('#history').scrollIntoViewIfNeeded()
    await window.rests()
    const box = await page.locator('#history').boundingBox()
    if (box === null) throw new Error('the picture is not there')
    // Below the allocations stands the axis of events, to the left that of addresses.
    const height = 420
    const width = Number(await page.getAttribute('#history', 'data-width'))
    const middle = box.x + Number(await page.getAttribute('#history', 'data-left')) + width / 2
    await page.mouse.move(middle, box.y + height / 4)
    await page.keyboard.down('Shift')
    for (const _ of [1, 2, 3, 4]) await page.mouse.wheel(0, -100)
    await page.keyboard.up('Shift')
    const [low = 0, high = 0, from, to] = await shown()
    // Four steps of 1.2; what was pointed at, three quarters up, stays there.
    expect(high - low).toBeCloseTo(1.2 ** -4, 5)
    expect(low + 0.75 * (high - low)).toBeCloseTo(0.75, 2)
    for (const _ of [1, 2, 3, 4]) await page.mouse.wheel(0, -100)
    const zoomed = await shown()
    expect(((zoomed[3] ?? 0) - (zoomed[2] ?? 0)) / ((to ?? 0) - (from ?? 0))).toBeCloseTo(1.2 ** -4, 2)
    await page.mouse.down()
    await page.mouse.move(middle + 0.2 * width, box.y + height / 4 + 0.1 * height, { steps: 5 })
    await page.mouse.up()
    const moved = await shown()
    expect(((moved[0] ?? 0) - (zoomed[0] ?? 0)) / (high - low)).toBeCloseTo(0.1, 1)
    expect(((zoomed[2] ?? 0) - (moved[2] ?? 0)) / ((zoomed[3] ?? 0) - (zoomed[2] ?? 0))).toBeCloseTo(0.2, 1)
    await page.click('button:text-is("All addresses")')
    expect((await shown()).slice(0, 2)).toEqual([0, 1])
    await page.focus('#history')
    await window.press('W')
    expect(((await shown())[1] ?? 0) - ((await shown())[0] ?? 0)).toBeCloseTo(1 / 1.4, 3)
  })

  test('[V54] [V55] what was there before the log begins stands there with the program’s own frame, whatever lies below it', async () => {
    // Frames as PyTorch writes them with stacks of C++.
    const frames = [
      { file: '??', line: 0, function: 'torch::unwind::unwind()' },
      { file: 'memory_snapshot.cpp', line: 0, function: 'torch::cuda::(anonymous namespace)::gather_with_cpp()' },
      { file: '/venv/site-packages/torch/nn/modules/linear.py', line: 125, function: 'forward' },
      { file: 'train.py', line: 31, function: 'step' },
    ]
    const MIB = 2 ** 20
    const events: readonly object[] = [
      { reheap: 1, runtime: { name: 'pytorch', version: '2.11.0', pointerBits: 64 } },
      { kind: 'DeviceOpened', device: 0, capacityBytes: 2 ** 33, contextBytes: 0 },
      { kind: 'Stack', stack: 0, frames },
      { kind: 'RestoreSegment', stream: 0, address: 2 ** 40, bytes: 60 * MIB, type: 'large', isExpandable: false },
      { kind: 'RestoreBlock', block: 1, bytes: 20 * MIB, requestedBytes: 20 * MIB, state: 'active_allocated', stack: 0 },
      { kind: 'RestoreBlock', block: 2, bytes: 20 * MIB, requestedBytes: 20 * MIB, state: 'active_allocated', stack: 0 },
      { kind: 'RestoreBlock', block: null, bytes: 20 * MIB, requestedBytes: 0, state: 'inactive' },
      { kind: 'DeviceMalloc', block: 3, device: 0, stream: 0, bytes: 20 * MIB, stack: 0 },
      { kind: 'DeviceFree', block: 1 },
    ]
    await window.show(Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')), 'restored.jsonl')
    await window.tab('Addresses over time')
    await window.page.waitForSelector('#history')
    const seen: string[] = []
    await window.page.focus('#history')
    for (const born of [6, -1, -1]) {
      await window.press('ArrowRight')
      await window.page.waitForSelector(`[data-born="${born}"]`)
      seen.push((await window.page.textContent('[data-born]')) ?? '')
    }
    const address = (place: number): string => `0x${(2 ** 40 + place * 20 * MIB).toString(16)}`
    expect(seen).toEqual([
      `20.00 MiB at ${address(2)}, stream 0: from event 6 to the end`,
      `20.00 MiB at ${address(0)}, stream 0: from before the log to event 7`,
      `20.00 MiB at ${address(1)}, stream 0: from before the log to the end`,
    ])
    await window.page.waitForSelector('ol.stack')
    expect(await window.page.locator('section[aria-label="addresses over time"] > ol.stack > li').allTextContents()).toEqual([
      'forward (/venv/site-packages/torch/nn/modules/linear.py:125)',
      'step (train.py:31)',
    ])
    expect(await window.page.textContent('summary:text-is("All 4 frames")')).toBe('All 4 frames')
    await window.seek(7)
    expect(await window.page.textContent('.source b')).toBe('train.py:31')
  })

  test('[V57] maps are drawn anew when the window changes, and the page is never wider than it', async () => {
    const { page } = window
    await window.view(TRAIN)
    for (const width of [420, 1000]) {
      for (const name of await page.locator('[role=tab]').allTextContents()) {
        await window.tab(name)
        await page.setViewportSize({ width: width + 300, height: 800 })
        await page.setViewportSize({ width, height: 800 })
        const widths = (): Promise<unknown> =>
          page.evaluate(
            '(() => { const canvas = document.querySelector("[role=tabpanel] canvas"); return [document.documentElement.scrollWidth, canvas === null ? 0 : canvas.clientWidth - canvas.parentElement.clientWidth] })()',
          )
        await expect.poll(widths, { message: name }).toEqual([width, 0])
      }
    }
    await page.setViewportSize({ width: 1280, height: 860 })
  })
})
