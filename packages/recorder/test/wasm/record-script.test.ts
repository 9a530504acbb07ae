import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { AnnotatedSource } from '../../src/wasm/annotated-source.ts'
import type { ObjectEvent } from '../../src/wasm/object-event.ts'
import { type RecordScriptOptions, recordScript } from '../../src/wasm/record-script.ts'
import { replayed } from './replayed.ts'

const INTERPRETERS = ['3.13.2', '3.14.2', '3.15.0rc1'].map((version) => ({ version, isThere: isInstalled(version) }))

function isInstalled(version: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`pyodide-${version}/pyodide.mjs`)
    return true
  } catch {
    return false
  }
}

async function run(source: string, options: Partial<RecordScriptOptions> = {}) {
  const events: ObjectEvent[] = []
  let output = ''
  const result = await recordScript({
    source,
    file: 'script.py',
    sink: { append: (event) => events.push(event) },
    onOutput: (_stream, text) => {
      output += text
    },
    ...options,
  })
  return { ...result, events, output }
}

/** Counts, figures and callbacks of the collector, printed while objects of many kinds come and go. */
const OBSERVING = `
import gc, sys, weakref
class Node:
    def __init__(self, next=None):
        self.next = next
class Slim:
    __slots__ = ('a', 'b', '__weakref__')
class Loud:
    def __del__(self):
        print('del', gc.get_count())
def told(phase, info):
    print(phase, info['generation'], info['collected'], info['uncollectable'], gc.get_count())
gc.callbacks.append(told)
gc.set_threshold(60, 3, 3)
def grow(kept, n):
    for i in range(n):
        node = Node()
        node.next = Node(node)
        kept.append({'node': Node(), 'i': 1000 + i, 'f': i * 0.5})
        if i % 7 == 0:
            kept.pop(0)
    return [kept, n]
def numbers(n):
    for i in range(n):
        yield [i, (i, str(i))]
kept = []
pair = grow(kept, 60)
print(sys.getrefcount(kept), sys.getrefcount(pair), gc.get_count())
slim = Slim(); slim.a = kept; slim.b = slim
weak = weakref.ref(slim, lambda _: print('gone'))
loud = Loud()
lists = list(numbers(30))
print(sys.getrefcount(lists[3]), sys.getrefcount(slim), gc.get_count())
try:
    {}['missing']
except KeyError as error:
    print(sys.getrefcount(error))
kept[2:5] = [slim, slim]
print(sys.getrefcount(slim))
del slim, loud, pair
kept = kept[1:]
print(sys.getrefcount(kept), [len(gc.get_objects(generation=g)) > 0 for g in range(3)])
print(gc.collect(), gc.get_count())
print([{key: value for key, value in one.items() if key.startswith('col')} for one in gc.get_stats()])
`

