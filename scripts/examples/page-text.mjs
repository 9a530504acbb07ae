import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Serves a folder on this machine alone. */
function serve(folder) {
  const server = createServer(({ url }, response) => {
    const path = normalize(url === '/' ? '/index.html' : url)
    try {
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(join(folder, path)))
    } catch {
      response.writeHead(404).end()
    }
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/** The page as the browser has it once its scripts ran. */
function dumped(chromium, url) {
  const profile = mkdtempSync(join(tmpdir(), 'reheap-chromium-'))
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${profile}`,
    '--virtual-time-budget=10000',
    '--dump-dom',
    url,
  ]
  return new Promise((resolve, reject) => {
    const browser = spawn(chromium, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 })
    let html = ''
    browser.stdout.setEncoding('utf8').on('data', (chunk) => {
      html += chunk
    })
    browser.on('error', reject).on('close', () => {
      rmSync(profile, { recursive: true, force: true })
      resolve(html)
    })
  })
}

/** Text of one element of a built page, in a real browser. */
export async function pageText(chromium, folder, id) {
  const server = await serve(folder)
  try {
    const html = await dumped(chromium, `http://127.0.0.1:${server.address().port}/`)
    return new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? html
  } finally {
    server.close()
  }
}
