/**
 * Measures what a real program asks for: writes packages/properties/src/blocks/recorded-requests.ts from the kept recording of
 * `print("hello")` under CPython 3.11. Run it again when that recording changes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const SOURCE = 'packages/trace/test/fixtures/cpython-3.11-hello.jsonl.gz'
const root = new URL('../', import.meta.url)
/** Quantiles that are kept: the middles of fifty parts of equal size. */
const PARTS = 50

const quantiles = (values) => {
  const sorted = values.toSorted((a, b) => a - b)
  return Array.from({ length: PARTS }, (_, part) => sorted[Math.floor(((part + 0.5) / PARTS) * sorted.length)])
}

const sizes = []
const lives = []
const born = new Map()
let asked = 0
for (const line of gunzipSync(readFileSync(new URL(SOURCE, root)))
  .toString()
  .split('\n')) {
  if (line === '') continue
  const event = JSON.parse(line)
  if (event.kind === 'Malloc') {
    sizes.push(event.bytes)
    born.set(event.block, asked++)
  } else if (event.kind === 'Free' && born.has(event.block)) {
    lives.push(asked - born.get(event.block) - 1)
    born.delete(event.block)
  }
}

const listed = (values) => `[${values.join(', ')}]`
writeFileSync(
  new URL('packages/properties/src/blocks/recorded-requests.ts', root),
  `/**
 * Sizes and lifetimes of ${sizes.length} requests of malloc, as quantiles: the middles of ${PARTS} parts of equal size.
 *
 * @source ${SOURCE}, by scripts/measure-requests.mjs
 */
export const RECORDED_REQUESTS = {
  /** @units bytes */
  sizes: ${listed(quantiles(sizes))},
  /** Further requests until the block is freed, of those that were. */
  lifetimes: ${listed(quantiles(lives))},
} as const
`,
)
