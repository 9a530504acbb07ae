import { formatCount } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { EXPANDABLE, eventsOf, NATIVE, OOM, SESSIONS, TRAIN } from './recordings.ts'

interface Step {
  readonly layer: string
  readonly name: string
  readonly facts: readonly { readonly kind: string }[]
  readonly place: readonly string[]
}

inBrowser('time in a browser', (window) => {
  const at = async (): Promise<number> => Number(await window.page.inputValue('#event'))
  const arrive = async (index: number): Promise<void> => {
    await window.page.waitForSelector(`h2:text-is("After ${index.toLocaleString('en-US')} events")`)
  }
  const pressTo = async (key: string, index: number): Promise<void> => {
    await window.press(key)
    await arrive(index)
  }

  test('[V14] keys go by lines of the program and by collections, on and back, as the recording has them', async () => {
    await window.view(SESSIONS)
    const events = eventsOf(SESSIONS)
    const lines = new Map(
      events.filter(({ kind }) => kind === 'Stack').map(({ stack, frames }) => [stack, (frames as { line: number }[])[0]?.line]),
    )
    const lineOf = (index: number): number | undefined => {
      const stack = events[index]?.kind === 'Stack' ? undefined : events[index]?.stack
      return stack === undefined ? undefined : lines.get(stack)
    }
    await window.seek(6000)
    const own = lineOf(events.findLastIndex((_, index) => index < 6000 && lineOf(index) !== undefined))
    const on = events.findIndex((_, index) => index >= 6000 && lineOf(index) !== undefined && lineOf(index) !== own)
    await pressTo('l', on + 1)
    expect(Number(await window.page.getAttribute('[data-line]', 'data-line'))).toBe(lineOf(on))
    const back = events.findLastIndex((_, index) => index < on && lineOf(index) !== undefined && lineOf(index) !== lineOf(on))
    await pressTo('L', back + 1)
    const { objects } = (await command(['timeline', SESSIONS])) as never as { objects: { collections: readonly { index: number }[] } }
    const [first = 0, second = 0] = objects.collections.map(({ index }) => index)
    await window.press('Home')
    await pressTo('c', first + 1)
    await pressTo('c', second + 1)
    await pressTo('C', first + 1)
  })

  test('[V14] a log that names no lines cannot be stepped by them, and says why', async () => {
    await window.view(NATIVE)
    const button = window.page.locator('[aria-label="next line"]')
    expect(await button.isDisabled()).toBe(true)
    expect(await button.getAttribute('title')).toContain('the log names no lines of the program')
    await window.seek(500)
    await window.press('l')
    await window.rests()
    expect(await at()).toBe(500)
    await window.press('?')
    expect(await window.page.textContent('dialog .lacking:has-text("source line")')).toContain('not in this log')
    await window.escape()
    await window.view(SESSIONS)
    expect(await button.isDisabled()).toBe(false)
  })

  test('[V14] it plays at the speed that was chosen, and stops where it is paused', async () => {
    await window.press('Home')
    await arrive(0)
    for (const _ of [1, 2, 3, 4]) await window.press('+')
    expect(await window.page.locator('[aria-label=speed]').inputValue()).toBe('1000')
    const started = performance.now()
    await window.press(' ')
    await expect.poll(at).toBeGreaterThan(200)
    await window.press(' ')
    const seconds = (performance.now() - started) / 1000
    await window.page.waitForSelector('button:text-is("Play")')
    const reached = await at()
    expect(reached).toBeLessThanOrEqual(1000 * (seconds + 0.1))
    await window.rests()
    expect(await at()).toBe(reached)
  })

  test('[V51] playing from the end begins anew, and an index beyond the log gives way to its end', async () => {
    const events = Number(await window.page.getAttribute('#event', 'max'))
    await window.page.fill('#event', '99999999')
    await window.page.press('#event', 'Enter')
    await arrive(events)
    expect(await at()).toBe(events)
    await window.page.click('button:text-is("Play")')
    await expect.poll(at).toBeLessThan(events)
    await expect.poll(at).toBeGreaterThan(0)
    await window.page.click('button:text-is("Pause")')
    await window.page.waitForSelector('button:text-is("Play")')
    expect(await at()).toBeLessThan(events)
  })

  test('[V15] the request at the cursor is followed down as reheap trace-request does', async () => {
    for (const [log, index] of [
      [NATIVE, 30_000],
      [SESSIONS, 3580],
      [TRAIN, 700],
    ] as const) {
      await window.view(log)
      await window.tab('Request')
      await window.seek(index + 1)
      await window.page.waitForSelector(`section[aria-label="request at event ${index}"]`)
      const { steps } = (await command(['trace-request', log, '--index', String(index)])) as never as { steps: readonly Step[] }
      const shown = (await window.page.evaluate(
        `[...document.querySelectorAll('.pyramid li')].map((layer) => ({ name: layer.dataset.layer, facts: [...layer.querySelectorAll('.fact')].map((fact) => fact.textContent.split(' ')[0]), place: [...layer.querySelectorAll('.answers .quiet')].map((line) => line.textContent) }))`,
      )) as readonly { name: string; facts: string[]; place: string[] }[]
      expect(shown).toEqual(
        steps.map(({ name, facts, place }) => ({
          name,
          facts: [...facts.slice(0, 8).map(({ kind }) => kind), ...(facts.length > 8 ? ['and'] : [])],
          place: facts.length + place.length === 0 ? ['not asked'] : [...place],
        })),
      )
    }
  })

  test('[V15] it shows real memory on its way through all layers', async () => {
    await window.view(NATIVE)
    await window.tab('Request')
    const { facts } = (await placedAt(NATIVE)) ?? { facts: 0 }
    await window.seek(facts + 1)
    await window.page.waitForSelector('[data-layer="object allocator"].asked')
    await window.picture('request')
  })

  /** The first event behind 20,000 that opens a pool. */
  const placedAt = async (log: string): Promise<{ facts: number } | null> => {
    for (let index = 20_000; index < 20_400; index++) {
      const { steps } = (await command(['trace-request', log, '--index', String(index)])) as never as { steps: readonly Step[] }
      if (steps.some(({ facts }) => facts.some(({ kind }) => kind === 'BlockPlaced'))) return { facts: index }
    }
    return null
  }

  test('[V16] layers of the host are curves with the peaks of reheap timeline', async () => {
    const { host } = (await command(['timeline', NATIVE])) as never as {
      host: { processes: readonly { peaks: Record<string, { value: number }> }[] }
    }
    const curves = await window.curves()
    for (const layer of ['residentBytes', 'heapBytes', 'mappedBytes']) {
      const peak = Math.max(...(curves.get(`${layer}0`) ?? []))
      expect([layer, peak]).toEqual([layer, host.processes[0]?.peaks[layer]?.value])
    }
    expect(await window.page.textContent('.curve-legend')).toContain('resident')
  })

  test('[V62] what is mapped into an expandable segment is jumped to, on and back', async () => {
    await window.view(EXPANDABLE)
    const mapped = eventsOf(EXPANDABLE).flatMap((event, index) =>
      event.kind === 'Observe' && event.of === 'deviceFact' && /^segment_(un)?map$/.test((event.values as { action: string }).action)
        ? [index]
        : [],
    )
    expect(mapped.length).toBeGreaterThan(2)
    await window.press('Home')
    await window.press('r')
    await expect.poll(at).not.toBe(0)
    const first = await at()
    expect(mapped.some((index) => Math.abs(index - first) < 8)).toBe(true)
    await window.press('r')
    await expect.poll(at).not.toBe(first)
    await pressTo('R', first)
  })

  test('[V14] out-of-memory and segments are jumped to, on and back', async () => {
    await window.view(OOM)
    await window.press('Home')
    await window.press('o')
    await window.page.waitForSelector('[data-figure="0.num_ooms"] data[value="1"]')
    const first = await at()
    await window.press('o')
    await window.page.waitForSelector('[data-figure="0.num_ooms"] data[value="2"]')
    await pressTo('O', first)
    expect(formatCount(first)).not.toBe('0')
  })
})
