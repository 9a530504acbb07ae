import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { replayed } from '../docs/transcripts.mjs'
import { examplesOf, printed } from './examples.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Pages with a runner of their own: stories of devices and claims are tested with the command. */
const PAGES = [
  'start.md',
  ...['tutorials', 'internals'].flatMap((folder) => readdirSync(`${ROOT}/docs/${folder}`).map((name) => `${folder}/${name}`)),
]
/** The package that may import all that the pages do. */
const FOLDER = 'properties'

describe.each(PAGES)('docs/%s', (name) => {
  const page = readFileSync(`${ROOT}/docs/${name}`, 'utf8')

  test('commands print what stands below them', () => {
    expect(replayed(page)).toBe(page)
  })

  test('examples print what stands below them', async () => {
    const examples = examplesOf(page)
    expect(examples).toHaveLength(page.split('```ts\n').length - 1)
    for (const [place, { code, output }] of examples.entries())
      expect(await printed(FOLDER, `docs-${name.replaceAll(/\W/g, '-')}-${place}`, code)).toBe(output)
  })

  test('holds no command that nothing runs', () => {
    expect(page).not.toMatch(/^```(?:sh|bash|js|javascript)\n/m)
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
})
