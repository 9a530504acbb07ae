import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PAGE_FOLDER } from '@reheap/viewer'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import { refusalOf } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { type CommonOptions, settle, verb, wholeNumber } from '../verb.ts'
import { openBrowser, openOption } from '../view/open-browser.ts'
import { type PageServer, type Served, servePage } from '../view/page-server.ts'
import { installedRuntimes, playgroundOf } from '../view/playground.ts'

interface ViewOptions extends CommonOptions {
  readonly port: number
  readonly at?: number
  readonly open?: boolean
}

const EXAMPLE = `$ reheap view hello.arrows
$ reheap view snapshot.pickle --port 8123
$ reheap view hello.arrows --open
$ reheap view monday.arrows tuesday.arrows`

/** `reheap view`: the page that shows a log, served to this machine alone. */
export const viewVerb = (): Command =>
  verb(
    'view <log> [other]',
    'serve the page that shows a log, or two beside each other, on 127.0.0.1 only, until it is interrupted',
    EXAMPLE,
  )
    .option('--port <number>', 'the port to listen on; 0 is a free one', wholeNumber, 0)
    .option('--at <index>', 'show the state after so many events (default: at the end)', wholeNumber)
    .addOption(openOption())
    .action((log: string, other: string | undefined, options: ViewOptions) => settle(options, view(log, other, options)))

async function view(log: string, other: string | undefined, { port, at, open }: ViewOptions): Promise<Result<Outcome>> {
  const files = other === undefined ? [log] : [log, other]
  const missing = files.find((file) => !existsSync(file) || !statSync(file).isFile())
  if (missing !== undefined) return left(`${missing}: there is no such file; give a log or a PyTorch snapshot`)
  for (const file of files) {
    const refusal = await refusalOf(file)
    if (refusal !== null) return left(refusal)
  }
  const page = fileURLToPath(PAGE_FOLDER)
  if (!existsSync(`${page}index.html`)) return left('view: the page has not been built; run npm start once')
  const served = await listening({ page, files, ...playgroundOf(installedRuntimes()) }, port)
  if (served._tag === 'Left') return served
  // The server keeps the process alive; the document and the line are told at once.
  const named = files.map((file, place) => `${place === 0 ? 'log' : 'with'}=${encodeURIComponent(basename(file))}`)
  const url = `${served.right.url}#${named.join('&')}${at === undefined ? '' : `&at=${at}`}`
  if (open === true) openBrowser(url)
  return right({
    status: 0,
    json: { log, ...(other === undefined ? {} : { other }), url },
    text: () => `${url}\nopen it in a browser; Ctrl-C ends the server`,
  })
}

/** Listens, or says in one line why it cannot. */
export async function listening(served: Served, port: number): Promise<Result<PageServer>> {
  try {
    return right(await servePage(served, port))
  } catch (error) {
    return left(`--port ${port}: cannot listen there (${(error as NodeJS.ErrnoException).code}); give another, or 0 for a free one`)
  }
}
