import { type CpythonVersion, cpythonProfile, type Layout } from '@reheap/refcount'
import { describe, expect, test } from 'vitest'
import { someOf } from '../../../../scripts/tests/effort.ts'
import { observed, RECORDABLE, recorded } from './recorded.ts'

/** More than any of these lists keeps. */
const OBJECTS = 60
/** How a script makes one of each. */
const MAKERS: Readonly<Partial<Record<Layout, string>>> = {
  listIterator: 'iter(items)',
  tupleIterator: 'iter(pair)',
  slice: 'slice(pair)',
  method: 'bound.call',
  builtinMethod: 'items.append',
  cMethod: 'pattern.match',
}
const layouts = Object.keys(MAKERS)

const HEAD = `import gc, re, sys
class Method:
    def call(self): pass
bound, items, pair, pattern = Method(), [], (1, 2), re.compile('x')
gc.disable()
`

/** Fills a list twice: what the first filling made has died when the second one begins. Ten lines. */
const filling = (maker: string): string => `kept = [None] * ${OBJECTS}
print(sys.getsizeof(${maker}))
i = 0
while i < 2 * ${OBJECTS}:
    if i == ${OBJECTS}: kept[:] = [None] * ${OBJECTS}
    if i < ${OBJECTS}:
        kept[i] = ${maker}
    else:
        kept[i - ${OBJECTS}] = ${maker}
    i += 1
`
const [HEAD_LINES, FILLING_LINES, SECOND] = [5, 10, 9]
const script = HEAD + Object.values(MAKERS).map(filling).join('')

describe.each(someOf(RECORDABLE))('free lists, CPython %s', (version) => {
  const { freeLists } = cpythonProfile(version.split('.').slice(0, 2).join('.') as CpythonVersion, 32)

  test('[R35] the real interpreter asks its allocator for as many objects less as the profile says that a free list keeps', async () => {
    const { rows, output } = await recorded(script, { interpreter: version })
    const bytes = output.trim().split('\n').map(Number)
    const lines = observed(rows, 'line')
    for (const [place, layout] of layouts.entries()) {
      const at = HEAD_LINES + FILLING_LINES * place + SECOND
      const requested = lines.reduce((sum, { line, bytesRequested }) => sum + (line === at ? Number(bytesRequested) : 0), 0)
      const kept = freeLists.find((list) => list.layout === layout)?.max ?? 0
      expect(requested / (bytes[place] ?? 0), layout).toBe(OBJECTS - kept)
    }
  }, 120_000)
})
