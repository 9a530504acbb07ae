import { once } from 'node:events'
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PageServer, servePage } from '../src/view/page-server.ts'
import { workplace } from './command.ts'

const RUNS = 200
const MIB = 2 ** 20

/** What came back for bytes that were sent as they are. @param isLast does the server end the line? Else it is ended at its first answer */
async function sent(url: URL, bytes: string, isLast = true): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  const parts: Buffer[] = []
  socket.on('data', (part) => {
    parts.push(part)
    if (!isLast) socket.end()
  })
  socket.on('error', () => {})
  socket.write(Buffer.from(bytes, 'latin1'))
  await once(socket, 'close')
  return Buffer.concat(parts).toString('latin1')
}

describe('the server of the page', () => {
  const place = workplace()
  const text = 'x'.repeat(1000)
  let server: PageServer
  let url: URL
  beforeAll(async () => {
    mkdirSync(place.at('page/assets'), { recursive: true })
    writeFileSync(place.at('page/index.html'), '<title>page</title>')
    writeFileSync(place.at('page/assets/index-a_B-1.js'), 'page')
    writeFileSync(place.at('secret'), 'nobody was given this')
    for (const name of ['log', 'empty', 'gone', 'swapped', 'cut']) writeFileSync(place.at(name), name === 'empty' ? '' : text)
    symlinkSync(place.at('log'), place.at('link'))
    const files = ['log', 'empty', 'gone', 'swapped', 'cut', 'link'].map(place.at)
    server = await servePage({ page: place.at('page'), files, runtimes: new Map(), playground: '{}' })
    url = new URL(server.url)
  })
  afterAll(async () => {
    await server.close()
    place.remove()
  })

  const asked = (path: string, init: RequestInit = {}): Promise<Response> => fetch(new URL(path, url), init)
  /** The status that an answer to raw bytes has. */
  const status = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
  const request = (target: string, headers = `Host: ${url.host}`): string =>
    `GET ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`

  test.each(['//', '///', '//[', 'http://[', 'http://%', '/%', '/%00', '*', '/\\', '?', '#', 'a:b', '//user@:99999/'])(
    '[C168] the target %s does not end it',
    async (target) => {
      // Node itself refuses what is no target.
      expect([400, 403]).toContain(status(await sent(url, request(target, 'Host: evil'))))
      expect([400, 404]).toContain(status(await sent(url, request(target))))
      expect((await asked('')).status).toBe(200)
    },
  )

  test('[C168] whatever is sent, it goes on to answer, and what it was not given is never told', async () => {
    const letters = fc.string({ unit: fc.constantFrom(...'/.:?#%[]@\\ \t*0aZ-=,"\u0000\u00e9\u00ff'), maxLength: 40 })
    const path = fc.oneof(
      letters,
      fc.constantFrom('files/0', 'files/1', '../secret', '..%2fsecret', 'assets/../../secret', 'playground.json'),
    )
    const target = fc.oneof(
      letters,
      path.map((each) => `${url.pathname}${each}`),
      fc.webUrl(),
      fc.constantFrom('//', '/', '*'),
    )
    const header = fc.oneof(
      fc.tuple(
        fc.constantFrom('Host', 'Origin', 'Range', 'Referer', 'Connection', 'Content-Length', 'Transfer-Encoding', 'Expect', 'Upgrade'),
        letters,
      ),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map((from) => ['Range', `bytes=${from}-`] as const),
    )
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'CONNECT', 'BREW')
    await fc.assert(
      fc.asyncProperty(method, target, fc.array(header, { maxLength: 4 }), fc.boolean(), async (verb, at, headers, isOwn) => {
        const lines = [...(isOwn ? [['Host', url.host] as const] : []), ...headers].map(([name, value]) => `${name}: ${value}\r\n`)
        expect(await sent(url, `${verb} ${at} HTTP/1.1\r\n${lines.join('')}\r\n`, false)).not.toContain('nobody was given this')
        expect((await asked('', { method: 'HEAD' })).status).toBe(200)
      }),
      { numRuns: RUNS },
    )
  })

  test('[C169] a request under another name, or from another origin, has no answer, whatever it asks for', async () => {
    const under = async (headers: string): Promise<number> => status(await sent(url, request(url.pathname, headers)))
    const own = `Host: ${url.host}`
    expect(await under(own)).toBe(200)
    expect(await under(`${own}\r\nOrigin: ${url.origin}`)).toBe(200)
    for (const name of [
      'evil.test',
      `evil.test:${url.port}`,
      `localhost:${url.port}`,
      url.hostname,
      `${url.hostname}.:${url.port}`,
      `${url.host}.evil.test`,
    ])
      expect([name, await under(`Host: ${name}`)]).toEqual([name, 403])
    for (const origin of ['null', 'http://evil.test', `https://${url.host}`, `http://localhost:${url.port}`, `${url.origin}.evil.test`])
      expect([origin, await under(`${own}\r\nOrigin: ${origin}`)]).toEqual([origin, 403])
    expect(await under('Accept: */*')).toBe(400)
  })

  test('[C169] only below the secret path there is something, and every answer is under the policy and kept by nobody', async () => {
    const near = url.pathname.replace(/.\/$/, (end) => (end === 'A/' ? 'B/' : 'A/'))
    for (const path of ['/', '/files/0', near, url.pathname.slice(0, -1), `/x${url.pathname}`, url.pathname.toLowerCase().toUpperCase()])
      expect([path, (await asked(path)).status]).toEqual([path, 404])
    const answers = [
      await asked(''),
      await asked('files/0'),
      await asked('playground.json'),
      await asked('none'),
      await asked('', { method: 'POST' }),
    ]
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 404, 405])
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
    expect(answers[4]?.headers.get('allow')).toBe('GET, HEAD')
    const again = await servePage({ page: place.at('page'), files: [], runtimes: new Map(), playground: '{}' })
    expect(new URL(again.url).pathname).not.toBe(url.pathname)
    await again.close()
  })

  test('[C170] from a place on: the rest of the file; any other range is not followed, and one that begins behind the end is refused', async () => {
    const of = async (range: string, path = 'files/0', method = 'GET'): Promise<readonly [number, string | null, number]> => {
      const answer = await asked(path, { method, headers: { range } })
      return [answer.status, answer.headers.get('content-range'), (await answer.arrayBuffer()).byteLength]
    }
    expect(await of('bytes=0-')).toEqual([206, 'bytes 0-999/1000', 1000])
    expect(await of('bytes=999-')).toEqual([206, 'bytes 999-999/1000', 1])
    for (const behind of ['bytes=1000-', 'bytes=999999999999999-']) expect(await of(behind)).toEqual([416, 'bytes */1000', 0])
    expect(await of('bytes=0-', 'files/1')).toEqual([416, 'bytes */0', 0])
    for (const other of [
      'bytes=0-9',
      'bytes=-5',
      'bytes=0-9,20-29',
      'bytes=-1-',
      'bytes=9999999999999999-',
      'bytes=0x1-',
      'bytes=1e2-',
      'lines=1-',
      'bytes=5-1',
    ])
      expect([other, ...(await of(other))]).toEqual([other, 200, null, 1000])
    expect(await of('bytes=10-', 'files/0', 'HEAD')).toEqual([200, null, 0])
  })

  test('[C170] HEAD tells what GET would, one line carries several answers, and an empty file is one', async () => {
    const head = await asked('files/0', { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '1000', ''])
    expect([(await asked('files/1')).status, await (await asked('files/1')).text()]).toEqual([200, ''])
    const line = `GET ${url.pathname}files/0 HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`
    const answers = await sent(url, `${line}${line}${request(`${url.pathname}none`)}`)
    expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, each]) => each)).toEqual(['200', '200', '404'])
    expect(answers.split(text).length).toBe(3)
  })

  test('[C171] a file that is deleted, or whose place a link or a folder took, is not there; the server goes on', async () => {
    expect([(await asked('files/2')).status, (await asked('files/3')).status, (await asked('files/5')).status]).toEqual([200, 200, 200])
    rmSync(place.at('gone'))
    rmSync(place.at('swapped'))
    symlinkSync(place.at('secret'), place.at('swapped'))
    rmSync(place.at('link'))
    symlinkSync(place.at('secret'), place.at('link'))
    expect((await asked('files/2')).status).toBe(404)
    expect((await asked('files/3')).status).toBe(404)
    expect(await (await asked('files/5')).text()).toBe(text)
    mkdirSync(place.at('gone'))
    expect((await asked('files/2')).status).toBe(404)
  })

  test('[C171] paths lead to what was there when it began, and nowhere else', async () => {
    writeFileSync(place.at('page/assets/later.js'), 'later')
    for (const [path, wanted] of [
      ['assets/index-a_B-1.js', 200],
      ['index.html', 200],
      ['?a=files/0', 200],
      ['assets', 404],
      ['assets/', 404],
      ['assets/later.js', 404],
      ['files/00', 404],
      ['files/9', 404],
      ['files/-1', 404],
      ['%69ndex.html', 404],
      ['assets%2findex-a_B-1.js', 404],
      ['constructor', 404],
    ] as const)
      expect([path, (await asked(path)).status]).toEqual([path, wanted])
  })

  test('[C171] of a file that is cut while it is given the line is closed', async () => {
    writeFileSync(place.at('cut'), Buffer.alloc(64 * MIB))
    const socket = connect(Number(url.port), url.hostname)
    socket.on('error', () => {})
    socket.write(`GET ${url.pathname}files/4 HTTP/1.1\r\nHost: ${url.host}\r\n\r\n${request('/none')}`)
    await once(socket, 'readable')
    truncateSync(place.at('cut'), 8 * MIB)
    const given = Buffer.concat(await socket.toArray()).toString('latin1')
    expect(given).toContain(`Content-Length: ${64 * MIB}`)
    expect(given.length).toBeLessThan(64 * MIB)
    expect(given).not.toContain('404')
    expect((await asked('')).status).toBe(200)
  })
})
