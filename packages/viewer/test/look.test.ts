import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { COMMAND, HELLO, HELLO_38, NATIVE, OOM, SESSIONS, TRAIN } from './recordings.ts'

const droppedOf = (path: string) => ({ bytes: readFileSync(path), name: basename(path) })

/** Lines that a verb prints for people. */
const linesOf = (...args: readonly string[]): readonly string[] =>
  spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' }).stdout.split('\n')

inBrowser('how the timeline is used', (window) => {
  const curveNamed = (name: string) => window.page.locator('.curve', { hasText: name }).first()
  const pressedOf = (name: string): Promise<string | null> => curveNamed(name).getAttribute('aria-pressed')

  test('[V126] a press that trembles goes there; one that moves farther selects', async () => {
    await window.view(TRAIN)
    const events = Number(await window.page.getAttribute('#event', 'max'))
    await window.rests()
    const box = await window.page.locator('.timeline .u-over').boundingBox()
    if (box === null) throw new Error('the timeline is not drawn')
    const { x, y, width, height } = box
    for (const [share, tremble] of [
      [0.25, 3],
      [0.5, 0],
      [0.75, -4],
    ] as const) {
      await window.page.mouse.move(x + share * width - tremble, y + height / 2)
      await window.page.mouse.down()
      await window.page.mouse.move(x + share * width, y + height / 2 + 1)
      await window.page.mouse.up()
      await expect.poll(async () => Math.round((100 * Number(await window.page.inputValue('#event'))) / events)).toBe(100 * share)
      await window.rests()
      expect(await window.page.evaluate('location.hash')).not.toContain('zoom=')
    }
    await window.page.mouse.move(x + 0.25 * width, y + height / 2)
    await window.page.mouse.down()
    await window.page.mouse.move(x + 0.25 * width + 30, y + height / 2)
    await window.page.mouse.up()
    await window.rests()
    expect(await window.page.evaluate('location.hash')).toContain('zoom=')
    expect(Math.round((100 * Number(await window.page.inputValue('#event'))) / events)).toBe(75)
  })

  test('[V128] hidden curves stand in the link, and go with the log', async () => {
    await window.view(HELLO)
    await curveNamed('C library').click()
    await curveNamed('arenas').click()
    expect([await pressedOf('C library'), await pressedOf('asked for')]).toEqual(['false', 'true'])
    await window.page.reload()
    await window.page.waitForSelector('.figures')
    expect([await pressedOf('C library'), await pressedOf('arenas'), await pressedOf('asked for')]).toEqual(['false', 'false', 'true'])
    await curveNamed('arenas').click()
    expect(await window.page.evaluate('new URLSearchParams(location.hash.slice(1)).get("hide")')).toBe('cLibraryBytes')
    await window.show(readFileSync(HELLO_38), basename(HELLO_38))
    expect(await pressedOf('C library')).toBe('true')
    expect(await window.page.evaluate('location.hash')).not.toContain('hide=')
  })

  test('[V128] so does the row of a what-if that is chosen', async () => {
    const url = await window.view(SESSIONS)
    await window.page.goto('about:blank')
    await window.page.goto(`${url}&tab=beside&vary=profile%3Dcpython-3.9%2Ccpython-3.12&row=2`)
    await curveNamed('held: arenas + C library, cpython-3.12').waitFor()
    expect(await window.page.inputValue('[aria-label=values]')).toBe('cpython-3.9,cpython-3.12')
    await window.page.click('tr[data-row^="cpython-3.9"] button')
    await curveNamed('held: arenas + C library, cpython-3.9').waitFor()
    expect(await window.page.evaluate('location.hash')).not.toContain('row=')
  })

  test('[V132] a drawing is well-formed, whatever a mark is called', async () => {
    const label = 'a \u0001 \u001b[1m <b> & "c" \uffff \ud800 d'
    const lines = [
      { reheap: 1, runtime: { name: 'cpython', version: '3.13.0', pointerBits: 64 } },
      { kind: 'Malloc', domain: 'obj', block: 1, bytes: 40 },
      { kind: 'Mark', label },
    ]
    await window.show(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')), 'marked.jsonl')
    const svg = JSON.stringify(String(await window.saved('SVG')))
    const parsed = `new DOMParser().parseFromString(${svg}, 'image/svg+xml')`
    expect(await window.page.evaluate(`${parsed}.querySelector('parsererror')?.textContent ?? null`)).toBe(null)
    const titles = (await window.page.evaluate(`[...${parsed}.querySelectorAll('path title')].map((each) => each.textContent)`)) as string[]
    expect(titles).toContain('a  [1m <b> & "c"   d')
  })
})

inBrowser('what stands beside', (window) => {
  const zoomed = async (): Promise<readonly number[]> => {
    await window.rests()
    return String(await window.page.evaluate('new URLSearchParams(location.hash.slice(1)).get("zoom") ?? ""'))
      .split('-')
      .map(Number)
  }
  const idle = (): Promise<unknown> => window.page.waitForSelector('.busy', { state: 'detached' })
  const tabShown = (): Promise<string | null> => window.page.textContent('[role=tab][aria-selected=true]')

  test('[V127] two logs are zoomed as one: to the end of the longer, over events', async () => {
    await window.view(HELLO_38, HELLO)
    await window.page.waitForSelector('table[aria-label=difference]')
    const own = Number(await window.page.getAttribute('#event', 'max'))
    await window.press('w', 'w', 'w')
    for (let time = 0; time < 12; time++) await window.press('d')
    const [from = 0, to = 0] = await zoomed()
    expect(from).toBeGreaterThan(own)
    expect(to).toBeGreaterThan(from)
    await window.press('t')
    expect(await window.page.isDisabled('button:text-is("over time")')).toBe(true)
    expect((await zoomed())[0]).toBe(from)
  })

  test('[V125] behind its end the shorter log has no value: neither at the pointer nor in what is saved', async () => {
    const curves = await window.curves()
    expect(curves.get('heldBytes')?.every((value) => value === 0)).toBe(true)
    const saved = String(await window.saved('CSV'))
      .trim()
      .split('\n')
    const column = saved[0]?.split(',').indexOf('heldBytes') ?? -1
    expect(new Set(saved.slice(1).map((row) => row.split(',')[column]))).toEqual(new Set(['']))
    expect(curves.get('heldBytes beside')?.every((value) => value > 0)).toBe(true)
  })

  test('[V130] where the requests first differ is what the command tells, and a click goes there', async () => {
    const { firstParting } = await command(['diff', HELLO_38, HELLO])
    const link = window.page.locator('[data-parting]')
    expect(Number(await link.getAttribute('data-parting'))).toBe(firstParting)
    await link.click()
    await window.page.waitForSelector(`h2:text-is("After ${Number(firstParting) + 1} event${firstParting === 0 ? '' : 's'}")`)
  })

  test('[V129] a comparison whose log gives way to another shows nothing, whatever was to come of it', async () => {
    await window.view(SESSIONS)
    await window.page.evaluate(
      `{ const { postMessage } = Worker.prototype; self.compared = new Promise((resolve) => { Worker.prototype.postMessage = function (message) { postMessage.call(this, message); if (message.kind === 'compare') resolve() } }); 0 }`,
    )
    await window.dropAll([droppedOf(HELLO_38), droppedOf(HELLO)])
    await window.page.evaluate('self.compared')
    await window.drop(readFileSync(SESSIONS), 'third.jsonl.gz')
    await window.page.waitForSelector('b:text-is("third.jsonl.gz")')
    await idle()
    await window.rests()
    expect(await tabShown()).toBe('Heap map')
    await window.tab('Beside')
    expect(await window.page.locator('table[aria-label=difference], [role=alert]').count()).toBe(0)
  })

  test('[V129] a comparison is stopped, what is wrong with its file is told to nobody, and the same file is compared again', async () => {
    // Pressed as soon as it is there: a test that is kept waiting would come too late.
    await window.page.evaluate(
      `new MutationObserver((_, observer) => { const stop = document.querySelector('.busy button'); if (stop === null) return; observer.disconnect(); self.stopped = stop.textContent; stop.click() }).observe(document.body, { childList: true, subtree: true })`,
    )
    await window.page.setInputFiles('#other', HELLO)
    await idle()
    expect(await window.page.evaluate('self.stopped')).toBe('Stop')
    // The worker answers in its order: what it had begun has been given up by then.
    await window.seek(100)
    await window.rests()
    expect(await window.page.locator('table[aria-label=difference]').count()).toBe(0)
    await window.page.setInputFiles('#other', { name: 'damaged.jsonl', mimeType: '', buffer: Buffer.from('{"reheap":1\n') })
    await window.page.setInputFiles('#other', SESSIONS)
    await window.page.waitForSelector(`section h3:has-text("${basename(SESSIONS)}")`)
    await window.rests()
    expect(await window.page.locator('[role=alert]').count()).toBe(0)
    // A browser tells of a choice only where it is another than the one before.
    expect(await window.page.inputValue('#other')).toBe('')
  })

  test.each([
    ['an interpreter', SESSIONS, ['gc.threshold0=50', 'profile=cpython-3.12'], ['what-if', 'collections of the what-if']],
    ['a host', NATIVE, ['host.ram=8MiB,1GiB', 'host.swap=0,1GiB', 'host.system=0'], ['host of the what-if']],
  ] as const)('[V131] rows of %s are told in the words of the command', async (_, log, vary, tables) => {
    const url = await window.view(log)
    await window.page.goto('about:blank')
    await window.page.goto(`${url}&tab=beside${vary.map((each) => `&vary=${encodeURIComponent(each)}`).join('')}`)
    const printed = linesOf('whatif', log, ...vary.flatMap((each) => ['--vary', each]))
    for (const table of tables) {
      const rows = await window.rows(table)
      expect(rows.length).toBeGreaterThan(1)
      for (const cells of rows) {
        const words = cells.join(' ').replace(/\s+/g, ' ').trim()
        expect(printed.map((line) => line.replace(/\s+/g, ' ').trim())).toContainEqual(expect.stringContaining(words))
      }
    }
    const notes = (await window.page.locator('section[aria-label=beside] p.quiet').allTextContents()).join(' ')
    for (const note of printed.filter((line) => /estimate/.test(line))) expect(notes).toContain(note)
  })

  test('[V131] of a what-if of a GPU the moments on the track are called the recording’s', async () => {
    const url = await window.view(OOM)
    expect(await window.page.textContent('.curve-legend')).not.toContain('(recorded)')
    await window.page.goto('about:blank')
    await window.page.goto(`${url}&tab=beside&vary=capacity%3D64GiB`)
    await window.page.waitForSelector('.curve.beside')
    const legend = await window.page.textContent('.curve-legend')
    for (const name of ['out-of-memory (recorded)', 'segment (recorded)']) expect(legend).toContain(name)
    expect(await window.page.textContent('section[aria-label=beside]')).toContain('Fragmented: by how much the most reserved is above')
  })
})
