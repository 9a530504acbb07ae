import { writeFileSync } from 'node:fs'
import { formatBytes, formatCount } from '@reheap/kernel'
import { afterAll, expect, test } from 'vitest'
import { layoutOf, placeOf, placeText } from '../src/page/device-rows.ts'
import { RowScale } from '../src/page/device-scale.ts'
import { openedView } from '../src/session/sent-segments.ts'
import { command, inBrowser } from './browser.ts'
import { EXPANDABLE, OOM, SPLIT_STREAMS, TRAIN, Workplace } from './recordings.ts'
import { opened } from './sessions.ts'
import { twoDevices } from './two-devices.ts'

interface Block {
  readonly address: number
  readonly bytes: number
  readonly requestedBytes: number
  readonly state: string
  readonly born: number | null
  readonly owner: string | null
}
interface Segment {
  readonly device: number
  readonly address: number
  readonly bytes: number
  readonly stream: number
  readonly blocks: readonly Block[]
}

/** Segments of each device, as the command tells them. */
async function segmentsOf(log: string, until: number): Promise<readonly (readonly Segment[])[]> {
  const { devices } = (await command(['stats', log, '--until', String(until)])) as never as {
    devices: readonly { segments: readonly Segment[] }[]
  }
  return devices.map(({ segments }) => segments)
}

const MIB = 2 ** 20

test('[V95] every segment of every device is a row below the heading of its device', async () => {
  const { session } = await opened(new Uint8Array(twoDevices(SPLIT_STREAMS)), 'two.jsonl')
  const { devices } = openedView(session.view(900))
  const { rows, headings, height } = layoutOf(devices)
  expect(headings.map(({ device, segments }) => [device, segments])).toEqual(devices.map((each) => [each.device, each.segments.length]))
  const told = devices.flatMap(({ device, segments }) => segments.map(({ address }) => [device, address]))
  expect(rows.map(({ device, address }) => [device, address])).toEqual(told)
  const [, second] = headings
  for (const { device, top } of rows) expect(top > (second?.top ?? 0)).toBe(device === 1)
  expect(height).toBe((rows.at(-1)?.top ?? 0) + 21)
  expect(layoutOf(devices.slice(0, 1)).headings).toEqual([])
})

test('[V97] an address is found at the pixel that it is drawn at, whatever rows are wide in and however they are zoomed', () => {
  const row = { device: 0, address: 2 ** 40, bytes: 20 * MIB, ranges: [], reservedBytes: null }
  for (const largest of [null, 100 * MIB])
    for (const shares of [[0, 1] as const, [0.1, 0.15] as const]) {
      const scale = new RowScale(1240, largest, shares)
      const address = row.address + Math.round((shares[0] + 0.02) * (largest ?? row.bytes))
      expect(scale.pixelOf(row, address)).toBeCloseTo(240 + (0.02 / (shares[1] - shares[0])) * 1000, 2)
      expect(Math.abs((scale.addressAt(row, scale.pixelOf(row, address)) ?? 0) - address)).toBeLessThanOrEqual(1)
    }
  expect(new RowScale(1240, 100 * MIB, [0, 1]).addressAt(row, 240 + 201)).toBe(null)
})

test('[V98] a place is written into the address as it is read', () => {
  expect(placeOf(placeText({ device: 3, address: 139_637_976_727_552 }))).toEqual({ device: 3, address: 139_637_976_727_552 })
  for (const text of ['', '0', '0-12', 'x-0x12']) expect(placeOf(text)).toBe(null)
})

