import { writeFileSync } from 'node:fs'
import { formatCount } from '@reheap/kernel'
import { findPythons } from '@reheap/recorder'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { eventsOf, Workplace } from './recordings.ts'
import { Told } from './told.ts'
import { Births, HeapTold } from './told-heap.ts'

/** Two threads one after the other, each of which keeps what it made. */
const PROGRAM = `import threading

kept = {}

def work(name):
    kept[name] = [bytes(200 + number % 40) for number in range(400)]

threads = [threading.Thread(target=work, args=(name,)) for name in ("first", "second")]
for thread in threads:
    thread.start()
    thread.join()
`

const isLacking = process.platform !== 'linux' || findPythons().length === 0
if (isLacking && process.env.CI !== undefined) throw new Error('tests of threads cannot be left out in CI: there is no CPython to record')

describe.skipIf(isLacking)('a program of two threads', () => {
  inBrowser('recorded on a real CPython', (window) => {
    const place = new Workplace()
    let heap: HeapTold
    let births: Births
    beforeAll(async () => {
      writeFileSync(place.at('two.py'), PROGRAM)
      place.run(['record', '-o', 'two.arrows', '--', 'two.py'])
      place.run(['export', 'two.arrows', '-o', 'two.jsonl'])
      const events = eventsOf(place.at('two.jsonl'))
      const at = events.findIndex((event) => event.kind === 'Mark' && event.label === 'finalizing')
      await window.view(place.at('two.arrows'))
      await window.seek(at)
      heap = await HeapTold.of(new Told(place.at('two.arrows')), at)
      births = new Births(events.slice(0, at))
    })
    afterAll(place.remove)

    /** Of each pool with blocks the thread that made most of them, the first of several. */
    const threads = (): readonly { readonly pool: HeapTold['pools'][number]; readonly thread: number }[] =>
      heap.pools.flatMap((pool) => {
        const made = new Map<number, number>()
        for (const { block } of pool.blocks) made.set(births.thread(block), (made.get(births.thread(block)) ?? 0) + 1)
        const [first] = [...made].sort((a, b) => b[1] - a[1])
        return first === undefined ? [] : [{ pool, thread: first[0] }]
      })

    test('[V109] pools are coloured by the thread that made most of their blocks, with a legend of all threads of the recording', async () => {
      const { page } = window
      const all = threads()
      await page.selectOption('select:near(:text("colour by"))', 'thread')
      await page.waitForSelector('.legend.wrap span')
      const counts = new Map<number, number>()
      for (const { thread } of all) counts.set(thread, (counts.get(thread) ?? 0) + 1)
      expect([...counts.keys()].sort()).toEqual([0, 1, 2])
      const legend = await page.locator('.legend.wrap > span').allTextContents()
      const inOrder = [...counts].sort((a, b) => b[1] - a[1])
      expect(legend.map((entry) => entry.trim())).toEqual(inOrder.map(([thread, pools]) => `thread ${thread} (${formatCount(pools)})`))
      for (const thread of [0, 1, 2]) {
        const address = all.find((each) => each.thread === thread)?.pool.address ?? 0
        expect(await colourAt(address)).toBe(
          await page.evaluate(
            `getComputedStyle([...document.querySelectorAll('.legend.wrap > span')].find((entry) => entry.textContent.includes('thread ${thread} ')).querySelector('i')).backgroundColor`,
          ),
        )
      }
    })

    test('[V109] a pool tells of each block which thread made it', async () => {
      const pool = threads().find(({ thread }) => thread === 2)?.pool
      if (pool === undefined) throw new Error('the second thread has no pool')
      const expected = heap.picked(pool, births).tables['blocks of the pool'] ?? []
      await window.page.evaluate(`location.hash = location.hash + '&pool=${pool.address}'`)
      expect(await window.rows('blocks of the pool')).toEqual(expected)
      expect(expected.some((row) => row[4] === '2')).toBe(true)
    })

    /** Points at the places of the map until one is that of a pool. @returns its colour there, without the frame around what is pointed at */
    async function colourAt(address: number): Promise<string> {
      const [x, y] = (await window.page.evaluate(`(async () => {
        const map = document.querySelector('#heap')
        const { width, height } = map.getBoundingClientRect()
        for (let y = 4; y < height; y += 4) for (let x = 4; x < width; x += 4) {
          const { left, top } = map.getBoundingClientRect()
          map.dispatchEvent(new MouseEvent('mousemove', { clientX: left + x, clientY: top + y, bubbles: true }))
          await new Promise((next) => setTimeout(next))
          if (!document.querySelector('section[aria-label="heap map"] > .told').textContent.includes('0x${address.toString(16)} ')) continue
          map.dispatchEvent(new MouseEvent('mouseleave'))
          return [x, y]
        }
        throw new Error('no place of the map is that of the pool')
      })()`)) as [number, number]
      await window.rests()
      // A corner of its place lies in the gap between pools.
      return window.page.evaluate(`(() => {
        const map = document.querySelector('#heap')
        const scale = map.width / map.clientWidth
        const [red, green, blue] = map.getContext('2d').getImageData(${x + 2} * scale, ${y + 2} * scale, 1, 1).data
        return 'rgb(' + red + ', ' + green + ', ' + blue + ')'
      })()`)
    }
  })
})
