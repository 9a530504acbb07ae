/** The page of the viewer as one file, around a log. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What stands before the log and behind it. */
export interface ReportFrame {
  readonly before: string
  readonly after: string
}

/**
 * Puts the built page together: its style and its script stand in the file, its worker as data. The policy names the script by its
 * checksum and lets nothing be asked for.
 *
 * @param folder of the built page @param name of the log
 * @throws Error where a part of the page is not there
 */
export function reportFrame(folder: string, name: string): ReportFrame {
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  const part = (what: string, pattern: RegExp): string => readFileSync(join(folder, there(what, pattern.exec(index)?.[1])), 'utf8')
  const script = inline(part('script', /<script [^>]*src="\.\/([^"]+)"/))
  const style = part('style', /<link [^>]*href="\.\/([^"]+\.css)"/)
  const worker = there(
    'worker',
    readdirSync(join(folder, 'assets')).find((file) => /^worker-[\w-]+\.js$/.test(file)),
  )
  const packed = gzipSync(readFileSync(join(folder, 'assets', worker)), { level: 9 }).toString('base64')
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' 'wasm-unsafe-eval'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return {
    before: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(name)} - reheap</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<script type="application/octet-stream" id="worker">${packed}</script>
<script type="application/octet-stream" id="log" data-name="${escaped(name)}">`,
    after: `</script>
<script type="module">${script}</script>
</body>
</html>
`,
  }
}

/** @throws Error where a part of the page has no file */
function there(what: string, file: string | undefined): string {
  if (file === undefined) throw new Error(`its ${what} is missing`)
  return file
}

/** A script as it can stand in a page: neither of these is anything in a script but a piece of text. */
const inline = (script: string): string => script.replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3c!--')

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '')
