import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatWithOptions } from 'node:util'
import { afterAll, describe, expect, test, vi } from 'vitest'

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))

interface Example {
  readonly code: string
  readonly output: string
}

/** Examples of a README: a `ts` block with the `text` block that it prints. */
function examplesOf(readme: string): Example[] {
  const pairs = readme.matchAll(/^```ts\n([\s\S]*?)^```\n+^```text\n([\s\S]*?)^```/gm)
  return [...pairs].map(([, code = '', output = '']) => ({ code, output }))
}

/** What an example prints, run inside its package so that its imports are found. */
async function printed(folder: string, name: string, code: string): Promise<string> {
  mkdirSync(`${PACKAGES}/${folder}/.cache`, { recursive: true })
  const path = `${PACKAGES}/${folder}/.cache/${name}.ts`
  writeFileSync(path, code)
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    lines.push(`${formatWithOptions({ colors: false }, ...values)}\n`)
  })
  try {
    await import(/* @vite-ignore */ path)
  } finally {
    log.mockRestore()
  }
  return lines.join('')
}

/** The command's README is a transcript of a terminal, which its own tests run; the viewer's shows a page, which its tests open. */
const FOLDERS = readdirSync(PACKAGES).filter((folder) => folder !== 'cli' && folder !== 'viewer')

describe.each(FOLDERS)('README of packages/%s', (folder) => {
  const readme = readFileSync(`${PACKAGES}/${folder}/README.md`, 'utf8')
  const examples = examplesOf(readme)
  afterAll(() => rmSync(`${PACKAGES}/${folder}/.cache`, { recursive: true, force: true }))

  test('holds an example with its output', () => expect(examples.length).toBeGreaterThan(0))

  test.each(examples.map((example, place) => [place + 1, example] as const))(
    'example %i prints what stands below it',
    async (place, example) => {
      expect(await printed(folder, `readme-${place}`, example.code)).toBe(example.output)
    },
  )
})
