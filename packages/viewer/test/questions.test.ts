/** The six questions of docs/viewer.md, answered in the page as they are there: what is quoted stands in both. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { HELLO_38, OOM, SESSIONS } from './recordings.ts'

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
const LEAK = path('packages/cli/scenarios/leak.jsonl.gz')
const POOLS = path('packages/cli/scenarios/pools.jsonl.gz')
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
const DOCS = readFileSync(path('docs/viewer.md'), 'utf8')
/** What the docs say below a heading, without the marks of emphasis. */
const answerTo = (question: string): string => {
  const [, answer = ''] = DOCS.split(`### ${question}\n`)
  return inOneLine((answer.split(/^##/m)[0] ?? '').replaceAll(/[*`]/g, ''))
}

inBrowser('questions of the docs', (window) => {
  const arrive = (events: string) => window.page.waitForSelector(`h2:text-is("After ${events} events")`)
  /** A part of the page has, and the answer quotes, each of these. */
  const says = async (answer: string, part: string, ...quotes: readonly string[]): Promise<void> => {
    for (const quote of quotes) {
      expect(answer).toContain(quote)
      await expect.poll(async () => inOneLine((await window.page.locator(part).allInnerTexts()).join(' '))).toContain(quote)
    }
  }
  const rowOf = async (table: string, name: string): Promise<readonly string[]> => {
    const row = (await window.rows(table)).find(([first]) => first === name)
    if (row === undefined) throw new Error(`${table} has no row ${name}`)
    return row
  }
  const pick = (table: string, name: string) => window.page.click(`table[aria-label="${table}"] tbody tr:has(td:text-is("${name}"))`)
  const vary = async (key: string, values: string): Promise<void> => {
    await window.tab('Beside')
    await window.page.locator('form.vary option', { hasText: key }).first().waitFor({ state: 'attached' })
    await window.page.selectOption('form.vary select', key)
    await window.page.fill('form.vary input', values)
    await window.page.click('form.vary button:text-is("Replay")')
    await window.page.waitForSelector('table[aria-label="what-if"]')
  }

  test('[V10] [V11] is this a leak, or only a late collection?', async () => {
    const answer = answerTo('Is this a leak, or only a late collection?')
    await window.view(LEAK)
    await window.tab('Objects')
    await says(
      answer,
      '.verdict',
      'Leak as long as the collector is off: 50 objects, 4.49 KiB that only gc.collect() would free',
      'the collector is disabled',
    )
    await says(answer, '[aria-label="why objects are alive"]', '91 held by a name', '50 garbage that waits for a collection, 4.49 KiB')
    await window.page.click('[data-reason=late]')
    await pick('objects', '148')
    await says(answer, '.neighbourhood', 'a collection of generation 0 frees it')
    await window.page.click('[data-reason=late]')
    await pick('types of live objects', 'Request')
    await pick('objects', '25')
    await says(answer, '.born', 'event 190, leak.py:17')
    await says(answer, '.way', 'seen → list 19 item 1 of 40 → Request')
    await window.tab('Collector')
    expect((await window.rows('generations'))[0]?.slice(1, 3)).toEqual(['145', '2,000'])
    await says(answer, '[role=tabpanel]', 'No collection ran', '145', '2,000')
    await window.tab('Area')
    await window.page.fill('input[name=from]', '0')
    await window.page.fill('input[name=to]', '2612')
    await window.page.click('button:text-is("Show")')
    expect(await rowOf('still live by who asked', 'leak.py:17 handle')).toMatchObject({ 1: '41', 3: '41' })
    await says(answer, '[role=tabpanel]', 'leak.py:17 handle', '41')
  })

  test('[V17] why is this arena still mapped?', async () => {
    const answer = answerTo('Why is this arena still mapped?')
    await window.view(POOLS)
    await window.press('Home')
    for (const events of ['21,128', '21,235', '38,784', '44,788']) {
      await window.press('m')
      await arrive(events)
    }
    await says(answer, 'aside', 'one survivor', '652.8 KiB', '4.00 MiB')
    await window.page.focus('#heap')
    await window.press('ArrowRight', 'ArrowDown')
    while (/: free/.test((await window.page.textContent('.told')) ?? '')) await window.press('ArrowRight')
    await window.press('Enter')
    await says(answer, '.pins', 'stays mapped as long as one of these lives', '512 B, in 1 of 63 pools')
    await says(answer, 'table[aria-label="blocks of the pool"]', '503', '29,774')
    await pick('blocks of the pool', '29,774')
    await arrive('29,775')
    await window.tab('Request')
    await says(answer, '.pyramid', 'size class 31')
  })

  test('[V60] [V18] why is this segment still reserved?', async () => {
    const answer = answerTo('Why is this segment still reserved?')
    await window.view(OOM)
    await window.press('Home', 'o')
    await arrive('1,937')
    await window.tab('Segments')
    await window.page.click('button.sort:text-is("free")')
    const [, second = []] = await window.rows('segments')
    expect(second.slice(0, 6)).toEqual(['0x7f003ce00000', 'large', '154.0 MiB', '2', '66.35 MiB', '87.65 MiB'])
    await says(answer, 'table[aria-label=segments]', '0x7f003ce00000', '154.0 MiB', '87.65 MiB')
    await pick('segments', '0x7f003ce00000')
    await says(answer, '[aria-label="chosen block"]', 'It cannot be given back while 2 blocks are live in it', 'asked for by event 1,454')
    const blocks = (await window.rows('blocks of the segment')).filter(([, , , state]) => state === 'allocated')
    expect(blocks.map((row) => [row[1], row[4]])).toEqual([
      ['39.85 MiB', '1,454'],
      ['26.49 MiB', '1,534'],
    ])
    await says(answer, 'table[aria-label="blocks of the segment"]', '39.85 MiB', '26.49 MiB', '1,534')
  })

  test('[V2] [V33] why did the GPU run out of memory?', async () => {
    const answer = answerTo('Why did the GPU run out of memory?')
    await window.view(OOM)
    await window.press('Home', 'o')
    await arrive('1,937')
    await says(answer, 'aside', '1.89 GiB', '1.40 GiB', 'reserved, not allocated', '25.8 %')
    await says(answer, '.refused', '137.9 MiB', '114.0 MiB', '85.60 MiB', 'too small', '28', '498.4 MiB', '24.00 MiB more')
    const fits = (await window.rows('what would have made it fit')).filter(([, text]) => text === 'yes').map(([settings]) => settings)
    expect(fits).toEqual(expect.arrayContaining(['expandable_segments:True', 'max_split_size_mb:256', 'max_split_size_mb:32']))
    await says(answer, '.refused', 'what would have made it fit', 'expandable_segments:True')
    await vary('settings', 'max_split_size_mb:256,expandable_segments:True')
    expect((await window.rows('what-if')).map((row) => row.at(-1))).toEqual(['1,936', '1,961', '1,965'])
    await says(answer, 'table[aria-label="what-if"]', '1,936', '1,961', '1,965')
  })

  test('[V33] will an upgrade cost memory?', async () => {
    const answer = answerTo('Will an upgrade cost memory?')
    await window.view(HELLO_38)
    await vary('profile', 'cpython-3.11,cpython-3.13')
    const [recorded = [], ...others] = await window.rows('what-if')
    expect(recorded.slice(1, 5)).toEqual(['6', '6', '16', '2.17 MiB'])
    for (const other of others) expect(other.slice(1, 6)).toEqual(['2', '2', '2', '2.67 MiB', '+512.0 KiB +23.0 %'])
    await says(answer, 'table[aria-label="what-if"]', '2.67 MiB', '512.0 KiB')
  })

  test('[V12] [V33] [V34] which setting costs pauses?', async () => {
    const answer = answerTo('Which setting costs pauses?')
    await window.view(SESSIONS)
    await window.tab('Collector')
    expect(await window.rows('collections')).toHaveLength(5)
    await vary('gc.threshold0', '50,200,700,2000')
    const collections = (await window.rows('collections of the what-if')).slice(1)
    expect(collections.map((row) => row.slice(1, 4).reduce((sum, many) => sum + Number(many), 0))).toEqual([12, 5, 1, 0])
    await says(answer, 'table[aria-label="collections of the what-if"]', '~146 us', '~36.1 us', '~116 us', '~61.4 us', '216', '1,260')
    await says(answer, '.partings', 'first differs at event 1,525')
    await window.page.click('[data-parting="1525"]')
    await arrive('1,526')
  })
})
