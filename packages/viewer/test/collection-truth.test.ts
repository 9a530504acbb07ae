import { writeFileSync } from 'node:fs'
import { formatCount } from '@reheap/kernel'
import { afterAll, expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { Workplace } from './recordings.ts'

/** Prints what it sees of its own collections: instances before and after, what gc.collect() answers, and what it called. */
const PROGRAM = `import gc, json, weakref

class Node:
    def __init__(self):
        self.links = []

class Saved(Node):
    def __del__(self):
        saved.append(self)

def ring(kind, size):
    nodes = [kind() for _ in range(size)]
    for place in range(size):
        nodes[place].links.append(nodes[place - 1])
    return nodes[0]

def alive(kind):
    return sum(type(each) is kind for each in gc.get_objects())

gc.collect()
saved = []
told = []
kept = ring(Node, 5)
watched = weakref.ref(ring(Node, 3), told.append)
ring(Saved, 2)
ring(Node, 4)
named = sum(type(each) is Node for each in list(globals().values()))
before = alive(Node)
unreachable = alive(Saved)
freed = gc.collect()
after = alive(Node)
callbacks = len(told)
resurrected = len(saved)
garbage = len(gc.garbage)
gc.set_debug(gc.DEBUG_SAVEALL)
ring(Node, 2)
freed_later = gc.collect()
print(json.dumps({"named": named, "before": before, "unreachable": unreachable, "freed": freed, "after": after, "callbacks": callbacks,
    "resurrected": resurrected, "garbage": garbage, "freedLater": freed_later, "garbageLater": len(gc.garbage)}))
`

interface Printed {
  readonly named: number
  readonly before: number
  readonly unreachable: number
  readonly freed: number
  readonly after: number
  readonly callbacks: number
  readonly resurrected: number
  readonly garbage: number
  readonly freedLater: number
  readonly garbageLater: number
}

inBrowser('a collection step by step', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  /** Opens a step of the collection that is shown. @returns what is told of it */
  const step = async (title: string): Promise<string> => {
    const button = window.page.locator(`[aria-label=steps] button:has-text("${title}")`)
    await button.click()
    await window.page.waitForSelector(`[aria-label=steps] [aria-pressed=true]:has-text("${title}")`)
    return (await window.page.textContent('.steps .told')) ?? ''
  }
  /** Objects of a type that the step found so. */
  const found = async (type: string, ...fates: readonly string[]): Promise<number> =>
    (await window.rows('objects of the region')).filter((row) => row[1] === type && fates.includes(row[4] ?? '')).length
  const pick = async (collection: number): Promise<void> => {
    const index = (await window.rows('collections'))[collection]?.[0]
    await window.page.locator('table[aria-label=collections] tbody tr').nth(collection).click()
    await window.page.waitForSelector(`.steps h3:has-text("at event ${index},")`)
  }

  test.each(['3.13.2', '3.14.2'])('[V13] is what the program itself saw on CPython %s', async (version) => {
    writeFileSync(place.at('truth.py'), PROGRAM)
    const saw = JSON.parse(place.run(['run', '-q', '--force', '--python', version, 'truth.py'])) as Printed
    expect([saw.before - saw.after, saw.resurrected, saw.garbageLater]).toEqual([7, 2, 4])
    await window.view(place.at('truth.arrows'))
    await window.tab('Collector')
    await pick(1)
    await step('What is reachable moves back')
    expect(await found('Node', 'held from outside')).toBe(saw.named)
    expect(await found('Node', 'held from outside', 'reached from a held one')).toBe(saw.after)
    expect(await found('Node', 'unreachable')).toBe(saw.before - saw.after)
    expect(await found('Saved', 'unreachable')).toBe(saw.unreachable)
    expect(await step('Weak references are cleared')).toBe(`${saw.callbacks} cleared, ${saw.callbacks} callback ran.`)
    expect(await step('Finalizers run')).toBe(`${saw.resurrected} ran, ${saw.resurrected} brought its object back.`)
    await step('A second look')
    expect(await found('Saved', 'held from outside', 'reached from a held one')).toBe(saw.resurrected)
    const cleared = await step('Garbage is cleared')
    expect(cleared).toContain(` ${formatCount(saw.freed)} count as collected, ${saw.garbage} went into gc.garbage.`)
    await pick(2)
    expect(await step('Garbage is cleared')).toBe(
      `0 objects died, ${saw.freedLater} count as collected, ${saw.garbageLater} went into gc.garbage.`,
    )
  })
})
