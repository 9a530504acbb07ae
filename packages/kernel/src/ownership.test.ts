import { expect, test } from 'vitest'
import { columnBytes, createKeeper } from './ownership.ts'

test('[K19] bytes of a sealed state are those of its columns and of the sealed states in it, each once', () => {
  const inner = createKeeper<{ readonly ids: Uint32Array }>(({ ids }) => ({ ids: ids.slice() }))
  const shared = new Float64Array(10)
  const part = inner.sealed({ ids: new Uint32Array(5) }, 0)
  const outer = createKeeper<object>((state) => ({ ...state }))
  const state = { shared, again: shared, parts: [part, part], table: { tags: new Uint8Array(3) }, name: 'heap', none: null, count: 7 }
  expect(columnBytes(outer.sealed(state, 0))).toBe(80 + 20 + 3)
  expect(columnBytes(outer.sealed({}, 0))).toBe(0)
})
