import { afterAll, describe, expect, test } from 'vitest'
import { csvText } from '../src/page/csv.ts'
import { command, inBrowser } from './browser.ts'
import { OOM, SESSIONS, TRAIN, Workplace } from './recordings.ts'

/** More collections than rows of a table are drawn, and a type that a spreadsheet would take for a formula. */
const MANY = `import gc
Formula = type('=1+1', (), {})
kept = [Formula() for _ in range(3)]
for _ in range(1100):
    gc.collect(0)
`

/** Rows of a file without broken lines in its texts, the heads first. */
const rowsOf = (file: Buffer): readonly (readonly string[])[] =>
  String(file)
    .trimEnd()
    .split('\n')
    .map((row) => Array.from(row.matchAll(/(?:^|,)("[^"]*"|[^,]*)/g), ([, cell = '']) => cell.replaceAll('"', '')))

describe('comma-separated values', () => {
  test('[V113] what a spreadsheet would take for a formula is a text; a figure stays one', () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', 'a=b']
    expect(csvText(['=head', 'n'], [[texts[0], -5], ...texts.slice(1).map((text) => [text, null])])).toBe(
      `'=head,n\n'=1+1,-5\n'+1,\n'-1,\n'@SUM(A1),\n'\tx,\na=b,\n`,
    )
    expect(csvText(['a'], [['b,c'], ['say "x"'], ['two\nlines']])).toBe('a\n"b,c"\n"say ""x"""\n"two\nlines"\n')
  })
})

inBrowser('what is saved', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  test('[V113] tables are saved with plain values, those of the command, as the filter leaves them', async () => {
    const { page } = window
    await window.view(SESSIONS)
    await window.tab('Objects')
    await window.seek(9000)
    await page.waitForSelector('[aria-label=objects][data-at="9000"]')
    const { objects } = (await command(['stats', SESSIONS, '--until', '9000'])) as never as {
      objects: { types: readonly { type: string; objects: number; bytes: number }[] }
    }
    const [heads, ...types] = rowsOf(await window.saved('CSV', 'types of live objects'))
    expect(heads?.slice(0, 3)).toEqual(['type', 'objects', 'bytes'])
    expect(types.map((row) => row.slice(0, 3)).sort()).toEqual(
      objects.types.map(({ type, objects: live, bytes }) => [type, String(live), String(bytes)]).sort(),
    )
    await page.click('[data-reason=late]')
    await page.waitForSelector('table[aria-label=objects]')
    await window.rests()
    const all = rowsOf(await window.saved('CSV', 'CSV objects,')).length
    await page.fill('[aria-label="filter objects"]', 'session')
    const filtered = rowsOf(await window.saved('CSV', 'CSV objects,')).slice(1)
    expect(filtered.length).toBeLessThan(all - 1)
    expect(new Set(filtered.map(([, type]) => type))).toEqual(new Set(['Session']))
  })

  test('[V113] columns of figures are called as in the command’s JSON, and hold its values', async () => {
    await window.view(OOM)
    await window.tab('Beside')
    await window.page.fill('[aria-label=values]', 'pytorch-2.4')
    await window.page.click('button:text-is("Replay")')
    await window.page.waitForSelector('table[aria-label=what-if]')
    const { rows } = (await command(['whatif', OOM, '--vary', 'profile=pytorch-2.4'])) as never as {
      rows: readonly { devices: readonly Record<string, number>[] }[]
    }
    const [heads = [], ...saved] = rowsOf(await window.saved('CSV', 'what-if'))
    for (const key of ['allocatedBytesPeak', 'reservedBytesPeak', 'driverCalls', 'ooms'])
      expect(saved.map((row) => [key, Number(row[heads.indexOf(key)])])).toEqual(rows.map(({ devices }) => [key, devices[0]?.[key]]))
  })

  test('[V114] what the view was answered is saved as JSON, and the graph of the object as SVG and in the picture', async () => {
    const { page } = window
    await window.view(SESSIONS)
    await window.tab('Objects')
    await window.seek(9000)
    await page.click('[data-reason=late]')
    await window.rests()
    await page.locator('table[aria-label=objects] tbody tr').first().click()
    await page.waitForSelector('.graph')
    await window.rests()
    const object = Number(await page.getAttribute('table[aria-label=objects] tr.picked', 'data-row'))
    const { at, view, answers } = JSON.parse(String(await window.saved('JSON', 'Objects')))
    expect([at, view]).toEqual([9000, 'Objects'])
    const { by } = (await command(['leaks', SESSIONS, '--at', '9000'])) as never as { by: object }
    // Types, why they are alive, the list and the object: all that stands in the view.
    expect(answers.map(({ asked }: { asked: string }) => asked).sort()).toEqual(['object', 'objects', 'reasons', 'types'])
    const answerTo = (asked: string) => answers.find((each: { asked: string }) => each.asked === asked)?.answer
    expect(answerTo('reasons').by).toEqual(by)
    expect(answerTo('object').near.object).toBe(object)
    const svg = String(await window.saved('SVG', 'graph'))
    const titles = await page.locator('.graph .title').allTextContents()
    expect(titles.length).toBeGreaterThan(1)
    for (const title of titles) expect(svg).toContain(`>${title}</text>`)
    expect(svg).not.toMatch(/href|class=|var\(/)
    // Every shape has its colour with it: without one it would be black.
    expect(svg.match(/<(rect|text|path) (?![^>]*fill=)/g)).toBe(null)
    const [, above = ''] = /height="(\d+)"/.exec(String(await window.saved('SVG', 'timeline'))) ?? []
    const graph = await page.evaluate('document.querySelector(".graph").getBoundingClientRect().height')
    const height = (await window.saved('PNG')).readUInt32BE(20)
    expect(height).toBeGreaterThanOrEqual(2 * (Number(above) + 30 + Math.floor(graph as number)))
    await page.evaluate('document.querySelector(".graph").remove()')
    expect((await window.saved('PNG')).readUInt32BE(20)).toBe(2 * Number(above))
  })

  test('[V115] a curve that is hidden is left out', async () => {
    await window.view(TRAIN)
    const all = [...(await window.curves()).keys()]
    await window.page.locator('.curve').nth(1).click()
    expect([...(await window.curves()).keys()]).toEqual(all.filter((_, column) => column !== 3 && column !== 4))
  })

  test('[V115] times are named where the curves are drawn over them, and only there', async () => {
    const { page } = window
    // The last event that has a time is the fortieth.
    const events = [
      { reheap: 1, runtime: { name: 'cpython', version: '3.11.7', pointerBits: 64 } },
      ...Array.from({ length: 120 }, (_, index) => ({ kind: 'Mark', label: `m${index}`, ...(index < 40 ? { time: 1000 * index } : {}) })),
    ]
    await window.show(Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')), 'times.jsonl')
    expect((await window.curves()).has('nanoseconds')).toBe(false)
    await window.press('t')
    expect((await window.curves()).get('nanoseconds')?.[30]).toBe(30_000)
    await page.evaluate(`location.hash = location.hash + '&zoom=60-110'`)
    await expect.poll(async () => (await window.curves()).has('nanoseconds')).toBe(false)
  })

  test('[V113] [V116] of a long table all rows are saved, and those that are not drawn are a page away', async () => {
    const { page } = window
    const log = place.record('many', MANY)
    await window.view(log)
    await window.tab('Collector')
    const { objects } = (await command(['timeline', log])) as never as {
      objects: { collections: readonly { index: number; visited: number }[] }
    }
    const { collections } = objects
    const shown = async (): Promise<readonly string[]> => (await window.rows('collections')).map(([event = '']) => event)
    // The command lists a thousand, and counts all.
    expect(await shown()).toEqual(collections.map(({ index }) => index.toLocaleString('en-US')))
    const stats = (await command(['stats', log])) as never as { objects: { generations: readonly { collections: number }[] } }
    const all = stats.objects.generations.reduce((sum, each) => sum + each.collections, 0)
    expect(all).toBe(1100)
    const [heads = [], ...saved] = rowsOf(await window.saved('CSV', 'collections,'))
    expect(saved.length).toBe(all)
    expect(saved.slice(0, 1000).map((row) => [Number(row[heads.indexOf('event')]), Number(row[heads.indexOf('visited')])])).toEqual(
      collections.map(({ index, visited }) => [index, visited]),
    )
    await page.click('[aria-label="next rows of collections"]')
    expect((await shown()).length).toBe(all - 1000)
    await page.locator('table[aria-label=collections] tbody tr').last().click()
    await window.rests()
    const link = page.url()
    await page.goto('about:blank')
    await page.goto(link)
    await page.waitForSelector(`table[aria-label=collections] tr.picked[data-row="${Number(saved.at(-1)?.[0]).toLocaleString('en-US')}"]`)
    await window.tab('Objects')
    expect(String(await window.saved('CSV', 'types'))).toContain("\n'=1+1,3,")
  })
})
