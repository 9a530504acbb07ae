/** A real browser on a served page; its network is watched. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { KEEP_QUESTIONS, REST_OF_PAGE } from './page-rest.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
const COMMAND = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url))
const PAGE = fileURLToPath(new URL('../dist/page/index.html', import.meta.url))
const WIDTH = 1280
const HEIGHT = 860
/** A long table is cut. */
const HEIGHT_MAX = 1500
const PICTURES = process.env.REHEAP_PICTURES
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A machine that is busy is many times slower. @unit ms */
const WAIT_MAX = 120_000

/** Why the tests cannot run here; null: they can. */
export const LACKING =
  CHROMIUM === undefined
    ? 'no Chromium is installed'
    : existsSync(COMMAND) && existsSync(PAGE)
      ? null
      : 'the page and the command are not built: npm start'
if (LACKING !== null && process.env.CI !== undefined) throw new Error(`tests of the page cannot be left out in CI: ${LACKING}`)

/** A file that is dropped on the page. */
interface Dropped {
  readonly bytes: Uint8Array
  readonly name: string
}

interface Opened {
  readonly context: BrowserContext
  readonly page: Page
  /** Folder of its own. */
  readonly profile: string
}

/** A browser window on `reheap view`. */
export class Window {
  /** Every address that was asked for, by the page or a worker of it. */
  readonly asked: string[] = []
  /** Those of them that are not of the page's own origin: scheme, host and port. */
  readonly strays: string[] = []
  /** What the page complained of. */
  readonly complaints: string[] = []
  /** Where the page that is open came from. */
  #origin = ''
  #opened: Opened | null = null
  readonly #servers: ChildProcess[] = []

  /** @throws Error before it is open */
  get page(): Page {
    if (this.#opened === null) throw new Error('the browser is not open')
    return this.#opened.page
  }

  /** Starts a browser, dark. */
  async open(): Promise<void> {
    const profile = mkdtempSync(join(tmpdir(), 'reheap-browser-'))
    const context = await chromium.launchPersistentContext(profile, {
      headless: true,
      colorScheme: 'dark',
      viewport: { width: WIDTH, height: HEIGHT },
      args: FLAGS,
      ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    })
    context.setDefaultTimeout(WAIT_MAX)
    await context.addInitScript(KEEP_QUESTIONS)
    const page = context.pages()[0] ?? (await context.newPage())
    page.on('request', (request) => this.#ask(request.url()))
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()))
    page.on('pageerror', (error) => this.complaints.push(error.message))
    this.#opened = { context, page, profile }
  }

  /** A page of one file may ask for that file alone, and nothing for what it holds itself. */
  #ask(url: string): void {
    this.asked.push(url)
    if (!/^(data|blob|about):/.test(url) && originOf(url) !== this.#origin) this.strays.push(url)
  }

  /** Goes to a page anew, and holds what is asked for from then on against its origin. */
  async goto(url: string): Promise<void> {
    await this.page.goto('about:blank')
    this.#origin = originOf(url)
    await this.page.goto(url)
  }

  /** Shows a log, or two, through `reheap view`. @returns its address */
  async view(...logs: readonly string[]): Promise<string> {
    const url = await this.#served(['view', ...logs])
    await this.page.waitForSelector('.figures, .fault')
    return url
  }

  /** Opens the playground through `reheap play`. @param program a script, or a shared link */
  async play(...program: readonly string[]): Promise<string> {
    const url = await this.#served(['play', ...program])
    await this.page.waitForSelector('#run:enabled')
    return url
  }

  async #served(args: readonly string[]): Promise<string> {
    const server = spawn(process.execPath, [COMMAND, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#servers.push(server)
    const line = await new Promise<string>((resolve) => server.stdout.once('data', (data: Buffer) => resolve(String(data))))
    const { url } = JSON.parse(line) as { readonly url: string }
    await this.goto(url)
    return url
  }

  /** Drops a file on the page. */
  drop(bytes: Uint8Array, name: string): Promise<void> {
    return this.dropAll([{ bytes, name }])
  }

  /** Drops files on the page, all at once. */
  dropAll(files: readonly Dropped[]): Promise<void> {
    return this.#dropEach([files])
  }

  /** Drops files on the page, the next one while the last is still being read. */
  dropOneByOne(files: readonly Dropped[]): Promise<void> {
    return this.#dropEach(files.map((file) => [file]))
  }

  async #dropEach(drops: readonly (readonly Dropped[])[]): Promise<void> {
    const texts = JSON.stringify(drops.map((files) => files.map(({ bytes, name }) => [Buffer.from(bytes).toString('base64'), name])))
    await this.page.evaluate(
      `(() => { for (const files of ${texts}) { const data = new DataTransfer(); for (const [text, name] of files) data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name)); dispatchEvent(new DragEvent('drop', { dataTransfer: data })) } })()`,
    )
  }

