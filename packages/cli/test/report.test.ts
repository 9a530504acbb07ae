import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { fromBase85, unpackLog } from '@reheap/event-log'
import { encodeEvents } from '@reheap/trace'
import { afterAll, describe, expect, test } from 'vitest'
import { HELLO, json, linesOf, reheap, reheapProcess, spoil, workplace } from './command.ts'
import { OOM } from './device.ts'

const isBuilt = existsSync(fileURLToPath(new URL('../../viewer/dist/page/index.html', import.meta.url)))
if (!isBuilt) console.log('the tests of a report are left out: build the page with npm start')

describe.skipIf(!isBuilt)('report', () => {
  const place = workplace()
  afterAll(place.remove)

  /** The events that a report holds, as lines. */
  async function heldIn(path: string): Promise<string> {
    const [, packed = ''] = /<script [^>]*id="log"[^>]*>([^<]*)</.exec(readFileSync(path, 'utf8')) ?? []
    const log = await unpackLog(new Blob([fromBase85(packed)]), 'report')
    if (log._tag === 'Left') throw new Error(log.left.message)
    let lines = ''
    for await (const read of log.right.batches) {
      if (read._tag === 'Left') throw new Error(read.left.message)
      const encoded = encodeEvents(read.right, { name: 'report' })
      if (encoded._tag === 'Left') throw new Error(encoded.left.message)
      lines += Buffer.from(encoded.right).toString()
    }
    return lines
  }

  test.each([HELLO, OOM])('[C142] a report holds every event of the log: %s', async (log) => {
    const page = place.at('whole.html')
    const { events, bytes } = json<{ events: number; bytes: number }>(reheap(['report', log, '-o', page, '--force', '--json']))
    expect(await heldIn(page)).toBe(`${linesOf(log).slice(1).join('\n')}\n`)
    expect([events, bytes]).toEqual([linesOf(log).length - 1, statSync(page).size])
  })

  test('[C142] all of the page stands in it, and it names nothing outside', () => {
    const page = place.at('alone.html')
    expect(reheap(['report', HELLO, '-o', page]).stdout).toMatch(/alone\.html: 28,895 events in \S+ KiB; open it in a browser\n$/)
    const text = readFileSync(page, 'utf8')
    expect(text).not.toMatch(/<(script|link|img|iframe)[^>]* (src|href)="(?!data:,")/)
    expect(text).toContain('data-name="cpython-3.11-hello.jsonl.gz"')
    const [, worker = ''] = /id="worker">([^<]*)</.exec(text) ?? []
    expect(gunzipSync(Buffer.from(worker, 'base64')).toString()).toContain('addEventListener')
  })

  test('[C142] - is standard output', () => {
    const { status, stdout } = reheap(['report', HELLO, '-o', '-'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/)
    expect(reheap(['report', HELLO, '-o', '-', '--json']).status).toBe(2)
  })

  test('[C143] a page that exists is not overwritten without --force', () => {
    const page = place.at('there.html')
    writeFileSync(page, 'mine')
    const { status, stdout, stderr } = reheap(['report', HELLO, '-o', page])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('there.html: exists already; choose another name or overwrite it with --force')
    expect(readFileSync(page, 'utf8')).toBe('mine')
    expect(reheap(['report', HELLO, '-o', page, '--force']).status).toBe(0)
  })

  test('[C143] a log that cannot have happened, or cannot be read, leaves no page', () => {
    const broken = place.at('broken.jsonl')
    const index = spoil(
      HELLO,
      broken,
      (line) => line.includes('"Free"'),
      (line) => line.replace(/"block":\d+/, '"block":4000000'),
    )
    const before = readdirSync(place.folder)
    const { status, stdout, stderr } = reheap(['report', broken, '-o', place.at('broken.html')])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`event ${index} cannot have happened`)
    const odd = place.at('odd.txt')
    writeFileSync(odd, 'no log')
    expect(reheap(['report', odd, '-o', place.at('odd.html')]).status).toBe(2)
    expect(readdirSync(place.folder)).toEqual([...before, 'odd.txt'].sort())
  })

  /** Runs the command with something of Node that fails. */
  const failing = (script: string, args: readonly string[]) => {
    const patch = `import fs from 'node:fs'; import zlib from 'node:zlib'; import { syncBuiltinESMExports } from 'node:module'; ${script}; syncBuiltinESMExports()`
    return reheapProcess(args, { env: { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(patch)}"` } })
  }

  test.each([
    [
      'a part of the page is not there',
      `const read = fs.readFileSync; fs.readFileSync = (path, ...rest) => read(/worker-/.test(path) ? '/nowhere/worker.js' : path, ...rest)`,
      /^reheap: report: the page is not whole: .*worker\.js.*; build it again with npm start, or install reheap again\n$/,
    ],
    ['what nobody thought of fails half-way', `zlib.createGzip = () => { throw new TypeError('odd') }`, /odd/],
  ])('[C174] where %s nothing is left behind', (_what, script, why) => {
    const before = readdirSync(place.folder)
    const { status, stdout, stderr } = failing(script, ['report', HELLO, '-o', place.at('half.html')])
    expect([status !== 0, stdout]).toEqual([true, ''])
    expect(stderr).toMatch(why)
    expect(readdirSync(place.folder)).toEqual(before)
  })
})
