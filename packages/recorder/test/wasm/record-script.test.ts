import { REQUEST_OPCODES } from '@reheap/refcount'
import { describe, expect, test } from 'vitest'
import { someOf } from '../../../../scripts/tests/effort.ts'
import { AnnotatedSource } from '../../src/index.ts'
import { observed, RECORDABLE, recorded, verified } from './recorded.ts'

const interpreter = '3.14.2'
const { DefineType, CreateObject, AddReference } = REQUEST_OPCODES

describe('recordScript', () => {
  test('[R37] an endless loop, an error and an exit leave a log that replays', async () => {
    const endless = await recorded('kept = [[]]\nwhile True:\n    kept[0] = [1.5]\n', { interpreter, timeoutMs: 400 })
    expect(endless.end).toEqual({ kind: 'timedOut' })
    expect(observed(endless.rows, 'line').length).toBeGreaterThan(10)
    expect(verified(endless).mismatches).toBe(0)

    const stuck = await recorded('kept = [object()]\nsum(iter(int, 1))\n', { interpreter, timeoutMs: 400 })
    expect(stuck.end).toEqual({ kind: 'timedOut' })
    expect(observed(stuck.rows, 'line').at(-1)).toMatchObject({ line: 1, runs: 1, names: { kept: 1 } })

    const failing = await recorded('kept = [object()]\ndef f(x):\n    return x.y\nf(kept)\n', { interpreter })
    expect(failing.end).toEqual({ kind: 'raised', type: 'AttributeError' })
    expect(failing.output).toContain("'list' object has no attribute 'y'")
    expect(verified(failing).mismatches).toBe(0)

    const exiting = await recorded('import sys\nkept = [sys.argv]\nsys.exit(len(sys.argv))\n', { interpreter, args: ['a', 'b'] })
    expect(exiting.end).toEqual({ kind: 'exited', code: 3, message: null })

    const wrong = await recorded('x = = 1', { interpreter })
    expect(wrong.end).toEqual({ kind: 'raised', type: 'SyntaxError' })
  })

  test('[R34] objects, references, names and collections stand in the words of the vocabulary, each row with its line', async () => {
    const source = ['import gc', 'class Node: pass', 'a = Node()', 'b = Node()', 'a.other, b.other = b, a', 'del a, b', 'gc.collect()']
    const { rows } = await recorded(source.join('\n'), { interpreter, isObjectsOnly: true })
    expect(observed(rows, 'collection')).toEqual([{ generation: 2, collected: 2, uncollectable: 0 }])
    const names = observed(rows, 'line').map(({ line, names }) => [line, names])
    expect(names).toContainEqual([3, { a: 1 }])
    expect(names).toContainEqual([5, { a: 2, b: 2 }])
    expect(names).toContainEqual([6, { a: null, b: null }])
    expect(rows.code.subarray(0, rows.length).some((code) => code <= 4)).toBe(false)
    expect(rows.stack?.[rows.length - 1]).toBeGreaterThan(0)
  })

  test('[R34] what code of a library puts into a container is held by that from the end of the line on', async () => {
    const source = `
import weakref
class Key: pass
much = [[i] for i in range(3000)]
keys = [Key() for _ in range(60)]
values = weakref.WeakValueDictionary()
for key in keys:
    values[id(key)] = key
    for _ in range(10):
        pass
`
    const { rows } = await recorded(source, { interpreter, isObjectsOnly: true })
    const lines: number[] = []
    const made = new Map<number, number>()
    let type = -1
    for (let row = 0; row < rows.length; row++) {
      const [code, id, other] = [rows.code[row] ?? 0, rows.id[row] ?? 0, rows.other[row] ?? 0]
      const detail = rows.detail(row)
      if (code === DefineType && detail?.includes('"KeyedRef"')) type = id
      if (code === CreateObject && other === type) made.set(id, 0)
      // A container is older than what it takes in.
      if (code === AddReference && other < id && made.has(id)) {
        lines.push(made.get(id) ?? 0)
        made.delete(id)
      }
      if (detail?.startsWith('{"of":"line"')) for (const [weak, count] of made) made.set(weak, count + 1)
    }
    expect(lines).toEqual(Array(60).fill(0))
  })

  test('[R35] the allocator is asked in rows of their own, and objects name the blocks that they lie in', async () => {
    const { rows } = await recorded('kept = [bytearray(5000), [1.5]]\n', { interpreter })
    const given = new Set<number>()
    let objects = 0
    for (let row = 0; row < rows.length; row++) {
      const [code, id, other] = [rows.code[row] ?? 0, rows.id[row] ?? 0, rows.other[row] ?? 0]
      if (code === 1 || code === 2) given.add(id)
      if (code === 3) given.add(other)
      if (code !== 34) continue
      objects++
      expect(given.has(rows.address[row] ?? 0)).toBe(true)
    }
    expect(objects).toBeGreaterThan(3)
  })

  test('[R41] the figures of each line add up', async () => {
    const source = 'rows = []\nfor _ in range(3):\n    rows.append([1.5])\ndel rows\ndone = None\n'
    const annotated = new AnnotatedSource()
    await recorded(source, { interpreter, onEvents: (batch) => annotated.append(batch) })
    expect(annotated.lines.get(1)).toMatchObject({ runs: 1, born: 1 })
    expect(annotated.lines.get(3)).toMatchObject({ runs: 3, born: 3 })
    expect(annotated.lines.get(4)).toMatchObject({ runs: 1, died: 4 })
    expect(annotated.lines.get(4)?.names.get('rows')).toBe(null)
  })

  test('[R43] what cannot be recorded is said with the command that mends it', async () => {
    const old = await recorded('', { interpreter: '3.12.7' })
    expect(old.end).toEqual({
      kind: 'failed',
      message: 'CPython 3.12.7 cannot be recorded: PyRefTracer came with 3.13; take 3.13.2, 3.14.2 or 3.15.0rc1',
    })
    const unknown = await recorded('', { interpreter: '9.99' })
    expect(unknown.end).toEqual({
      kind: 'failed',
      message:
        'there is no interpreter 9.99 in WebAssembly; there are 3.12.7, 3.13.2, 3.14.2, 3.15.0rc1, or name the path of a pyodide.mjs',
    })
  })
})

/** A collection is due in the middle of one C call, at a loop's end, at a function's beginning: it runs where the interpreter looks next. */
const DUE = `
import gc
gc.set_threshold(20, 1000, 1000)
def call(x):
    return x
kept = []
for i in range(100):
    kept.append([i])
    call(i)
made = [[] for _ in range(50)]
pairs = list(zip(range(60), range(60)))
deep = [call([i]) for i in range(40)]
`

describe.each(someOf(RECORDABLE, 2))('safe points, CPython %s', (version) => {
  test('[R38] automatic collections run just where the log says that the eval breaker was looked at', async () => {
    const run = await recorded(DUE, { interpreter: version, isObjectsOnly: true })
    const { rows } = run
    let collections = 0
    for (let row = 1; row < rows.length; row++) {
      if (rows.detail(row)?.startsWith('{"of":"collection"') !== true) continue
      collections++
      expect(rows.code[row - 1]).toBe(73)
    }
    expect(collections).toBeGreaterThan(2)
    expect(verified(run).mismatches).toBe(0)
  })
})