  /** Waits until all that was asked is answered and drawn, and the address written. */
  async rests(): Promise<void> {
    await this.page.evaluate(REST_OF_PAGE)
  }

  /** Drops a file on the page and waits until its log is shown. */
  async show(bytes: Uint8Array, name: string): Promise<void> {
    await this.drop(bytes, name)
    await this.page.waitForSelector(`header b:text-is("${name}")`)
    await this.rests()
  }

  /** Moves the cursor and waits for its figures. */
  async seek(index: number): Promise<void> {
    await this.page.fill('#event', String(index))
    await this.page.press('#event', 'Enter')
    await this.page.waitForSelector(`h2:text-is("After ${index.toLocaleString('en-US')} event${index === 1 ? '' : 's'}")`)
  }

  /** The figures that are shown, as plain numbers. */
  async figures(): Promise<Readonly<Record<string, number>>> {
    const rows = (await this.page.evaluate(
      `[...document.querySelectorAll('[data-figure]')].map((row) => [row.dataset.figure, Number(row.querySelector('data').value)])`,
    )) as [string, number][]
    return Object.fromEntries(rows)
  }

  /** Cells of the table with this label, row by row. */
  async rows(label: string): Promise<readonly (readonly string[])[]> {
    await this.page.waitForSelector(`table[aria-label="${label}"]`)
    return this.page.evaluate(
      `[...document.querySelectorAll('table[aria-label="${label}"] tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
    )
  }

  /** What Export saves. @param format its name @param what words of the line of the menu; default: the first of that format */
  async saved(format: string, what = ''): Promise<Buffer> {
    // What is awaited cannot be saved yet.
    await this.rests()
    const download = this.page.waitForEvent('download')
    await this.page.click('nav button:has-text("Export")')
    await this.page.locator(`[role=menuitem]:has(b:text-is("${format}"))`, { hasText: what }).first().click()
    return readFileSync(await (await download).path())
  }

  /** The table of the curves that are shown. @returns its columns, by their names */
  async curves(): Promise<ReadonlyMap<string, readonly number[]>> {
    const [head = [], ...rows] = String(await this.saved('CSV'))
      .trim()
      .split('\n')
      .map((row) => row.split(','))
    return new Map(head.map((name, column) => [name, rows.map((row) => Number(row[column]))]))
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Closes what lies over the page: until that is gone it has all keys. */
  async escape(): Promise<void> {
    await this.press('Escape')
    await this.page.waitForSelector('dialog', { state: 'detached' })
  }

  async tab(name: string): Promise<void> {
    await this.page.click(`[role=tab]:text-is("${name}")`)
  }

  /** With REHEAP_PICTURES: the whole page as a picture, dark and light, into that folder. */
  async picture(name: string): Promise<void> {
    if (PICTURES === undefined) return
    mkdirSync(PICTURES, { recursive: true })
    const height = Number(await this.page.evaluate('document.documentElement.scrollHeight'))
    await this.page.setViewportSize({ width: WIDTH, height: Math.min(HEIGHT_MAX, Math.max(HEIGHT, height)) })
    for (const theme of ['dark', 'light']) {
      await this.page.evaluate(`document.documentElement.dataset.theme !== '${theme}' && document.querySelector('#theme').click()`)
      await this.rests()
      await this.page.screenshot({ path: `${PICTURES}/viewer-${name}-${theme}.png` })
    }
    // Below a dialog nothing can be clicked by a mouse.
    await this.page.evaluate(`document.querySelector('#theme').click()`)
    await this.page.setViewportSize({ width: WIDTH, height: HEIGHT })
  }

  /** Ends the browser, and every server that a page was opened through. */
  async close(): Promise<void> {
    for (const server of this.#servers) server.kill()
    if (this.#opened === null) return
    await this.#opened.context.close()
    rmSync(this.#opened.profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A file from disk has itself alone. */
const originOf = (url: string): string => (url.startsWith('file:') ? url.replace(/#.*/, '') : new URL(url).origin)

/**
 * Tests of the page with a window of their own, which is open while they run; without a browser, or what it shows, they are left out. In the end
 * no request may have left the page's own origin, and the page have complained of nothing.
 */
export function inBrowser(what: string, tests: (window: Window) => void): void {
  describe.skipIf(LACKING !== null)(what, () => {
    const window = new Window()
    beforeAll(() => window.open())
    afterAll(() => window.close())
    // Hooks behind the tests run in reverse: this one while the window is open.
    afterAll(() => expect({ strays: window.strays, complaints: window.complaints }).toEqual({ strays: [], complaints: [] }))
    tests(window)
  })
}

/** What a verb prints with `--json`. */
export async function command(args: readonly string[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const parts: Buffer[] = []
  for await (const part of child.stdout) parts.push(part as Buffer)
  return JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>
}
