/** A server of the viewer's page and of the files that it was given, for this machine alone. */
import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream'

const HOST = '127.0.0.1'
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
}
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // The page and its workers are alone in their process, so that they may share memory: the playground's script writes its log there.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
} as const

const RUNTIME_FILES: ReadonlySet<string> = new Set([
  'pyodide.mjs',
  'pyodide.asm.mjs',
  'pyodide.asm.js',
  'pyodide.asm.wasm',
  'python_stdlib.zip',
  'pyodide-lock.json',
])

/** What a server serves. */
export interface Served {
  /** Folder of the built page. */
  readonly page: string
  /** Paths of logs; the page asks for them by number. */
  readonly files: readonly string[]
  /** Folders of interpreters in WebAssembly, by version. */
  readonly runtimes: ReadonlyMap<string, string>
  /** What the playground offers, as a document of JSON. */
  readonly playground: string
}

/** A server that listens. */
export interface PageServer {
  /** Address of the page; nobody can guess its path. */
  readonly url: string
  close(): Promise<void>
}

/** Listens on a free port of this machine. @param port default: a free one */
export async function servePage(served: Served, port = 0): Promise<PageServer> {
  const secret = randomBytes(18).toString('base64url')
  const server = createServer((request, response) => answer(served, secret, request, response))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve))
  return { url: `http://${hostOf(server)}/${secret}/`, close: () => closed(server) }
}

const hostOf = (server: Server): string => `${HOST}:${(server.address() as AddressInfo).port}`

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

/** Another site may make a browser ask here, under a name of its own: the names of host and origin tell. */
function isOwn({ headers, socket }: IncomingMessage): boolean {
  const host = `${HOST}:${socket.localPort}`
  return headers.host === host && (headers.origin === undefined || headers.origin === `http://${host}`)
}

function answer(served: Served, secret: string, request: IncomingMessage, response: ServerResponse): void {
  const status = !isOwn(request) ? 403 : request.method !== 'GET' && request.method !== 'HEAD' ? 405 : 200
  const { pathname } = new URL(request.url ?? '/', `http://${HOST}`)
  const path = pathname.startsWith(`/${secret}/`) ? pathname.slice(secret.length + 2) : null
  if (status === 200 && path === 'playground.json') {
    response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES['.json'] }).end(request.method === 'HEAD' ? undefined : served.playground)
    return
  }
  const file = path === null || status !== 200 ? null : fileOf(served, path)
  if (file === null) {
    response.writeHead(status === 200 ? 404 : status, HEADERS).end()
    return
  }
  give(file, request, response)
}

/** Gives a file, or all of it from a place on: so a browser reads a large one. */
function give(file: string, request: IncomingMessage, response: ServerResponse): void {
  const { size } = statSync(file)
  const [, place] = /^bytes=(\d{1,15})-$/.exec(request.headers.range ?? '') ?? []
  const from = Number(place ?? 0)
  if (place !== undefined && from >= size) {
    response.writeHead(416, { ...HEADERS, 'Content-Range': `bytes */${size}` }).end()
    return
  }
  response.writeHead(place === undefined ? 200 : 206, {
    ...HEADERS,
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': size - from,
    ...(place === undefined ? {} : { 'Content-Range': `bytes ${from}-${size - 1}/${size}` }),
  })
  if (request.method === 'HEAD') response.end()
  // Whoever has read enough closes the line: the file is closed with it.
  else pipeline(createReadStream(file, { start: from }), response, () => {})
}

/** The file that a path names: one of the page's own, one that was given, or one of an interpreter. */
function fileOf(served: Served, path: string): string | null {
  const file = runtimeFile(served.runtimes, path) ?? givenFile(served, path)
  return file !== undefined && existsSync(file) && statSync(file).isFile() ? file : null
}

function givenFile({ page, files }: Served, path: string): string | undefined {
  const [, number] = /^files\/(\d+)$/.exec(path) ?? []
  return number === undefined ? pageFile(page, path === '' ? 'index.html' : path) : files[Number(number)]
}

/** Of an interpreter's folder only what it loads when it starts. */
function runtimeFile(runtimes: ReadonlyMap<string, string>, path: string): string | undefined {
  const [, version, name] = /^runtime\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  const folder = runtimes.get(version ?? '')
  return folder === undefined || name === undefined || !RUNTIME_FILES.has(name) ? undefined : join(folder, name)
}

/** Built files lie in the folder or in `assets`; any other spelling is none. */
const pageFile = (page: string, path: string): string | undefined =>
  /^(assets\/)?[A-Za-z0-9_-]+\.[a-z]+$/.test(path) ? join(page, path) : undefined
