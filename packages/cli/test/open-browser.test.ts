import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { HELLO, start, workplace } from './command.ts'

const isBuilt = existsSync(fileURLToPath(new URL('../../viewer/dist/page/index.html', import.meta.url)))
/** Of Windows the program is one of the system's own. */
const OPENER = { darwin: 'open', win32: null }[process.platform as string] ?? 'xdg-open'

describe.skipIf(!isBuilt || process.platform === 'win32')('--open', () => {
  const place = workplace()
  afterAll(place.remove)

  /** A folder for PATH with a program that opens addresses: it writes down what it was given. */
  function opener(folder: string, script: string): string {
    mkdirSync(place.at(folder))
    writeFileSync(place.at(`${folder}/${OPENER}`), `#!/bin/sh\n${script}\n`)
    chmodSync(place.at(`${folder}/${OPENER}`), 0o755)
    return place.at(folder)
  }

  /** Runs a server with `--open` until something was told or written. @returns its document and its warnings */
  async function served(args: readonly string[], path: string, isDone: (stderr: string) => boolean) {
    const { child, ended } = start([...args, '--open', '--json'], undefined, { PATH: path })
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    await expect.poll(() => isDone(stderr), { timeout: 20_000 }).toBe(true)
    child.kill()
    const { stdout } = await ended
    return { url: (JSON.parse(stdout) as { readonly url: string }).url, stderr }
  }

  test.each([
    ['view', HELLO],
    ['play', 'http://evil.test/#play=a-b_c'],
  ])('[C172] %s gives the address to the browser of the system, as one operand and without a shell', async (...args) => {
    const seen = place.at(`seen-${args[0]}`)
    const folder = opener(`bin-${args[0]}`, `printf '%s\\n' "$#" "$1" > '${seen}.part' && /bin/mv '${seen}.part' '${seen}'`)
    const { url, stderr } = await served(args, [folder, '/usr/bin', '/bin'].join(delimiter), () => existsSync(seen))
    expect(readFileSync(seen, 'utf8')).toBe(`1\n${url}\n`)
    expect(stderr).toBe('')
  })

  test('[C172] where that fails a warning says so, and the page is served', async () => {
    const warned = (stderr: string): boolean => stderr.endsWith('\n')
    const none = await served(['view', HELLO], place.at('nothing'), warned)
    expect(none.stderr).toBe(`reheap: warning: --open: ${OPENER} cannot be run (ENOENT); open the address in a browser yourself\n`)
    const failed = await served(['view', HELLO], opener('failing', 'exit 3'), warned)
    expect(failed.stderr).toBe(`reheap: warning: --open: ${OPENER} has failed (3); open the address in a browser yourself\n`)
    expect(failed.url).toContain('#log=')
  })
})
