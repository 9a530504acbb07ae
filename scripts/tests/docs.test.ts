import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pagesRunBy } from '../docs/blocks.mjs'
import { pageMap, sitePage } from '../docs/pages.mjs'
import { replayed } from '../docs/transcripts.mjs'
import { examplesOf, printed } from './examples.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The package that may import all that the pages do. */
const FOLDER = 'properties'

describe.each(pagesRunBy('scripts/tests/docs.test.ts', 'sh'))('%s', (name) => {
  const page = readFileSync(`${ROOT}/${name}`, 'utf8')

  test('commands print what stands below them', () => {
    expect(replayed(page)).toBe(page)
  })
})

describe.each(pagesRunBy('scripts/tests/docs.test.ts', 'ts'))('%s', (name) => {
  const page = readFileSync(`${ROOT}/${name}`, 'utf8')

  test('examples print what stands below them', async () => {
    const examples = examplesOf(page)
    expect(examples).toHaveLength(page.split('```ts\n').length - 1)
    for (const [place, { code, output }] of examples.entries())
      expect(await printed(FOLDER, `docs-${name.replaceAll(/\W/g, '-')}-${place}`, code)).toBe(output)
  })
})

describe('what is made from the code', () => {
  test.each([
    ['pictures.mjs', 'pictures of the internals are what the mechanisms draw'],
    ['errors.mjs', 'the catalogue of errors holds what the sources say'],
  ])('%s --check: %s', (script) => {
    const { status, stderr } = spawnSync(process.execPath, [`${ROOT}/scripts/${script}`, '--check'], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('every link of every page leads somewhere', () => {
    const { status, stderr } = spawnSync(process.execPath, [`${ROOT}/scripts/docs.mjs`, '--check'], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('a picture with a file for each theme is one image for each in the site, which shows no HTML', () => {
    const faults: string[] = []
    const page = sitePage('README.md', pageMap(), faults)
    expect(page).not.toContain('<picture')
    expect(page).toContain('](../images/viewer-heap-light.png){.light-only}')
    expect(page).toContain('](../images/viewer-heap-dark.png){.dark-only}')
    expect(faults).toEqual([])
  })
})
