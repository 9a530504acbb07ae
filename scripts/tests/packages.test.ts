import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const manifests = readdirSync(`${ROOT}/packages`).map((folder) => ({
  folder,
  manifest: JSON.parse(readFileSync(`${ROOT}/packages/${folder}/package.json`, 'utf8')) as {
    readonly name: string
    readonly exports?: Readonly<Record<string, unknown>>
  },
}))

describe('built packages in plain Node', () => {
  const entries = manifests.flatMap(({ folder, manifest }) =>
    Object.keys(manifest.exports ?? {}).map((path) => ({ folder, entry: manifest.name + path.slice(1) })),
  )
  test.each(entries)('$entry is imported from its build and exports something', ({ folder, entry }) => {
    const script = `import * as all from '${entry}'; console.log(Object.keys(all).length, import.meta.resolve('${entry}').endsWith('.js'))`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: `${ROOT}/packages/${folder}`,
      encoding: 'utf8',
    })
    expect(printed).toMatch(/^[1-9]\d* true\n$/)
  })
})
