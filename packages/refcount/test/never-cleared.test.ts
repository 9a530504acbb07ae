import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { type Layout, NEVER_CLEARED } from '../src/layout.ts'

interface Interpreter {
  readonly _module: { _PyType_GetSlot(type: number, slot: number): number }
  runPython(source: string): string
}

/** `Py_tp_clear` of the stable ABI. */
const TP_CLEAR = 51

/** An object of each layout whose type is CPython's own. */
const OBJECTS: Readonly<Partial<Record<Layout, string>>> = {
  float: '1.5',
  list: '[]',
  tuple: '()',
  dict: '{}',
  set: 'set()',
  weakref: 'weakref.ref(f)',
  function: 'f',
  method: 'f.__get__(1)',
  builtinMethod: '[].append',
  cMethod: "re.compile('x').match",
  cell: 'f.__closure__[0]',
  generator: '(x for x in ())',
  module: 'sys',
  type: 'int',
  frame: 'sys._getframe()',
  listIterator: 'iter([])',
  tupleIterator: 'iter(())',
  slice: 'slice(1)',
}

test('[R31] the types of a real 3.14.2 without tp_clear are the layouts that a collection does not clear', async () => {
  const entry = createRequire(new URL('../../recorder/package.json', import.meta.url)).resolve('pyodide-3.14.2/pyodide.mjs')
  const { loadPyodide }: { loadPyodide: () => Promise<Interpreter> } = await import(/* @vite-ignore */ pathToFileURL(entry).href)
  const interpreter = await loadPyodide()
  const types = Object.entries(OBJECTS).map(([layout, source]) => `'${layout}': id(type(${source}))`)
  const source = `import json, re, sys, weakref\ndef maker(x):\n    return lambda: x\nf = maker(1)\njson.dumps({${types.join(', ')}})`
  const addresses: Record<string, number> = JSON.parse(interpreter.runPython(source))
  const without = Object.keys(addresses).filter((layout) => interpreter._module._PyType_GetSlot(addresses[layout] ?? 0, TP_CLEAR) === 0)
  expect(without.sort()).toEqual(NEVER_CLEARED.filter((layout) => layout in OBJECTS).sort())
}, 60_000)