inBrowser('the GPU map in a browser', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  const legend = async (): Promise<readonly (readonly [name: string, blocks: number, bytes: number])[]> =>
    (await window.page.evaluate(
      `[...document.querySelectorAll('section[aria-label="GPU map"] .legend [data-name]')].map(({ dataset }) => [dataset.name, Number(dataset.blocks), Number(dataset.bytes)])`,
    )) as never
  const colourBy = (by: string) => window.page.selectOption('label:has-text("colour by") select', by)
  /** Colour of the map at a pixel of the page. */
  const colourAt = async (x: number, y: number): Promise<readonly number[]> =>
    (await window.page.evaluate(
      `[...document.querySelector('#device').getContext('2d').getImageData(${Math.round(x)}, ${Math.round(y)}, 1, 1).data]`,
    )) as never

  test('[V95] the map names its devices, and a picture holds every row or says how many', async () => {
    const two = place.at('two.jsonl')
    writeFileSync(two, twoDevices(SPLIT_STREAMS))
    await window.view(two)
    await window.seek(900)
    const segments = await segmentsOf(two, 900)
    const name = (await window.page.getAttribute('#device', 'aria-label')) ?? ''
    segments.forEach((own, device) => {
      expect(name).toContain(`device ${device} with ${own.length} segments`)
    })
    await window.page.focus('#device')
    await window.press('ArrowDown')
    expect(await window.page.textContent('.told')).toContain('device 0')
    const [, above = ''] = /height="(\d+)"/.exec(String(await window.saved('SVG'))) ?? []
    const high = (await window.saved('PNG')).readUInt32BE(20) / 2 - Number(above)
    // Rows of 21 pixels, headings of 26, and above them a caption of 30 and one row of the legend.
    expect(high).toBe(30 + 20 + 2 * 26 + segments.flat().length * 21)
    const many: readonly object[] = [
      { reheap: 1, runtime: { name: 'pytorch', version: '2.11.0' } },
      { kind: 'DeviceOpened', device: 0, capacityBytes: 2 ** 36, contextBytes: 0 },
      ...Array.from({ length: 1700 }, (_, each) => [
        { kind: 'RestoreSegment', stream: 0, address: 2 ** 40 + each * 4 * MIB, bytes: 2 * MIB, type: 'small', isExpandable: false },
        { kind: 'RestoreBlock', block: each + 1, bytes: 2 * MIB, requestedBytes: 2 * MIB, state: 'active_allocated' },
      ]).flat(),
    ]
    await window.show(Buffer.from(many.map((event) => `${JSON.stringify(event)}\n`).join('')), 'many.jsonl')
    const said = (await window.page.textContent('section[aria-label="GPU map"] .bar > .quiet')) ?? ''
    const [, held = ''] = /^1,700 segments by address; a saved picture holds the first (\d+) of 1,700 rows$/.exec(said) ?? []
    const png = (await window.saved('PNG')).readUInt32BE(20)
    expect(png).toBeLessThanOrEqual(32_767)
    expect(png / 2).toBeGreaterThan(Number(held) * 21)
    // The last one is there too.
    await window.tab('Segments')
    await window.page.click('button.sort:text-is("segment")')
    await window.page.locator('table[aria-label=segments] tbody tr').first().click()
    await window.page.waitForSelector(`.told:has-text("0x${(2 ** 40 + 1699 * 4 * MIB).toString(16)}: 2.00 MiB allocated, block 1700")`)
  })

  test('[V96] blocks by state, stream and who asked add up to what the command tells, in colours that the legend has', async () => {
    await window.view(TRAIN)
    await window.seek(3000)
    await window.rests()
    const segments = (await segmentsOf(TRAIN, 3000)).flat()
    const blocks = segments.flatMap((segment) => segment.blocks.map((block) => ({ ...block, segment })))
    const summed = (name: string, own: readonly Block[]) => [name, own.length, own.reduce((sum, { bytes }) => sum + bytes, 0)]
    const live = blocks.filter(({ state }) => state !== 'inactive')
    const free = summed(
      'free',
      blocks.filter(({ state }) => state === 'inactive'),
    )
    expect(await legend()).toEqual([summed('allocated', live), free])
    const swatch = (name: string) =>
      window.page.evaluate(`getComputedStyle(document.querySelector('.legend [data-name="${name}"] i')).color`) as Promise<string>
    const width = Number(await window.page.evaluate('document.querySelector("#device").clientWidth'))
    const mixed = segments.findIndex((segment) =>
      segment.blocks.some(({ state, bytes }) => state === 'inactive' && bytes > segment.bytes / 2),
    )
    for (const [state, name] of [
      ['active_allocated', 'allocated'],
      ['inactive', 'free'],
    ] as const) {
      const segment = segments[mixed] as Segment
      const block = segment.blocks.filter((each) => each.state === state).toSorted((a, b) => b.bytes - a.bytes)[0] as Block
      const left = 240 + ((block.address - segment.address) / segment.bytes) * (width - 240)
      const [red, green, blue] = await colourAt(state === 'inactive' ? left + 40 : left + 3, mixed * 21 + (state === 'inactive' ? 0 : 9))
      const told = (await swatch(name)).match(/\d+/g)?.map(Number) ?? []
      // The outline of a free block lies between two pixels.
      for (const [place, channel] of [red, green, blue].entries())
        expect(Math.abs((channel ?? 0) - (told[place] ?? 0)), `${name}: ${red} ${green} ${blue} for ${told}`).toBeLessThan(
          state === 'inactive' ? 40 : 3,
        )
    }
    await colourBy('stream')
    expect(await legend()).toEqual([summed('stream 0', live), free])
    await colourBy('owner')
    await window.page.waitForSelector('section[aria-label="GPU map"][data-at="3000"]')
    const { event } = (await command(['explain', TRAIN, '--at', '2999'])) as never as {
      event: { owners: readonly { owner: string; blocks: number; bytes: number }[] }
    }
    const owners = event.owners.map(({ owner, blocks: many, bytes }) => [owner, many, bytes] as const)
    const rest = owners.slice(7)
    const others = ['others', ...([1, 2] as const).map((figure) => rest.reduce((sum, row) => sum + row[figure], 0))]
    expect(await legend()).toEqual([...owners.slice(0, 7), others, free])
    await colourBy('age')
    await expect.poll(legend).toEqual([free])
    await colourBy('size')
    const sizes = live.map(({ bytes }) => bytes)
    const ramp = (await window.page.textContent('section[aria-label="GPU map"] .legend span:has(.ramp)')) ?? ''
    expect(ramp.split(/ {2,}/)).toEqual([formatBytes(Math.min(...sizes)), formatBytes(Math.max(...sizes))])
    await window.view(EXPANDABLE)
    await colourBy('state')
    expect((await legend()).map(([name]) => name)).not.toContain('others')
  })

  test('[V97] rows are zoomed with keys and the wheel, and a link comes back to that', async () => {
    await window.view(TRAIN)
    await window.seek(3000)
    const kept = async (key: string): Promise<string | null> => {
      await window.rests()
      return new URLSearchParams(new URL(window.page.url()).hash.slice(1)).get(key)
    }
    await window.page.focus('#device')
    await window.press('+', '+')
    const [low = 0, high = 0] = ((await kept('stretch')) ?? '').split('-').map(Number)
    expect(high - low).toBeCloseTo(1.4 ** -2, 4)
    await window.press('Shift+ArrowRight')
    const [moved = 0] = ((await kept('stretch')) ?? '').split('-').map(Number)
    expect(moved - low).toBeCloseTo(0.2 * (high - low), 4)
    await window.page.selectOption('label:has-text("rows") select', 'same')
    const link = window.page.url()
    expect(await kept('rows')).toBe('same')
    await window.page.goto('about:blank')
    await window.page.goto(link)
    await window.page.waitForSelector('#device')
    expect(await window.page.inputValue('label:has-text("rows") select')).toBe('same')
    await window.page.click('button:text-is("Whole rows")')
    expect(await kept('stretch')).toBe(null)
    const box = await window.page.locator('#device').boundingBox()
    await window.page.mouse.move((box?.x ?? 0) + 600, (box?.y ?? 0) + 50)
    await window.page.keyboard.down('Shift')
    await window.page.mouse.wheel(0, -100)
    await window.page.keyboard.up('Shift')
    await expect.poll(() => kept('stretch')).not.toBe(null)
    await window.page.click('button:text-is("Whole rows")')
    await window.page.selectOption('label:has-text("rows") select', 'own')
  })

  test('[V98] [V99] a chosen block keeps its origin while others are pointed at, and tells what holds its segment', async () => {
    await window.view(TRAIN)
    await window.seek(3000)
    await window.page.focus('#device')
    await window.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter')
    await window.page.waitForSelector('.origin')
    const origin = await window.page.textContent('.origin')
    const address = Number(await window.page.getAttribute('[aria-label="chosen block"]', 'data-address'))
    await window.press('ArrowDown', 'ArrowDown')
    expect(await window.page.textContent('.origin')).toBe(origin)
    expect(await window.page.textContent('.told')).not.toContain(address.toString(16))
    const { segment } = (await command(['explain', TRAIN, '--segment', String(address), '--at', '2999'])) as never as { segment: Segment }
    const words: Record<string, string> = { inactive: 'free', active_allocated: 'allocated' }
    const told = segment.blocks.map(({ address: at, bytes, requestedBytes, state, born, owner }) => [
      `0x${at.toString(16)}`,
      formatBytes(bytes),
      state === 'inactive' ? '' : formatBytes(requestedBytes),
      words[state] ?? state,
      state === 'inactive' ? '' : born === null ? 'before the log' : formatCount(born),
      owner ?? '',
    ])
    expect(await window.rows('blocks of the segment')).toEqual(told)
    expect(origin).toBe(`asked for by event ${formatCount(segment.blocks.find((block) => block.address === address)?.born ?? -1)}`)
    await window.rests()
    const link = window.page.url()
    await window.page.goto('about:blank')
    await window.page.goto(link)
    await window.page.waitForSelector(`[aria-label="chosen block"][data-address="${address}"]`)
    await expect.poll(() => window.page.textContent('.origin')).toBe(origin)
    // Nothing is pointed at: Enter leaves what was chosen.
    await window.page.focus('#device')
    await window.press('Enter')
    await window.rests()
    expect(await window.page.textContent('.origin')).toBe(origin)
    // A click beside the rows lets it go, whatever is still being asked.
    const box = await window.page.locator('#device').boundingBox()
    await window.page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + 50)
    await window.page.waitForSelector('[aria-label="chosen block"]', { state: 'detached' })
    await window.rests()
    expect(await window.page.locator('.origin').count()).toBe(0)
  })

  test('[V102] what is walked with keys is an application with a name', async () => {
    await window.view(OOM)
    for (const name of ['GPU map', 'Addresses over time']) {
      await window.tab(name)
      await window.page.waitForSelector('[role=tabpanel] canvas')
      const canvases = await window.page.evaluate(
        `[...document.querySelectorAll('canvas[tabindex]')].map((each) => [each.getAttribute('role'), (each.getAttribute('aria-label') ?? '').length > 20])`,
      )
      expect(canvases).toEqual([['application', true]])
    }
  })
})
