import { writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { Workplace } from './recordings.ts'

/** Two modules have a class of one name, each instance of which holds itself; what is not kept waits for a collection. It prints how many there are of each before and behind that. */
const PROGRAM = `import gc, json, types, weakref

SOURCE = """
class Node:
    def __init__(self):
        self.own = self
"""

def module(name):
    made = types.ModuleType(name)
    exec(SOURCE, made.__dict__)
    return made

def alive():
    return [sum(each() is not None for each in watched) for watched in made]

gc.disable()
kinds = [module("first").Node, module("second").Node]
kept = [[kind() for _ in range(many)] for kind, many in zip(kinds, (1, 2))]
made = [[weakref.ref(each) for each in nodes] for nodes in kept]
for kind, watched, many in zip(kinds, made, (3, 5)):
    for _ in range(many):
        watched.append(weakref.ref(kind()))
before = alive()
gc.collect()
print(json.dumps({"before": before, "after": alive()}))
`

interface Printed {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

inBrowser('two types of one name', (window) => {
  const place = new Workplace()
  afterAll(place.remove)

  test('[V173] each has its number, its own garbage and its own objects', async () => {
    writeFileSync(place.at('names.py'), PROGRAM)
    const { before, after } = JSON.parse(place.run(['run', '-q', 'names.py'])) as Printed
    const log = place.at('names.arrows')
    expect([before, after]).toEqual([
      [4, 7],
      [1, 2],
    ])
    const { objects } = (await command(['timeline', log])) as never as { objects: { collections: readonly { index: number }[] } }
    await window.view(log)
    await window.seek(objects.collections.at(-1)?.index ?? 0)
    await window.tab('Objects')
    await window.rests()
    const types = (await window.rows('types of live objects')).filter(([name = '']) => /^Node \(type \d+\)$/.test(name))
    const waiting = types.map(([, all, , , , late]) => [Number(all), Number(late)])
    expect(waiting.sort(([a = 0], [b = 0]) => a - b)).toEqual(before.map((all, kind) => [all, all - (after[kind] ?? 0)]))
    for (const [name = '', all] of types) {
      await window.page.click(`table[aria-label="types of live objects"] td:text-is("${name}")`)
      await window.page.waitForSelector(`h3:text-is("${all} ${name}")`)
      await window.rests()
      const listed = (await window.rows('objects')).map((row) => [row[1], row[5]])
      expect(listed.length).toBe(Number(all))
      expect(new Set(listed.map(([type]) => type))).toEqual(new Set(['Node']))
    }
  })
})
