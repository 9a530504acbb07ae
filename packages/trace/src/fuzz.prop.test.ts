import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, chunked, HEADER, outcomeOf } from '../test/lines.ts'

const recording = gunzipSync(readFileSync(new URL('../test/fixtures/cpython-3.11-hello.jsonl.gz', import.meta.url)))
const lines = recording.toString().split('\n')
const OBSERVED = lines.filter((line) => /Observe|Mark|Realloc|Calloc/.test(line)).slice(-6)
const TEXT = bytesOf([HEADER, ...lines.slice(1, 20), ...OBSERVED, ''].join('\n'))
const COMPRESSED = new Uint8Array(gzipSync(TEXT))

/** One mutation: a byte overwritten, a run cut out, or a run doubled. */
const anyMutation = fc.record({
  how: fc.constantFrom('set', 'cut', 'double'),
  at: fc.nat(),
  byte: fc.nat({ max: 255 }),
  length: fc.nat({ max: 30 }),
})

function mutated(bytes: Uint8Array, mutations: readonly { how: string; at: number; byte: number; length: number }[]): Uint8Array {
  return mutations.reduce((old, { how, at: seed, byte, length }) => {
    const at = seed % Math.max(1, old.length)
    if (how === 'set') return old.with(at, byte)
    if (how === 'cut') return new Uint8Array([...old.subarray(0, at), ...old.subarray(at + length)])
    return new Uint8Array([...old.subarray(0, at + length), ...old.subarray(at)])
  }, bytes)
}

test.each([
  ['text', TEXT],
  ['gzip', COMPRESSED],
])('[T31] no mutation of %s makes reading throw or hang', async (_form, bytes) => {
  const seen = { read: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(anyMutation, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 5000 }), async (mutations, size) => {
      const { errors } = await outcomeOf(chunked(mutated(bytes, mutations), size))
      expect(errors.length).toBeLessThanOrEqual(1)
      for (const { message } of errors) expect(message).toMatch(/^log\.jsonl(:\d+)?: [^\n]+; [^\n]+$/)
      seen[errors.length === 0 ? 'read' : 'refused'] += 1
    }),
    { numRuns: 1500 },
  )
  expect(seen.refused).toBeGreaterThan(100)
})

test('[T31] no bytes at all make reading throw or hang', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('', '{', `${HEADER}\n`, `${HEADER}\n{"kind":"`),
      fc.uint8Array({ maxLength: 200 }),
      async (start, rest) => {
        const { errors } = await outcomeOf(chunked(new Uint8Array([...bytesOf(start), ...rest]), 64))
        expect(errors.length).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: 1000 },
  )
})
