import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { Workplace } from './recordings.ts'

/** Nothing but the cache holds the list: as an item of a dict, which is an attribute. */
const CACHE = `class Cache:
    def __init__(self):
        self.items = {}
        self.hits = [0]


cache = Cache()
cache.items['user'] = [1]
cache.items[7] = [2]
`

interface Near {
  readonly object: {
    readonly object: number
    readonly root: string | null
    readonly way: readonly { readonly object: number; readonly type: string; readonly place: string | null }[]
    readonly holders: readonly { readonly object: number; readonly type: string; readonly place: string | null }[]
  }
}

inBrowser('places of references in a browser', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  /** The list that the names of the program lead to, on the page. */
  async function shown(log: string, last: string): Promise<{ way: string; graph: string; near: Near['object'] }> {
    const { objects } = (await command(['leaks', log, '--type', 'list'])) as never as { objects: readonly { object: number }[] }
    for (const { object } of objects) {
      const { object: near } = (await command(['leaks', log, '--object', String(object)])) as never as Near
      if (near.way.at(-1)?.place !== last) continue
      await window.tab('Objects')
      if (!(await window.page.isVisible('[data-reason=name][aria-pressed=true]'))) await window.page.click('[data-reason=name]')
      await window.page.click(`table[aria-label=objects] tr[data-row="${object}"]`)
      await window.page.waitForSelector(`section[aria-label="object ${object}"] .graph`)
      const section = window.page.locator(`section[aria-label="object ${object}"]`)
      return {
        way: (await section.locator('.way').textContent()) ?? '',
        graph: (await section.locator('.graph').textContent()) ?? '',
        near,
      }
    }
    throw new Error(`no list stands at ${last}`)
  }

  test('[V153] a way and a neighbour say which attribute holds an object, and which key where the log was to name keys', async () => {
    const log = place.record('cache', CACHE, '--keys')
    await window.view(log)
    await window.press('End')
    const user = await shown(log, "['user']")
    const [cache, items] = user.near.way
    expect(user.way).toBe(`cache → Cache ${cache?.object} .items → dict ${items?.object} ['user'] → list`)
    expect(user.graph).toContain(`dict ${items?.object} ['user'], count`)
    const seven = await shown(log, '[7]')
    expect(seven.way).toBe(`cache → Cache ${cache?.object} .items → dict ${items?.object} [7] → list`)
    const hits = await shown(log, '.hits')
    expect(hits.way).toBe(`cache → Cache ${cache?.object} .hits → list`)
  })

  test('[V153] unless it was asked for, no key of a dict is in the log', async () => {
    const log = place.record('closed', CACHE)
    await window.view(log)
    await window.press('End')
    const found = await shown(log, 'a value')
    expect(found.way).toMatch(/^cache → Cache \d+ \.items → dict \d+ a value → list$/)
  })
})
