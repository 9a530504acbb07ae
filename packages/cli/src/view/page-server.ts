/** A server of the viewer's page and of the files that it was given, for this machine alone. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Folders, giveFile, servedFiles } from './served-files.ts'

const HOST = '127.0.0.1'
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

/** What a server serves. */
export interface Served extends Folders {
  /** What the playground offers, as a document of JSON. */
  readonly playground: string
}

/** A server that listens. */
export interface PageServer {
  /** Address of the page; nobody can guess its path. */
  readonly url: string
  close(): Promise<void>
}

/** Listens on a free port of this machine. @param port default: a free one @throws where it cannot listen, or what it serves is not there */
export async function servePage(served: Served, port = 0): Promise<PageServer> {
  const secret = randomBytes(18).toString('base64url')
  const files = servedFiles(served)
  const server = createServer((request, response) => {
    // Whoever asks may end the line at any time, and a file may fail: neither ends the server.
    answer(request, response, secret, files, served.playground).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve))
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}/${secret}/`, close: () => closed(server) }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  files: ReadonlyMap<string, string>,
  playground: string,
): Promise<void> {
  if (!isOwn(request)) return end(response, 403)
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, { Allow: 'GET, HEAD' })
  const path = pathBelow(secret, request.url ?? '')
  const file = path === null ? undefined : files.get(path)
  if (path === 'playground.json') end(response, 200, { 'Content-Type': 'application/json; charset=utf-8' }, playground)
  else if (file === undefined) end(response, 404)
  else await giveFile(file, HEADERS, request, response)
}

/** Node leaves the body of an answer to HEAD out. */
function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}, body = ''): void {
  response.writeHead(status, { ...HEADERS, ...headers }).end(body)
}

/** Another site may make a browser ask here, under a name of its own: the names of host and origin tell. */
function isOwn({ headers, socket }: IncomingMessage): boolean {
  // Of port 80 a browser names no port.
  const { host, origin } = new URL(`http://${HOST}:${socket.localPort}`)
  return headers.host === host && (headers.origin === undefined || headers.origin === origin)
}

/** What stands behind the secret path; null: the path is another. The comparison takes as long for any other path. */
function pathBelow(secret: string, target: string): string | null {
  const wanted = Buffer.from(`/${secret}/`)
  const given = Buffer.from(target.slice(0, wanted.length))
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? (target.slice(wanted.length).split('?')[0] ?? '') : null
}
