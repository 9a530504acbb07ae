import { formatBytes, formatCount } from '@reheap/kernel'
import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { CYCLES, eventsOf, SESSIONS, Workplace } from './recordings.ts'
import type { Ran } from './told.ts'
import { pauseTold } from './told-objects.ts'

interface Typed {
  readonly type: string
  readonly objects: number
  readonly bytes: number
}
const plain = (shown: string | undefined): number => Number((shown ?? '').replaceAll(',', '').replace('−', '-'))
const typesAt = async (log: string, until: number): Promise<readonly Typed[]> =>
  ((await command(['stats', log, '--until', String(until)])) as never as { objects: { types: readonly Typed[] } }).objects.types

inBrowser('objects and collections in a browser', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  test('[V10] types, their growth since a mark and their waiting garbage are those of reheap stats and leaks', async () => {
    await window.view(SESSIONS)
    await window.seek(3000)
    await window.tab('Objects')
    await window.page.click('button:text-is("Since here")')
    await window.seek(9000)
    await window.page.waitForSelector('table[aria-label="types of live objects"] td:nth-child(4):not(:empty)')
    // What walks through all objects is asked for when the cursor rests.
    await window.page.waitForSelector('fieldset[aria-label="why objects are alive"][aria-busy=false]')
    const [before, now] = [await typesAt(SESSIONS, 3000), await typesAt(SESSIONS, 9000)]
    const { groups } = (await command(['leaks', SESSIONS, '--at', '9000', '--top', '1000'])) as never as {
      groups: readonly (Typed & { heldBy: string })[]
    }
    const shown = await window.rows('types of live objects')
    expect(
      shown
        .filter(([, objects]) => objects !== '0')
        .map(([type]) => type)
        .sort(),
    ).toEqual(now.map(({ type }) => type).sort())
    for (const [type, objects, bytes, growth, , late] of shown) {
      const found = now.find((each) => each.type === type)
      const was = before.find((each) => each.type === type)
      const waiting = groups.filter((each) => each.type === type && each.heldBy === 'late').reduce((sum, each) => sum + each.objects, 0)
      expect([type, plain(objects), bytes]).toEqual([type, found?.objects ?? 0, formatBytes(found?.bytes ?? 0)])
      expect([type, plain(growth), plain(late)]).toEqual([type, (found?.objects ?? 0) - (was?.objects ?? 0), waiting])
    }
    expect(shown.some(([, , , , , late]) => late !== '')).toBe(true)
  })

  test('[V10] why objects are alive adds up as in reheap leaks, and a list holds as many', async () => {
    const { by } = (await command(['leaks', SESSIONS, '--at', '9000'])) as never as { by: Record<string, Typed> }
    for (const [reason, { objects, bytes }] of Object.entries(by)) {
      if (objects === 0) continue
      const button = window.page.locator(`[data-reason=${reason}]`)
      expect(await button.textContent()).toBe(`${formatCount(objects)} ${await wordsOf(reason)}, ${formatBytes(bytes)}`)
      await button.click()
      await window.page.waitForSelector(`h3:has-text("${await wordsOf(reason)}")`)
      await window.rests()
      expect((await window.rows('objects')).length).toBe(objects)
      await button.click()
    }
    await window.page.click('[data-reason=late]')
  })

  const wordsOf = async (reason: string): Promise<string> =>
    ({ name: 'held by a name', outside: 'held by C code or a running expression', late: 'garbage that waits for a collection' })[reason] ??
    ''

  test('[V11] an object that a name holds has the count that the interpreter was seen to have', async () => {
    const events = eventsOf(SESSIONS)
    const index = events.findLastIndex((event) => event.of === 'line' && (event.values as { names?: object }).names !== undefined)
    const { names } = (events[index] as never as { values: { names: Record<string, number> } }).values
    const [name, count] = Object.entries(names)[0] as [string, number]
    await window.seek(index)
    await window.page.click('[data-reason=late][aria-pressed=true]')
    await window.page.click('[data-reason=name]')
    await window.rests()
    const listed = await window.rows('objects')
    const candidates = listed.filter(([, , shown]) => plain(shown) === count)
    let isFound = false
    for (const [object] of candidates) {
      await window.page.click(`table[aria-label=objects] tr[data-row="${object}"]`)
      await window.page.waitForSelector(`section[aria-label="object ${object}"] .graph`)
      isFound ||= (await window.page.textContent(`section[aria-label="object ${object}"] .graph`))?.includes(name) ?? false
      if (isFound) break
    }
    expect(isFound, `${name} with count ${count}`).toBe(true)
  })

  test('[V11] garbage that waits is marked, and the graph is walked with the keyboard', async () => {
    await window.seek(9000)
    await window.page.click('[data-reason=name][aria-pressed=true]')
    await window.page.click('[data-reason=late]')
    await window.rests()
    const rows = window.page.locator('table[aria-label=objects] tbody tr')
    await rows.nth(1).focus()
    await window.press('Enter')
    await window.page.waitForSelector('.told[data-held=late]')
    expect(await window.page.textContent('.told[data-held=late]')).toMatch(
      /garbage that waits for a collection; a collection of generation \d frees it/,
    )
    const before = await window.page.textContent('.neighbourhood h3')
    const own = (before ?? '').replace(', object', '')
    for (let label = ''; !/^\S+ \d+ .*count \d/.test(label) || label.startsWith(`${own} `); ) {
      await window.press('Tab')
      label = await window.page.evaluate(`document.activeElement.getAttribute('aria-label') ?? ''`)
    }
    await window.press('Enter')
    await window.page.waitForSelector(`.neighbourhood h3:not(:text-is("${before}"))`)
    await window.page.locator('.neighbourhood').scrollIntoViewIfNeeded()
    await window.picture('objects')
  })

  test('[V12] collections are those of reheap timeline, each with trigger, visited, freed and pause', async () => {
    await window.tab('Collector')
    const { objects } = (await command(['timeline', SESSIONS])) as never as {
      objects: { collections: readonly Ran[] }
    }
    expect(await window.rows('collections')).toEqual(
      objects.collections.map((each) => [
        formatCount(each.index),
        each.isCounted ? String(each.generation) : `${each.generation}, only marks`,
        each.reason === 'request' ? 'gc.collect()' : 'its threshold',
        formatCount(each.visited),
        formatCount(each.collected),
        formatCount(each.uncollectable),
        pauseTold(each),
      ]),
    )
  })

  test('[V13] [V64] a collection step by step ends with what the real interpreter said it collected', async () => {
    const log = place.record('cycles', CYCLES)
    await window.view(log)
    await window.tab('Collector')
    const last = (await window.rows('collections')).length - 1
    await window.page.locator('table[aria-label=collections] tbody tr').nth(last).focus()
    await window.press('Enter')
    await window.page.waitForSelector('.steps')
    const titles = await window.page.locator('[aria-label=steps] button').allTextContents()
    expect(titles.map((title) => title.replace(/^\d+\. /, ''))).toEqual([
      'Counts are copied',
      'References are subtracted',
      'What is reachable moves back',
      'Weak references are cleared',
      'Finalizers run',
      'A second look',
      'Garbage is cleared',
    ])
    const text = async (step: number): Promise<string> => {
      await window.page.locator('[aria-label=steps] button').nth(step).click()
      await window.page.waitForSelector(`[aria-label=steps] button:nth-child(${step + 1})[aria-pressed=true]`)
      return (await window.page.textContent('.steps .told')) ?? ''
    }
    expect(await text(3)).toMatch(/^1 cleared/)
    expect(await text(4)).toBe('1 ran.')
    expect((await window.rows('objects of the region')).map(([, type]) => type)).toEqual(['Closed'])
    await text(0)
    await window.page.hover('.region canvas', { position: { x: 4, y: 4 } })
    const [region] = await window.rows('objects of the region')
    await expect
      .poll(() => window.page.textContent('.square'))
      .toContain(`${region?.[1]} ${region?.[0]}: count ${region?.[2]}, ${region?.[3]} of them from outside`)
    // The script printed what it saw: one finalizer.
    const { collected } = (await timelineOf(log)).at(-1) as Ran
    expect(await text(6)).toContain(`${formatCount(collected)} count as collected`)
    await text(2)
    await window.page.locator('.steps').scrollIntoViewIfNeeded()
    await window.picture('collection')
  })

  const timelineOf = async (log: string): Promise<readonly Ran[]> =>
    ((await command(['timeline', log])) as never as { objects: { collections: readonly Ran[] } }).objects.collections
})
