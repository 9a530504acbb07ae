import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const SOURCES = new URL('../../src/', import.meta.url)

/** All files that a file imports, itself among them. */
function imported(entry: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const waiting = [new URL(entry, SOURCES).href]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    const text = readFileSync(new URL(next), 'utf8')
    found.set(next, text)
    for (const [, path] of text.matchAll(/from '(\.[^']+)'/g)) waiting.push(new URL(path ?? '', next).href)
  }
  return found
}

const NEEDS_NODE = /from 'node:|\/node'|\bBuffer\b|\bprocess\.|\bNodeJS\b/

test('[R90] what records a script in a browser needs nothing of Node', () => {
  const files = imported('web.ts')
  expect([...files.keys()].some((path) => path.endsWith('/wasm/script-recorder.ts'))).toBe(true)
  expect([...files].filter(([, text]) => NEEDS_NODE.test(text)).map(([path]) => path)).toEqual([])
  // The entry for Node does: the search finds it.
  expect([...imported('index.ts').values()].some((text) => NEEDS_NODE.test(text))).toBe(true)
})
