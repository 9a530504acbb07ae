/** A server of the viewer's page and of the files that it was given, for this machine alone. */
import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const HOST = '127.0.0.1'
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const

/** What a server serves. */
export interface Served {
  /** Folder of the built page. */
  readonly page: string
  /** Paths of logs; the page asks for them by number. */
  readonly files: readonly string[]
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
  const file = path === null || status !== 200 ? null : fileOf(served, path)
  if (file === null) {
    response.writeHead(status === 200 ? 404 : status, HEADERS).end()
    return
  }
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': statSync(file).size,
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}

/** The file that a path names: one of the page's own, or one that was given. */
function fileOf({ page, files }: Served, path: string): string | null {
  const [, number] = /^files\/(\d+)$/.exec(path) ?? []
  const file = number === undefined ? pageFile(page, path === '' ? 'index.html' : path) : files[Number(number)]
  return file !== undefined && existsSync(file) && statSync(file).isFile() ? file : null
}

/** Built files lie in the folder or in `assets`; any other spelling is none. */
const pageFile = (page: string, path: string): string | undefined =>
  /^(assets\/)?[A-Za-z0-9_-]+\.[a-z]+$/.test(path) ? join(page, path) : undefined
