import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { HELLO, OOM, SESSIONS } from './recordings.ts'

interface Row {
  readonly before: Readonly<Record<string, number>>
  readonly after: Readonly<Record<string, number>>
  readonly change: number
}
interface Stretch {
  readonly before: { readonly events: number; readonly cost: Readonly<Record<string, number>> }
  readonly after: Stretch['before']
  readonly types: readonly Row[]
  readonly sizeClasses: readonly Row[]
  readonly owners: readonly Row[]
  readonly segments: readonly Row[]
  readonly askedBy: readonly Readonly<Record<'live' | 'allocated', { readonly blocks: number; readonly bytes: number }>>[]
  readonly between: Readonly<Record<'allocated' | 'freed', { readonly blocks: number; readonly bytes: number }>> & {
    readonly born: number
    readonly died: number
  }
}

inBrowser('the area', (window) => {
  const stretch = async (path: string, from: number, to: number): Promise<Stretch> =>
    (await command(['diff', path, '--since', String(from), '--until', String(to)])) as never as Stretch

  /** Figures of a table, row by row, under their keys. */
  const figures = (label: string): Promise<readonly Readonly<Record<string, number>>[]> =>
    window.page.evaluate(
      `[...document.querySelectorAll('table[aria-label="${label}"] tbody tr')].map((row) => Object.fromEntries([...row.querySelectorAll('[data-key]')].map((cell) => [cell.dataset.key, Number(cell.value)])))`,
    )
  const rested = (): Promise<unknown> => window.page.waitForSelector('section[aria-label=area][aria-busy=false] table')

  /** Drags over the curves. @returns the events before both ends, as the page tells them */
  async function drag(first: number, last: number): Promise<readonly [from: number, to: number]> {
    await window.rests()
    const box = await window.page.locator('.timeline .u-over').boundingBox()
    if (box === null) throw new Error('the timeline is not drawn')
    const { x, y, width, height } = box
    await window.page.mouse.move(x + first * width, y + height / 2)
    await window.page.mouse.down()
    await window.page.mouse.move(x + ((first + last) / 2) * width, y + height / 2)
    await window.page.mouse.move(x + last * width, y + height / 2)
    await window.page.mouse.up()
    await rested()
    const ends = (await window.page.evaluate(
      `['from', 'to'].map((name) => Number(document.querySelector('section[aria-label=area] [name=' + name + ']').value))`,
    )) as [number, number]
    return ends
  }

  async function type(from: number, to: number): Promise<void> {
    await window.page.fill('section[aria-label=area] [name=from]', String(from))
    await window.page.fill('section[aria-label=area] [name=to]', String(to))
    await window.page.press('section[aria-label=area] [name=to]', 'Enter')
    await window.page.waitForSelector(
      `section[aria-label=area] h3:has-text("From event ${from.toLocaleString('en-US')} to ${to.toLocaleString('en-US')}")`,
    )
    await rested()
  }

  const changesOf = (rows: readonly Row[], counted: string) =>
    rows.slice(0, 200).map(({ before, after, change }) => ({
      change,
      'before.bytes': before.bytes,
      'after.bytes': after.bytes,
      'before.count': before[counted],
      'after.count': after[counted],
    }))

  /** Every figure of the costs is the command's. */
  async function expectCosts(
    told: Stretch,
    before: Readonly<Record<string, number>>,
    after: Readonly<Record<string, number>>,
  ): Promise<void> {
    const shown = (await figures('difference')).flatMap((row) => Object.entries(row))
    expect(shown.length).toBeGreaterThan(5)
    // What a moment has none of stands once, as the part's own.
    const once = (await figures('peaks and counts')).flatMap((row) => Object.keys(row))
    expect(once.length).toBeGreaterThan(0)
    for (const key of once) expect(shown.map(([each]) => each)).not.toContain(key)
    shown.push(...(await figures('peaks and counts')).flatMap((row) => Object.entries(row)))
    for (const [key, value] of shown) {
      const [side = '', figure = ''] = key.split('.')
      const sides: Readonly<Record<string, number | undefined>> = {
        before: before[figure],
        after: after[figure],
        change: (after[figure] ?? 0) - (before[figure] ?? 0),
      }
      expect([key, value]).toEqual([key, sides[side]])
    }
    const { allocated, freed, born, died } = told.between
    const objects = born === undefined || born + died === 0 ? [] : [{ born }, { died }]
    expect(await figures('in between')).toEqual([
      { 'allocated.blocks': allocated.blocks, 'allocated.bytes': allocated.bytes },
      { 'freed.blocks': freed.blocks, 'freed.bytes': freed.bytes },
      ...objects,
    ])
  }

  test('[V85] while all of the log is shown, Area says how to choose a part', async () => {
    await window.view(HELLO)
    await window.tab('Area')
    expect(await window.page.textContent('section[aria-label=area]')).toContain('All of the log is shown. Drag over the curves')
    expect(await window.page.locator('section[aria-label=area] table').count()).toBe(0)
  })

  test('[V83] what a drag over the curves selects: costs and size classes are those of reheap diff', async () => {
    const [from, to] = await drag(0.4, 0.7)
    expect(Number.isInteger(from) && Number.isInteger(to) && from < to).toBe(true)
    const told = await stretch(HELLO, from, to)
    await expectCosts(told, told.before.cost, told.after.cost)
    expect(await figures('difference by size class')).toEqual(changesOf(told.sizeClasses, 'blocks'))
  })

  test('[V84] the part is asked for when it has rested; until its figures are there the page says what they are of', async () => {
    const heading = (): Promise<string | null> => window.page.textContent('section[aria-label=area] h3')
    // All keys before the page can do anything else, and what it shows just behind them.
    const pressed = (keys: string): Promise<readonly unknown[]> =>
      window.page.evaluate(
        `(async () => { for (const key of '${keys}') dispatchEvent(new KeyboardEvent('keydown', { key })); await new Promise((next) => setTimeout(next)); const area = document.querySelector('section[aria-label=area]'); return [area.ariaBusy, area.querySelector('h3').textContent, area.textContent.includes('Replaying')] })()`,
      )
    const before = await heading()
    const during = await pressed('d')
    expect(during).toEqual(['true', before, true])
    await rested()
    expect(await heading()).not.toBe(before)
    await window.page.evaluate(
      `{ const { postMessage } = Worker.prototype; self.asked = 0; Worker.prototype.postMessage = function (message) { if (message.kind === 'area') self.asked++; postMessage.call(this, message) } }`,
    )
    expect((await pressed('aadaa'))[0]).toBe('true')
    await window.rests()
    expect(await window.page.evaluate('self.asked')).toBe(1)
    await window.press('0')
    await window.page.waitForSelector('section[aria-label=area]:has-text("All of the log is shown")')
  })

  test('[V85] two events that are typed choose it, and the link comes back to it', async () => {
    await window.view(SESSIONS)
    await window.tab('Area')
    await type(4000, 9000)
    const told = await stretch(SESSIONS, 4000, 9000)
    await expectCosts(told, told.before.cost, told.after.cost)
    expect(await figures('difference by type')).toEqual(changesOf(told.types, 'objects'))
    expect(await figures('still live by who asked')).toEqual(
      told.askedBy.map(({ live, allocated }) => ({
        'live.blocks': live.blocks,
        'live.bytes': live.bytes,
        'allocated.blocks': allocated.blocks,
        'allocated.bytes': allocated.bytes,
      })),
    )
    await window.page.waitForFunction(`location.hash.includes('zoom=4000-9000')`)
    await window.page.reload()
    await rested()
    expect(await figures('difference by type')).toEqual(changesOf(told.types, 'objects'))
    await window.picture('area')
  })

  test('[V86] the area is saved as JSON, as the command prints it', async () => {
    const download = window.page.waitForEvent('download')
    await window.page.click('button[aria-label="save the area as JSON"]')
    const saved = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as Stretch
    const { log: _, damage: __, ...told } = (await stretch(SESSIONS, 4000, 9000)) as never as Record<string, unknown> & Stretch
    const unnamed = ({ before, after, ...rest }: Stretch) => ({ ...rest, before: { ...before, name: '' }, after: { ...after, name: '' } })
    expect(unnamed(saved)).toEqual(unnamed(told))
  })

  test('[V83] of a GPU: costs, owners and segments', async () => {
    await window.view(OOM)
    await window.tab('Area')
    const [from, to] = await drag(0.15, 0.3)
    const told = await stretch(OOM, from, to)
    const { devices: first } = told.before as never as { devices: Readonly<Record<string, number>>[] }
    const { devices: second } = told.after as never as { devices: Readonly<Record<string, number>>[] }
    await expectCosts(told, first[0] ?? {}, second[0] ?? {})
    expect(await figures('difference by owner')).toEqual(changesOf(told.owners, 'blocks'))
    expect(await figures('difference by segment')).toEqual(changesOf(told.segments, 'segments'))
  })

  test('[V84] the cursor goes on while a part is replayed', async () => {
    await window.view(HELLO)
    await window.tab('Area')
    // The cursor moves as soon as the part has been asked for; the order of the answers is kept.
    await window.page.evaluate(
      `{ const { postMessage } = Worker.prototype; const kinds = new Map(); self.order = []; Worker.prototype.postMessage = function (message) { if (kinds.size === 0) this.addEventListener('message', ({ data }) => 'progress' in data || order.push(kinds.get(data.id))); kinds.set(message.id, message.kind); postMessage.call(this, message); if (message.kind === 'area') dispatchEvent(new KeyboardEvent('keydown', { key: 'Home' })) } }`,
    )
    await type(10, 150_000)
    const order = (await window.page.evaluate('order')) as readonly string[]
    expect(order.filter((kind) => kind === 'view' || kind === 'area')).toEqual(['view', 'area'])
    expect(await window.page.textContent('aside h2')).toBe('After 0 events')
  })
})
