import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { HELLO, HELLO_38, NATIVE, OOM, SESSIONS, TRAIN } from './recordings.ts'

/** A value by its path, such as `difference.heldBytes.bytes`. */
const at = (document: unknown, path: string): unknown =>
  path.split('.').reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], document)

inBrowser('beside', (window) => {
  /** Figures of a table, row by row, under their keys. */
  async function figures(label: string): Promise<readonly Readonly<Record<string, number>>[]> {
    await window.page.waitForSelector(`table[aria-label="${label}"] [data-key]`)
    return window.page.evaluate(
      `[...document.querySelectorAll('table[aria-label="${label}"] tbody tr')].map((row) => Object.fromEntries([...row.querySelectorAll('[data-key]')].map((cell) => [cell.dataset.key, Number(cell.value)])))`,
    )
  }

  /** Varies through the page's own form. */
  async function vary(...values: readonly (readonly [key: string, value: string])[]): Promise<void> {
    await window.tab('Beside')
    for (const [place, [key, value]] of values.entries()) {
      if (place > 0) await window.page.click('button:text-is("Add a setting")')
      await window.page.locator('.vary select').nth(place).selectOption(key)
      await window.page.locator('.vary input').nth(place).fill(value)
    }
    await window.page.click('button:text-is("Replay")')
  }

  /** Waits until a curve of this name is drawn. */
  const draws = async (label: string): Promise<void> => {
    await window.page.locator('.timeline .curve', { hasText: label }).first().waitFor()
  }

  test('[V33] rows of a what-if are those of reheap whatif, and stand beside the log on one axis', async () => {
    await window.view(HELLO)
    await vary(['profile', 'cpython-3.9,cpython-3.13'])
    const shown = await figures('what-if')
    const { rows } = (await command(['whatif', HELLO, '--vary', 'profile=cpython-3.9,cpython-3.13'])) as never as { rows: object[] }
    expect(shown.length).toBe(3)
    for (const [place, row] of shown.entries())
      for (const [key, value] of Object.entries(row)) expect([place, key, value]).toEqual([place, key, at(rows[place], key)])
    expect(Object.keys(shown[1] ?? {})).toHaveLength(8)
    await draws('held: arenas + C library, cpython-3.9')
    await window.picture('what-if')
    await window.page.click('tr[data-row="cpython-3.13"] button')
    await draws('held: arenas + C library, cpython-3.13')
  })

  test('[V34] the place where a row parts from the first is that of the command, and a click goes there', async () => {
    const { rows } = (await command(['whatif', HELLO, '--vary', 'profile=cpython-3.9,cpython-3.13'])) as never as {
      rows: { firstParting: number | null }[]
    }
    const firsts = rows.flatMap(({ firstParting }) => firstParting ?? [])
    // Every version from 3.10 on has the arenas of 3.11.
    expect(firsts).toHaveLength(1)
    expect(await window.page.textContent('.partings')).toContain('cpython-3.13 never differs')
    const shown = await window.page.evaluate(`[...document.querySelectorAll('[data-parting]')].map((link) => Number(link.dataset.parting))`)
    expect(shown).toEqual(firsts)
    await window.page.locator('[data-parting]').first().click()
    await window.page.waitForSelector(`h2:text-is("After ${((firsts[0] ?? 0) + 1).toLocaleString('en-US')} events")`)
  })

  test('[V33] settings of the collector, and what it did under them', async () => {
    await window.view(SESSIONS)
    await vary(['gc.threshold0', '50'], ['gc.enabled', 'true,false'])
    const shown = await figures('collections of the what-if')
    const { rows } = (await command(['whatif', SESSIONS, '--vary', 'gc.threshold0=50', '--vary', 'gc.enabled=true,false'])) as never as {
      rows: { collector: { generations: Record<'collected' | 'visited' | 'pauseNanoseconds' | 'pauseNanosecondsMax', number>[] } }[]
    }
    for (const [place, { collected, visited, pauseNanoseconds, pauseNanosecondsMax, ...row }] of shown.entries()) {
      for (const [key, value] of Object.entries(row)) expect([place, key, value]).toEqual([place, key, at(rows[place], key)])
      const generations = rows[place]?.collector.generations ?? []
      for (const [figure, value] of Object.entries({ collected, visited, pauseNanoseconds }))
        expect([figure, value]).toEqual([figure, generations.reduce((sum, each) => sum + each[figure as 'visited'], 0)])
      expect(pauseNanosecondsMax).toBe(Math.max(...generations.map((each) => each.pauseNanosecondsMax)))
    }
    expect(shown[1]?.['collector.generations.0.collections']).toBeGreaterThan(shown[2]?.['collector.generations.0.collections'] ?? 0)
  })

  test('[V35] what is varied stands in the address; what cannot be varied is refused in one line', async () => {
    expect(await window.page.evaluate('location.hash')).toContain('vary=gc.threshold0%3D50&vary=gc.enabled%3Dtrue%2Cfalse')
    await window.page.reload()
    await window.page.waitForSelector('table[aria-label="collections of the what-if"]')
    await vary(['profile', 'cpython-2.7'])
    await window.page.waitForSelector('[role=alert]')
    expect(await window.page.textContent('[role=alert]')).toBe(
      '--vary profile=cpython-2.7: no profile is called "cpython-2.7"; the nearest are cpython-3.7, cpython-3.6, cpython-3.8',
    )
  })

  test('[V33] RAM of the machine below, and what became of the process', async () => {
    await window.view(NATIVE)
    await vary(['host.ram', '8MiB,1GiB'], ['host.swap', '0'], ['host.system', '0'])
    const shown = await figures('host of the what-if')
    const { rows } = (await command([
      'whatif',
      NATIVE,
      ...['host.ram=8MiB,1GiB', 'host.swap=0', 'host.system=0'].flatMap((each) => ['--vary', each]),
    ])) as never as {
      rows: { host: { process: { ended: { index: number } | null } } }[]
    }
    for (const [place, { 'host.process.ended': ended, ...row }] of shown.entries()) {
      for (const [key, value] of Object.entries(row)) expect([place, key, value]).toEqual([place, key, at(rows[place], key)])
      expect([place, ended]).toEqual([place, rows[place]?.host.process.ended?.index ?? -1])
    }
    await draws('resident, cpython-3.11 host.ram=8.00MiB')
  })

  test('[V33] settings and capacity of a GPU', async () => {
    await window.view(OOM)
    await vary(['settings', 'expandable_segments:True'], ['capacity', '64GiB'])
    const shown = await figures('what-if')
    const { rows } = (await command([
      'whatif',
      OOM,
      '--vary',
      'settings=expandable_segments:True',
      '--vary',
      'capacity=64GiB',
    ])) as never as {
      rows: { devices: Record<string, number | null>[] }[]
    }
    for (const [place, { change, ...row }] of shown.entries()) {
      const device = rows[place]?.devices[0]
      for (const [key, value] of Object.entries(row)) expect([place, key, value]).toEqual([place, key, device?.[key] ?? -1])
      expect(change).toBe((device?.reservedBytesPeak ?? 0) - (rows[0]?.devices[0]?.reservedBytesPeak ?? 0))
    }
    await window.picture('what-if-gpu')
  })

  test('[V36] two dropped logs are compared as reheap diff does, with both curves', async () => {
    await window.dropAll([HELLO_38, HELLO].map((path) => ({ bytes: readFileSync(path), name: basename(path) })))
    const costs = await figures('difference')
    const document = (await command(['diff', HELLO_38, HELLO])) as never as Difference
    expect(costs.length).toBeGreaterThan(5)
    for (const [key, value] of costs.flatMap((row) => Object.entries(row))) {
      const [side = '', figure = ''] = key.split('.')
      const of = (each: string): number => Number(at(document, `${each}.cost.${figure}`))
      expect([key, value]).toEqual([key, side === 'change' ? of('after') - of('before') : of(side)])
    }
    const classes = await figures('difference by size class')
    expect(classes).toEqual(
      document.sizeClasses.map(({ before, after, change }) => ({
        change,
        'before.bytes': before.bytes,
        'after.bytes': after.bytes,
        'before.count': before.blocks,
        'after.count': after.blocks,
      })),
    )
    await draws(`held: arenas + C library, ${basename(HELLO)}`)
    await window.picture('compare')
  })

  test('[V36] types are compared where a log holds objects', async () => {
    await window.view(HELLO)
    await window.tab('Beside')
    await window.page.setInputFiles('#other', SESSIONS)
    const types = await figures('difference by type')
    const { types: expected } = (await command(['diff', HELLO, SESSIONS])) as never as Difference
    expect(types.map((row) => [row.change, row['after.count']])).toEqual(expected.map(({ change, after }) => [change, after.objects]))
  })

  test('[V36] reheap view A B shows two logs of a GPU beside each other', async () => {
    await window.view(OOM, TRAIN)
    const owners = await figures('difference by owner')
    const document = (await command(['diff', OOM, TRAIN])) as never as DeviceDifference
    expect(owners.map((row) => [row.change, row['before.count']])).toEqual(
      document.owners.slice(0, 200).map(({ change, before }) => [change, before.blocks]),
    )
    const segments = await figures('difference by segment')
    expect(segments.map((row) => [row.change, row['before.count'], row['after.count']])).toEqual(
      document.segments.map(({ change, before, after }) => [change, before.segments, after.segments]),
    )
    await draws(`reserved, ${basename(TRAIN)}`)
  })

  test('[V36] an interpreter and a GPU are not compared', async () => {
    await window.page.setInputFiles('#other', HELLO)
    await window.page.waitForSelector('[role=alert]')
    expect(await window.page.textContent('[role=alert]')).toContain('open two of the same kind')
  })

  test('[V5] nothing is asked for but the page and its files', () => {
    expect(window.asked.filter((url) => !/^(http:\/\/127\.0\.0\.1:\d+\/|data:|blob:|about:)/.test(url))).toEqual([])
    expect(window.complaints).toEqual([])
  })

  test('[V33] sizes of arenas and pools, as the command varies them', async () => {
    await window.view(HELLO)
    const sizes = ['allocator.arenaSize=256KiB', 'allocator.poolSize=4KiB,16KiB']
    await vary(['allocator.arenaSize', '256KiB'], ['allocator.poolSize', '4KiB,16KiB'])
    const shown = await figures('what-if')
    const { rows } = (await command(['whatif', HELLO, ...sizes.flatMap((each) => ['--vary', each])])) as never as { rows: object[] }
    expect(shown).toHaveLength(rows.length)
    for (const [place, row] of shown.entries())
      for (const [key, value] of Object.entries(row)) expect([place, key, value]).toEqual([place, key, at(rows[place], key)])
    await vary(['allocator.poolSize', '5000'])
    await window.page.waitForSelector('[role=alert]')
    expect(await window.page.textContent('[role=alert]')).toContain('poolBytes must be a power of two, got 5000')
  })
})

interface Row {
  readonly before: Readonly<Record<string, number>>
  readonly after: Readonly<Record<string, number>>
  readonly change: number
}
interface Difference {
  readonly types: readonly Row[]
  readonly sizeClasses: readonly Row[]
}
interface DeviceDifference {
  readonly owners: readonly Row[]
  readonly segments: readonly Row[]
}
