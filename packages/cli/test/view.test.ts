import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { CLI, HELLO, HELLO_38, reheap, workplace } from './command.ts'

const isBuilt = existsSync(fileURLToPath(new URL('../../viewer/dist/page/index.html', import.meta.url)))
if (!isBuilt) console.log('the test of a served page is left out: build the page with npm start')

test('[C127] view refuses a file that is not there', () => {
  const { status, stdout, stderr } = reheap(['view', 'nowhere.arrows'])
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toBe('reheap: nowhere.arrows: there is no such file; give a log or a PyTorch snapshot\n')
})

const place = workplace()
afterAll(place.remove)

const PROTO = [0x80, 4]
const EMPTY_DICT = 0x7d
const STOP = 0x2e
test.each([
  ['text', 'no log at all', 'found text that is not JSON Lines'],
  ['nothing', '', 'found an empty file'],
  ['JSON without a header', '{"kind":"Mark","label":"a"}\n', 'expected the header of a log'],
  ['a pickle of something else', Uint8Array.of(...PROTO, EMPTY_DICT, STOP), 'expected a dict with segments'],
  ['a pickle with code', Uint8Array.of(...PROTO, 0x63, 0x61), 'such a file is never loaded'],
])('[C127] view and report refuse %s in one line, and serve nothing', (_what, content, why) => {
  const odd = place.at('odd')
  writeFileSync(odd, content)
  for (const args of [
    ['view', odd],
    ['view', HELLO, odd],
    ['report', odd, '-o', place.at('odd.html')],
  ]) {
    const { status, stdout, stderr } = reheap(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^reheap: .*\n$/)
    expect(stderr).toContain('odd')
    expect(stderr).toContain(why)
  }
  expect(existsSync(place.at('odd.html'))).toBe(false)
})

test.skipIf(!isBuilt)('[C127] a log that is damaged further on is served', async () => {
  const torn = place.at('torn.jsonl.gz')
  writeFileSync(torn, readFileSync(HELLO).subarray(0, 20_000))
  const server = spawn(process.execPath, [CLI, 'view', torn, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const [line] = (await once(server.stdout, 'data')) as [Buffer]
  expect(JSON.parse(line.toString()).url).toContain('#log=torn.jsonl.gz')
  server.kill()
  await ended
})

test.skipIf(!isBuilt)('[C127] view tells its address and serves the page and the log until it is interrupted', async () => {
  const server = spawn(process.execPath, [CLI, 'view', HELLO, '--at', '7', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer]
    const { url } = JSON.parse(line.toString()) as { readonly url: string }
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{24}\/#log=cpython-3\.11-hello\.jsonl\.gz&at=7$/)
    expect(await (await fetch(url)).text()).toContain('<title>reheap</title>')
    expect((await fetch(new URL('files/0', url))).status).toBe(200)
    // The server lives on the other side of the path: without it there is nothing.
    expect((await fetch(new URL('/files/0', url))).status).toBe(404)
  } finally {
    server.kill()
  }
  expect((await ended)[1]).toBe('SIGTERM')
})

test.skipIf(!isBuilt)('[C144] view of two logs serves both', async () => {
  const server = spawn(process.execPath, [CLI, 'view', HELLO, HELLO_38, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer]
    const { url, other } = JSON.parse(line.toString()) as { readonly url: string; readonly other: string }
    expect(other).toBe(HELLO_38)
    expect(new URL(url).hash).toBe('#log=cpython-3.11-hello.jsonl.gz&with=cpython-3.8-hello.jsonl.gz')
    const second = new Uint8Array(await (await fetch(new URL('files/1', url))).arrayBuffer())
    expect(Buffer.from(second).equals(readFileSync(HELLO_38))).toBe(true)
  } finally {
    server.kill()
  }
  await ended
})

test('[C144] a second file that is not there is refused', () => {
  expect(reheap(['view', HELLO, 'nowhere.arrows'])).toMatchObject({ status: 2, stdout: '' })
})
