import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pagesRunBy } from '../docs/blocks.mjs'
import { examplesOf, PACKAGES, printed } from './examples.ts'

/** The command's README is a transcript of a terminal, which its own tests run. */
const FOLDERS = pagesRunBy('scripts/tests/readme.test.ts', 'ts').map((path) => path.split('/')[1] ?? '')

describe.each(FOLDERS)('README of packages/%s', (folder) => {
  const readme = readFileSync(`${PACKAGES}/${folder}/README.md`, 'utf8')
  const examples = examplesOf(readme)

  test('holds an example with its output', () => {
    expect(examples.length).toBeGreaterThan(0)
    expect(examples).toHaveLength(readme.split('```ts\n').length - 1)
  })

  test.each(examples.map((example, place) => [place + 1, example] as const))(
    'example %i prints what stands below it',
    async (place, example) => {
      expect(await printed(folder, `readme-${place}`, example.code)).toBe(example.output)
    },
  )
})
