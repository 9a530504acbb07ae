/** Commands of the pages that take minutes. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { blocksOf, pages } from '../docs/blocks.mjs'
import { replayed } from '../docs/transcripts.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The command's README names files that its own test makes. */
const LONG = pages().filter((path) => blocksOf(readFileSync(`${ROOT}/${path}`, 'utf8')).some(({ note }) => note === 'long'))

test.each(LONG)('%s: commands end well', { timeout: 900_000 }, (path) => {
  const page = readFileSync(`${ROOT}/${path}`, 'utf8')
  expect(replayed(page, true)).toBe(page)
})
