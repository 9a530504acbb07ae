/** What each path of the page's server leads to, and how its bytes are given. */
import { constants, existsSync, readdirSync, realpathSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
}
/** Of an interpreter's folder only what it loads when it starts. */
const RUNTIME_FILES = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.js', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json']
/** A link that was put in a file's place since is not followed, and a pipe there is not waited for; Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** What is served as files. */
export interface Folders {
  /** Folder of the built page. */
  readonly page: string
  /** Paths of logs; the page asks for them by number. */
  readonly files: readonly string[]
  /** Folders of interpreters in WebAssembly, by version. */
  readonly runtimes: ReadonlyMap<string, string>
}

/** The file of each path; no other path leads anywhere. @throws where the page or a log is not there */
export function servedFiles({ page, files, runtimes }: Folders): ReadonlyMap<string, string> {
  const built = readdirSync(page, { recursive: true, encoding: 'utf8' }).map(
    (path) => [path.replaceAll(sep, '/'), join(page, path)] as const,
  )
  const loaded = [...runtimes].flatMap(([version, folder]) =>
    RUNTIME_FILES.map((name) => [`runtime/${version}/${name}`, join(folder, name)] as const).filter(([, file]) => existsSync(file)),
  )
  const given = files.map((file, number) => [`files/${number}`, file] as const)
  return new Map([['', join(page, 'index.html')] as const, ...built, ...loaded, ...given].map(([path, file]) => [path, realpathSync(file)]))
}

const typeOf = (file: string): string => TYPES[extname(file)] ?? 'application/octet-stream'

/** Gives a file, or all of it from a place on: so a browser reads a large one. */
export async function giveFile(
  file: string,
  headers: OutgoingHttpHeaders,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const handle = await open(file, FLAGS).catch(() => null)
  try {
    const stat = await handle?.stat()
    if (handle === null || stat?.isFile() !== true) response.writeHead(404, headers).end()
    else await giveBytes(handle, stat.size, { ...headers, 'Content-Type': typeOf(file) }, request, response)
  } finally {
    await handle?.close()
  }
}

async function giveBytes(
  handle: FileHandle,
  size: number,
  headers: OutgoingHttpHeaders,
  { method, headers: asked, socket }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, place] = (method === 'GET' && /^bytes=(\d{1,15})-$/.exec(asked.range ?? '')) || []
  const from = Number(place ?? 0)
  if (place !== undefined && from >= size) {
    response.writeHead(416, { ...headers, 'Content-Range': `bytes */${size}` }).end()
    return
  }
  response.writeHead(place === undefined ? 200 : 206, {
    ...headers,
    'Content-Length': size - from,
    ...(place === undefined ? {} : { 'Content-Range': `bytes ${from}-${size - 1}/${size}` }),
  })
  if (method === 'HEAD' || size === 0) {
    response.end()
    return
  }
  // A file that grows is given as long as it was promised; of one that was cut the line ends, or its reader would wait.
  const bytes = handle.createReadStream({ start: from, end: size - 1, autoClose: false })
  await pipeline(bytes, response, { end: false })
  if (bytes.bytesRead < size - from) socket.destroy()
  else response.end()
}
