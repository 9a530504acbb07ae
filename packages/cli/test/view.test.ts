import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { CLI, HELLO, HELLO_38, reheap } from './command.ts'

const isBuilt = existsSync(fileURLToPath(new URL('../../viewer/dist/page/index.html', import.meta.url)))
if (!isBuilt) console.log('the test of a served page is left out: build the page with npm start')

test('[C127] view refuses a file that is not there', () => {
  const { status, stdout, stderr } = reheap(['view', 'nowhere.arrows'])
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toBe('reheap: nowhere.arrows: there is no such file; give a log or a PyTorch snapshot\n')
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
