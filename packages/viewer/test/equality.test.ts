import { writeFileSync } from 'node:fs'
import { formatCount } from '@reheap/kernel'
import { afterAll, expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { CYCLES, EXPANDABLE, eventsOf, HELLO, mixed, NATIVE, TRAIN, Workplace } from './recordings.ts'
import { figuresShown, type Shown, shownIn } from './shown.ts'
import { Told } from './told.ts'
import { chosenTold, DeviceMapTold, HistoryTold, segmentsTold } from './told-device.ts'
import { eventShown, fieldsTold } from './told-event.ts'
import { Births, framesOf, HeapTold, type Recorded, sizeClassesTold } from './told-heap.ts'
import { deviceFigures, heapFigures, requestTold, savedTold } from './told-moment.ts'
import { bornIn, collectorTold, listTold, nearTold, typesTold } from './told-objects.ts'

const PANEL = '[role=tabpanel]'
const NOTHING: Shown = { tables: {}, texts: [] }
/** Allocations that are walked through. */
const WALKED = 40

interface Case {
  readonly told: Told
  readonly events: readonly Recorded[]
  readonly at: number
  readonly isDevice: boolean
}

inBrowser('every figure on the page', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  /** All with a digit in it on a part of the page is just what was told. */
  const holds = (told: Shown, without = ''): Promise<void> =>
    expect.poll(() => shownIn(window.page, PANEL, without), { timeout: 30_000 }).toEqual(told)
  /** Takes choices out of the address. */
  const forget = (...choices: readonly string[]): Promise<void> =>
    window.page.evaluate(`location.hash = location.hash.replace(/&(${choices.join('|')})=[^&]*/g, '')`)
  /** What is told at each place that keys lead to. */
  const walked = (map: string, answer: string, keys: readonly string[]): Promise<readonly string[]> =>
    window.page.evaluate(`(async () => {
      const seen = []
      for (const key of ${JSON.stringify(keys)}) {
        document.querySelector('${map}').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
        await new Promise(requestAnimationFrame)
        await new Promise((next) => setTimeout(next))
        seen.push(document.querySelector('${answer}').textContent)
      }
      return seen
    })()`)

  async function heapMap({ told, at, events }: Case): Promise<void> {
    const heap = await HeapTold.of(told, at)
    await holds(heap.map())
    const { keys, texts } = heap.walk()
    expect(await walked('#heap', 'section[aria-label="heap map"] > .told', keys)).toEqual(texts)
    const fullest = heap.pools.toSorted((a, b) => b.blocks.length - a.blocks.length)[0]
    if (fullest === undefined || fullest.blocks.length === 0) return
    const place = texts.indexOf(heap.textOf(fullest))
    await walked(
      '#heap',
      'section[aria-label="heap map"] > .told',
      [...keys]
        .reverse()
        .slice(0, keys.length - 1 - place)
        .map(opposite),
    )
    await walked('#heap', 'section[aria-label="heap map"] > .told', ['Enter'])
    await holds(heap.picked(fullest, new Births(events.slice(0, at))))
    await forget('pool')
  }

  const opposite = (key: string): string =>
    ({ ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft', ArrowUp: 'ArrowDown', ArrowDown: 'ArrowUp' })[key] ?? key

  async function objects({ told, at, events }: Case): Promise<void> {
    const stats = await told.stats(at)
    if (stats.objects === undefined) return holds(NOTHING)
    const since = Math.floor(events.length / 2)
    if (at > since) await window.page.evaluate(`location.hash = location.hash + '&since=${since}'`)
    const before = await told.stats(at > since ? since : 0)
    const types = typesTold(stats, before, await told.leaks(at))
    const own = at > since ? { ...types, texts: [...types.texts, `event ${formatCount(since)}`].sort() } : types
    await holds(own)
    for (const { type } of stats.objects.types.slice(0, 3)) {
      await window.page.click(`table[aria-label="types of live objects"] td:text-is("${type}")`)
      const listed = await told.listed(at, type)
      const list = listTold(own, type, listed)
      await holds(list)
      await window.page.locator('table[aria-label=objects] tbody tr').last().click()
      const last = listed.at(-1)?.object ?? -1
      await holds(nearTold(list, await told.near(at, last), bornIn(events, last, at)))
      await forget('type', 'object')
    }
  }

  async function gpuMap({ told, at, events }: Case): Promise<void> {
    const [device] = (await told.deviceStats(at)).devices ?? []
    if (device === undefined) throw new Error('the log has no device')
    const map = new DeviceMapTold(device)
    await holds(map.map())
    const { keys, texts } = map.walk()
    const answer = 'section[aria-label="GPU map"] > .told'
    expect(await walked('#device', answer, keys)).toEqual(texts)
    const last = texts.at(-1) ?? ''
    const [, block] = /, block (\d+),/.exec(last) ?? []
    if (block === undefined) return
    await walked('#device', answer, ['Enter'])
    const born = events.findLastIndex((event, index) => index < at && event.kind === 'DeviceMalloc' && String(event.block) === block)
    await holds(chosenTold(map.map(), last, await told.segment(at, Number(/^0x[0-9a-f]+/.exec(last)?.[0])), born))
    await forget('block')
  }

  async function history({ told, events }: Case): Promise<void> {
    const history = new HistoryTold(await told.facts(place.at('facts.jsonl')), events)
    await holds(history.picture())
    const first = history.first(WALKED)
    const answer = 'section[aria-label="addresses over time"] > .told'
    expect(
      await walked(
        '#history',
        answer,
        first.map(() => 'ArrowRight'),
      ),
    ).toEqual(first.map(({ text }) => text))
    expect(await window.page.getAttribute(answer, 'data-bytes')).toBe(first.at(-1)?.bytes)
  }

  async function collector({ told, at }: Case): Promise<void> {
    const stats = await told.stats(at)
    if (stats.objects === undefined) return holds(NOTHING)
    await holds(collectorTold(stats.objects, (await told.timeline()).objects?.collections ?? [], await told.leaks(at)))
  }

  /** Every tab, by its name. */
  const TABS: Readonly<Record<string, (each: Case) => Promise<void>>> = {
    'Heap map': heapMap,
    'Size classes': async ({ told, at }) => holds(sizeClassesTold(await told.stats(at))),
    Objects: objects,
    Collector: collector,
    'GPU map': gpuMap,
    'Addresses over time': history,
    Segments: async ({ told, at }) => {
      const [device] = (await told.deviceStats(at)).devices ?? []
      if (device !== undefined) await holds(segmentsTold(device))
    },
    Request: async ({ told, at }) => holds(requestTold(at - 1, await told.traced(at - 1))),
    // Both wait to be told what to compare: its figures have tests of their own.
    Area: () => holds(NOTHING),
    Beside: () => holds(NOTHING, 'form'),
  }

  /** What stands beside the tabs, and what *JSON* saves of it. */
  async function moment({ told, at, events, isDevice }: Case): Promise<void> {
    const stats = isDevice ? await told.deviceStats(at) : await told.stats(at)
    const final = isDevice ? {} : await told.final(at)
    const devices = stats.devices ?? []
    const figures = devices.flatMap((device) => deviceFigures(device, isDevice ? '' : 'GPU: '))
    expect(await figuresShown(window.page)).toEqual(isDevice ? figures : [...heapFigures(stats, final), ...figures])
    const stack = events[at - 1]?.stack
    const frames = stack === undefined ? [] : framesOf(events, stack)
    const [, name, line] = /^(.+) \((.+)\)$/.exec(frames[0] ?? '') ?? []
    const source = frames.length === 0 ? [] : [`${line} in ${name}${frames.length > 1 ? `${frames.length} frames` : ''}`]
    const { texts } = await shownIn(window.page, 'aside', '.figures, .event, details')
    expect(texts).toEqual([`After ${formatCount(at)} events`, ...source].sort())
    const {
      layer,
      at: saved,
      event,
      named: __,
      stack: _,
      pools,
      types,
      generations,
      because,
      devices: savedDevices,
      ...rest
    } = JSON.parse(String(await window.saved('JSON')))
    expect([layer, saved]).toEqual([isDevice ? 'device' : 'python', at])
    const seen = events[at - 1] ?? {}
    expect(JSON.parse(event)).toMatchObject(seen)
    const { kind, fields } = await eventShown(window.page)
    expect({ kind, fields }).toEqual({ kind: seen.kind, fields: fieldsTold(JSON.parse(event), events, at - 1) })
    expect(savedDevices).toEqual(
      devices.map(({ device, capacityBytes, memoryStats, fragmentation, segments, reservations }) => ({
        device,
        capacityBytes,
        memoryStats,
        fragmentation,
        segments,
        reservations,
      })),
    )
    expect(rest).toEqual(isDevice ? {} : savedTold(stats, final))
    if (isDevice) return
    expect(pools.used).toEqual((await HeapTold.of(told, at)).pools.map(({ blocks }) => blocks.length))
    expect(because).toEqual(stats.objects === undefined ? [] : (await told.leaks(at)).trigger.because)
    const { generations: ofCollector = [], types: typesOf = [] } = stats.objects ?? {}
    expect(generations).toEqual(
      ofCollector.map(({ count, threshold, objects, collections, collected }, generation) => ({
        generation,
        count,
        threshold,
        objects,
        collections,
        collected,
      })),
    )
    const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name)
    expect(types.toSorted(byName)).toEqual(typesOf.map(({ type, objects, bytes }) => ({ name: type, count: objects, bytes })).sort(byName))
  }

  test('[V108] a log of requests alone shows no types and no generations', async () => {
    await window.view(NATIVE)
    for (const name of ['Objects', 'Collector']) {
      await window.tab(name)
      expect(await window.page.textContent(PANEL)).toBe('The log holds no objects; record the program with reheap run.')
    }
  })

  const LOGS: readonly (readonly [kind: string, made: () => { log: string; events: readonly Recorded[] }])[] = [
    [
      'objects that reheap run records',
      () => {
        const log = place.record('cycles', CYCLES)
        place.run(['export', log, '-o', 'cycles.jsonl'])
        return { log, events: eventsOf(place.at('cycles.jsonl')) }
      },
    ],
    ['requests of an interpreter', () => ({ log: HELLO, events: eventsOf(HELLO) })],
    ['an interpreter with its host', () => ({ log: NATIVE, events: eventsOf(NATIVE) })],
    ['a GPU', () => ({ log: TRAIN, events: eventsOf(TRAIN) })],
    ['a GPU with expandable segments', () => ({ log: EXPANDABLE, events: eventsOf(EXPANDABLE) })],
    [
      'an interpreter with a GPU',
      () => {
        writeFileSync(place.at('mixed.jsonl'), `${mixed().join('\n')}\n`)
        return { log: place.at('mixed.jsonl'), events: eventsOf(place.at('mixed.jsonl')) }
      },
    ],
  ]

  test.each(LOGS)('[V107] of %s, at its middle and at its end, is what the command prints with --json', async (_, made) => {
    const { log, events } = made()
    const told = new Told(log)
    const isDevice = events.some(({ kind }) => kind === 'DeviceOpened') && !events.some(({ kind }) => kind === 'Malloc')
    await window.view(log)
    for (const at of [Math.floor(events.length / 2), events.length]) {
      await window.seek(at)
      const each: Case = { told, events, at, isDevice }
      await moment(each)
      for (const name of await window.page.locator('[role=tab]').allTextContents()) {
        await window.tab(name)
        const check = TABS[name]
        if (check === undefined) throw new Error(`the tab ${name} is compared with nothing`)
        await check(each)
      }
    }
  })
})