for (const { version, isThere } of INTERPRETERS) {
  describe.skipIf(!isThere)(`recordScript, CPython ${version}`, () => {
    const interpreter = version

    it('changes no count, no figure and no order that a script can see', async () => {
      const plain = await run(OBSERVING, { interpreter, isRecorded: false })
      const recorded = await run(OBSERVING, { interpreter })
      expect(plain.events).toEqual([])
      expect(plain.output).toContain('del')
      expect(recorded.end).toEqual({ kind: 'finished' })
      expect(recorded.output).toBe(plain.output)
    })

    it('gives a log that a plain model replays, with every name at the count that it states', async () => {
      const { events, end } = await run(OBSERVING, { interpreter })
      expect(end).toEqual({ kind: 'finished' })
      const { lines } = replayed(events)
      let objects = 0
      for (const { observed, objects: after, counts } of lines) {
        objects += observed.born - observed.died
        expect(after, `line ${observed.line}`).toBe(objects)
        expect(counts).toEqual(observed.names.map(({ count }) => count))
      }
      expect(lines.length).toBeGreaterThan(300)
    })

    it('sees a cycle, its late death in a collection, and the counts that the script prints', async () => {
      const source = [
        'import gc, sys',
        'class Node: pass',
        'a = Node()',
        'b = Node()',
        'a.other = b',
        'b.other = a',
        'print(sys.getrefcount(a), sys.getrefcount(b))',
        'del a, b',
        'found = gc.collect()',
        'print(found)',
      ]
      const { events, output } = await run(source.join('\n'), { interpreter })
      expect(output).toBe('3 3\n2\n')
      const { lines } = replayed(events)
      const counted = new Map(events.flatMap((event) => (event.kind === 'DefineName' ? [[event.name, event.text] as const] : [])))
      const at = (line: number) =>
        lines
          .filter(({ observed }) => observed.line === line)
          .flatMap(({ observed }) => observed.names.map(({ name, count }) => [counted.get(name), count]))
      expect(at(5)).toContainEqual(['b', 2])
      expect(at(6)).toContainEqual(['a', 2])
      expect(at(8)).toEqual(
        expect.arrayContaining([
          ['a', null],
          ['b', null],
        ]),
      )
      expect(lines.find(({ observed }) => observed.line === 8)?.observed.died).toBe(0)
      const collections = events.flatMap((event) => (event.kind === 'ObserveCollection' ? [event] : []))
      expect(collections).toHaveLength(1)
      expect(collections[0]).toMatchObject({ generation: 2, collected: 2, uncollectable: 0, reason: 'request' })
      expect(collections[0]?.objects).toHaveLength(2)
    })

    it('leaves a readable log of an endless loop, of an error and of an exit', async () => {
      const endless = await run('kept = [[]]\nwhile True:\n    kept[0] = [1.5]\n', { interpreter, timeoutMs: 300 })
      expect(endless.end).toEqual({ kind: 'timedOut' })
      expect(replayed(endless.events).lines.length).toBeGreaterThan(10)

      const stuck = await run('kept = [object()]\nsum(iter(int, 1))\n', { interpreter, timeoutMs: 300 })
      expect(stuck.end).toEqual({ kind: 'timedOut' })
      expect(replayed(stuck.events).lines.at(-1)?.observed).toMatchObject({ line: 1, names: [{ count: 1 }] })

      const failing = await run('kept = [object()]\ndef f(x):\n    return x.y\nf(kept)\n', { interpreter })
      expect(failing.end).toEqual({ kind: 'raised', type: 'AttributeError' })
      expect(failing.output).toContain("'list' object has no attribute 'y'")
      replayed(failing.events)

      const exiting = await run('import sys\nkept = [object()]\nsys.exit(3)\n', { interpreter })
      expect(exiting.end).toEqual({ kind: 'exited', code: 3, message: null })
      replayed(exiting.events)

      const wrong = await run('x = = 1', { interpreter })
      expect(wrong.end).toEqual({ kind: 'raised', type: 'SyntaxError' })
    })

    it('prints the source with what each line did', async () => {
      const source = 'rows = []\nfor _ in range(3):\n    rows.append([1.5])\ndel rows\ndone = None\n'
      const annotated = new AnnotatedSource()
      await run(source, { interpreter, sink: annotated })
      const rows = annotated.text(source).split('\n')
      expect(rows).toHaveLength(6)
      expect(rows[1]).toMatch(/^ +1x +\+1 -0 .*\| rows = \[\] {2}# rows: 1$/)
      expect(rows[3]).toMatch(/^ +3x +\+3 -0 .*\| {5}rows\.append/)
      expect(rows[4]).toMatch(/^ +1x +\+0 -4 .*\| del rows {2}# rows: gone/)
    })
  })
}

describe('recordScript', () => {
  it('says which interpreter is missing', async () => {
    const { end } = await run('', { interpreter: '9.99' })
    expect(end).toEqual({
      kind: 'failed',
      message: 'there is no interpreter 9.99; install it (npm package pyodide-9.99) or name the path of its pyodide.mjs',
    })
  })
})
