import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatCount } from '@reheap/kernel'
import { DEFAULT_INTERPRETER, notInstalled } from '@reheap/recorder'
import { PAGE_FOLDER, PROGRAM_BYTES_MAX } from '@reheap/viewer'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Outcome, Result } from '../outcome.ts'
import { type CommonOptions, settle, verb, wholeNumber } from '../verb.ts'
import { openBrowser, openOption } from '../view/open-browser.ts'
import { installedRuntimes, linkText, playgroundOf } from '../view/playground.ts'
import { listening } from './view.ts'

interface PlayOptions extends CommonOptions {
  readonly port: number
  readonly open?: boolean
}

const EXAMPLE = `$ reheap play cycle.py --open
$ reheap play 'http://127.0.0.1:8123/.../#play=q8gsKUpV...'`

/** `reheap play`: the page's playground, served to this machine alone. */
export const playVerb = (): Command =>
  verb('play [program]', 'serve a page to type Python in and watch its memory, on 127.0.0.1 only, until it is interrupted', EXAMPLE)
    .option('--port <number>', 'the port to listen on; 0 is a free one', wholeNumber, 0)
    .addOption(openOption())
    .addHelpText(
      'after',
      '\nThe program is a script, or a link that somebody shared: only the part of it behind # counts, and it is never asked for.',
    )
    .action((program: string | undefined, options: PlayOptions) => settle(options, play(program, options)))

async function play(program: string | undefined, { port, open }: PlayOptions): Promise<Result<Outcome>> {
  const link = program === undefined ? right('') : linkOf(program)
  if (link._tag === 'Left') return link
  const page = fileURLToPath(PAGE_FOLDER)
  if (!existsSync(`${page}index.html`)) return left('play: the page has not been built; run npm start once')
  const runtimes = installedRuntimes()
  if (runtimes.size === 0) return left(notInstalled(DEFAULT_INTERPRETER))
  const served = await listening({ page, files: [], ...playgroundOf(runtimes) }, port)
  if (served._tag === 'Left') return served
  const url = `${served.right.url}#play=${link.right}`
  if (open === true) openBrowser(url)
  return right({
    status: 0,
    json: { url, versions: [...runtimes.keys()] },
    text: () => `${url}\nopen it in a browser; Ctrl-C ends the server`,
  })
}

/** What stands in the address for a program. */
function linkOf(program: string): Result<string> {
  const shared = /#(?:.*&)?play=([\w-]+)/.exec(program)?.[1]
  if (shared !== undefined) return right(shared)
  let source: string
  try {
    source = readFileSync(program, 'utf8')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return left(
      `${program}: cannot be read: ${isMissing ? 'no such file' : (error as Error).message}; name a Python script, or a shared link`,
    )
  }
  const bytes = Buffer.byteLength(source)
  if (bytes <= PROGRAM_BYTES_MAX) return right(linkText(source))
  return left(
    `${program}: ${formatCount(bytes)} bytes are too many for the playground, which takes ${formatCount(PROGRAM_BYTES_MAX)}; record it with reheap run`,
  )
}
