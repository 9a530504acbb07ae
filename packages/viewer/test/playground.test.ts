import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'

const SCENARIOS = fileURLToPath(new URL('../../cli/scenarios/', import.meta.url))

interface Line {
  readonly line: number
  readonly runs: number
  readonly born: number
  readonly died: number
  readonly bytesRequested: number
  readonly bytesReleased: number
  readonly names: Readonly<Record<string, number | null>>
}
interface Run {
  readonly events: number
  readonly lines: readonly Line[]
}

inBrowser('the playground', (window) => {
  const folder = mkdtempSync(join(tmpdir(), 'reheap-play-'))
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
  })

  /** Types a program, runs it and waits for its end. */
  const run = async (source?: string): Promise<void> => {
    const { page } = window
    if (source !== undefined) await page.fill('#program', source)
    await page.click('#run')
    await page.waitForSelector('.ending, .trouble')
    await page.waitForSelector('#run:enabled')
  }
  const output = async (): Promise<string> => (await window.page.textContent('#output')) ?? ''
  /** What the listing shows of every line that ran. */
  const listed = (): Promise<readonly Line[]> =>
    window.page.evaluate(`[...document.querySelectorAll('[data-line]')].filter((row) => row.querySelector('[data-of]')).map((row) => ({
      line: Number(row.dataset.line),
      ...Object.fromEntries([...row.querySelectorAll('[data-of]')].map((cell) => [cell.dataset.of, Number(cell.value)])),
      names: Object.fromEntries([...row.querySelectorAll('[data-name]')].map((cell) => [cell.dataset.name, cell.value === '' ? null : Number(cell.value)])),
    }))`)
  /** What `reheap run` says of the same script. */
  const recorded = async (source: string): Promise<Run> => {
    const script = join(folder, 'program.py')
    writeFileSync(script, source)
    return (await command(['run', '--json', '--force', '-o', join(folder, 'program.arrows'), script])) as never as Run
  }
  const shown = ({ lines }: Run): readonly Line[] =>
    lines.map(({ line, runs, born, died, bytesRequested, bytesReleased, names }) => ({
      line,
      runs,
      born,
      died,
      bytesRequested,
      bytesReleased,
      names,
    }))

  test.each(['counting', 'cycles', 'generations'])(
    '[V42] the example %s runs on the real CPython; of every line the page shows what reheap run says of the same script',
    async (example) => {
      const { page } = window
      const source = readFileSync(`${SCENARIOS}${example}.py`, 'utf8')
      if (page.url() === 'about:blank') await window.play()
      await page.selectOption('#example', example)
      expect(await page.inputValue('#program')).toBe(source)
      await run()
      const said = await recorded(source)
      expect(Number(await page.getAttribute('#event', 'max'))).toBe(said.events)
      expect(await listed()).toEqual(shown(said))
      expect(await output()).toMatch(/^(count|collected) \d/)
      if (example !== 'cycles') return
      await page.evaluate('scrollTo(0, 0)')
      await window.picture('playground')
    },
  )

  test('[V43] line by line: figures are those after the line, and the memory below is that of its event', async () => {
    const { page } = window
    await run('x = []\ny = x\nz = [x, x]\ndel z\ny = None\n')
    await page.keyboard.press('Home')
    for (let step = 0; step < 2; step++) await page.click('text="Line ›"')
    await page.waitForSelector('[data-line="2"].current')
    // What sys.getrefcount tells, less the reference of its own argument: x and y hold the list.
    expect((await listed()).find(({ line }) => line === 2)?.names.y).toBe(2)
    await page.click('text="Line ›"')
    await page.waitForSelector('[data-line="3"].current')
    expect((await listed()).map(({ line }) => line)).toEqual([1, 2, 3])
    await page.waitForSelector(`h2:text-is("After ${Number(await page.inputValue('#event')).toLocaleString('en-US')} events")`)
  })

  test('[V44] an error shows its traceback and how the program ended; what ran before it is there', async () => {
    await run('kept = [1, 2]\nkept.nothing\n')
    expect(await output()).toContain("AttributeError: 'list' object has no attribute 'nothing'")
    expect(await window.page.textContent('.ending')).toBe('ended by AttributeError')
    expect((await listed()).map(({ line }) => line)).toContain(1)
    await run('x = = 1\n')
    expect(await output()).toContain('SyntaxError')
  })

  test('[V63] output is followed to its end, lines of the last run say so, and input() finds none', async () => {
    const { page } = window
    await run('for number in range(40):\n    print(number)\nname = input("who? ")\n')
    expect(await output()).toContain('EOFError: EOF when reading a line')
    expect(
      await page.evaluate(
        '((printed) => printed.scrollHeight - printed.clientHeight - printed.scrollTop)(document.querySelector("#output"))',
      ),
    ).toBeLessThan(2)
    expect(await page.locator('.listing.old').count()).toBe(0)
    await page.fill('#program', 'changed = 1\n')
    expect(await page.textContent('.listing.old .quiet')).toContain('of the program as it ran last')
  })

  test('[V45] Stop ends an endless loop, and the log until then is shown', async () => {
    const { page } = window
    await page.fill(
      '#program',
      'kept = []\nwhile True:\n    kept.append([len(kept)])\n    if len(kept) > 500:\n        print("on")\n        kept.clear()\n',
    )
    await page.click('#run')
    await page.waitForSelector('#output:has-text("on")')
    await page.click('#stop')
    await page.waitForSelector('#run:enabled')
    expect(await page.textContent('.ending')).toBe('stopped')
    expect(await page.textContent('header b')).toBe('program.py')
    expect((await listed()).find(({ line }) => line === 3)?.runs).toBeGreaterThan(500)
  })

  test('[V46] a link holds the program: opened, it is there again and waits to be run; so does the command', async () => {
    const source = 'naïve = "∑"\nprint(naïve)\n'
    const { page } = window
    await page.fill('#program', source)
    await page.click('#share')
    const link = await page.inputValue('#link')
    await window.goto(link)
    await expect.poll(() => page.inputValue('#program')).toBe(source)
    expect(await output()).toBe('')
    await window.play(link)
    await expect.poll(() => page.inputValue('#program')).toBe(source)
    await window.goto(link.replace(/play=\w{6}/, 'play=zzzzzz'))
    expect(await page.textContent('.trouble')).toContain('The link is incomplete; copy it again')
  })

  test('[V47] nothing but the page, its interpreter and its examples is asked for, and only of this machine', () => {
    const elsewhere = window.asked.filter((url) => !/^(http:\/\/127\.0\.0\.1:\d+\/|data:|blob:|about:)/.test(url))
    expect(elsewhere).toEqual([])
    const names = new Set(window.asked.flatMap((url) => /\/runtime\/[\d.a-z]+\/(.+)$/.exec(url)?.[1] ?? []))
    expect([...names].sort()).toEqual(['pyodide-lock.json', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'pyodide.mjs', 'python_stdlib.zip'])
    expect(window.complaints).toEqual([])
  })
})
