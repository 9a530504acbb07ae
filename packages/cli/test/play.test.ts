import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { CLI, reheap } from './command.ts'

const isBuilt = existsSync(fileURLToPath(new URL('../../viewer/dist/page/index.html', import.meta.url)))
if (!isBuilt) console.log('the test of a served playground is left out: build the page with npm start')

/** The address that `reheap play` tells, while it serves. */
async function served<A>(args: readonly string[], use: (url: string) => Promise<A>): Promise<A> {
  const server = spawn(process.execPath, [CLI, 'play', ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer]
    return await use((JSON.parse(line.toString()) as { readonly url: string }).url)
  } finally {
    server.kill()
  }
}

test('[C150] play refuses a script that is not there', () => {
  const { status, stdout, stderr } = reheap(['play', 'nowhere.py'])
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toBe('reheap: nowhere.py: cannot be read: no such file; name a Python script, or a shared link\n')
})

test.skipIf(!isBuilt)('[C150] play serves the page, the examples and of an interpreter only what it loads', () =>
  served([], async (url) => {
    const status = async (path: string): Promise<number> => (await fetch(new URL(path, url))).status
    const { versions, examples } = (await (await fetch(new URL('playground.json', url))).json()) as {
      readonly versions: readonly string[]
      readonly examples: readonly { readonly title: string; readonly source: string }[]
    }
    expect(versions[0]).toBe('3.14.2')
    expect(examples.map(({ title }) => /^Claim (\d+): /.exec(title)?.[1])).toEqual(['11', '12', '14', '15', '18', '19', '21', '22'])
    for (const { source } of examples) expect(source).toMatch(/^# Claim \d+: .*\n/)
    expect(await status('runtime/3.14.2/pyodide.mjs')).toBe(200)
    for (const path of ['runtime/3.14.2/package.json', 'runtime/3.14.2/..%2fpackage.json', 'runtime/9.9.9/pyodide.mjs', '/playground.json'])
      expect([path, await status(path)]).toEqual([path, 404])
  }),
)

test.skipIf(!isBuilt)('[C150] a script, or a link that was shared, is the program of the page', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-play-'))
  try {
    const script = join(folder, 'hello.py')
    writeFileSync(script, 'print("héllo")\n')
    const url = await served([script], async (told) => told)
    const [, text = ''] = /#play=([\w-]+)$/.exec(url) ?? []
    expect(inflateRawSync(Buffer.from(text, 'base64url')).toString()).toBe('print("héllo")\n')
    expect(await served([url], async (told) => told.split('#')[1])).toBe(`play=${text}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.skipIf(!isBuilt)(
  '[C173] a program that is longer than the playground takes is refused in one line; its length is told in bytes',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reheap-play-'))
    try {
      const script = join(folder, 'long.py')
      writeFileSync(script, `#${'記'.repeat(66_666)}\n\n`)
      const told = '200,001 bytes are too many for the playground, which takes 200,000; record it with reheap run'
      expect(reheap(['play', script])).toMatchObject({ status: 2, stdout: '', stderr: `reheap: ${script}: ${told}\n` })
      writeFileSync(script, `#${'記'.repeat(66_666)}`)
      await served([script], async (url) => expect(url).toContain('#play='))
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
