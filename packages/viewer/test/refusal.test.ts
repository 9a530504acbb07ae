import { formatBytes, formatCount } from '@reheap/kernel'
import { expect, test } from 'vitest'
import { command, inBrowser } from './browser.ts'
import { OOM, OOM_SPLIT, TRAIN } from './recordings.ts'

interface Told {
  readonly refusal: {
    readonly index: number
    readonly requestedBytes: number
    readonly bytes: number
    readonly deviceFreeBytes: number
    readonly of: number
  }
  readonly message: string
  readonly capacityBytes: number
  readonly stats: Readonly<Record<string, number>>
  readonly unused: readonly { readonly blocks: number; readonly bytes: number; readonly largestBytes: number }[]
  readonly pinned: readonly Readonly<Record<string, number>>[]
  readonly owners: readonly { readonly owner: string; readonly bytes: number; readonly blocks: number }[]
  readonly remedies: {
    readonly settings: readonly { readonly settings: string; readonly isRefused: boolean; readonly ooms: number }[]
    readonly capacityBytes: number | null
  }
}

inBrowser('a refused request in a browser', (window) => {
  /** Names and plain figures of a table. */
  const figures = async (label: string): Promise<readonly (readonly [name: string, figures: Readonly<Record<string, number>>])[]> =>
    (await window.page.evaluate(
      `[...document.querySelectorAll('table[aria-label="${label}"] tbody tr')].map((row) => [row.dataset.row, Object.fromEntries([...row.querySelectorAll('data')].map((each) => [each.dataset.key, Number(each.value)]))])`,
    )) as never

  test.each([
    [OOM, 1],
    [OOM, 3],
    [OOM_SPLIT, 2],
  ])('[V100] why a request was refused is told with the figures of reheap explain --oom: %s, %d', async (log, number) => {
    const { oom } = (await command(['explain', log, '--oom', String(number)])) as never as { oom: Told }
    const { refusal, stats, capacityBytes, unused, pinned, owners, remedies } = oom
    await window.view(log)
    await window.seek(refusal.index + 1)
    await window.page.waitForSelector(`section[aria-label="out of memory"][data-index="${refusal.index}"]`)
    const title = await window.page.textContent('section[aria-label="out of memory"] h3')
    expect(title).toContain(`${formatBytes(refusal.requestedBytes)} on device 0`)
    expect(title).toContain(`(${number} of ${formatCount(refusal.of)} refused requests)`)
    expect(await window.page.textContent('section[aria-label="out of memory"] > p')).toBe(oom.message)
    const largestFreeBytes = Math.max(...unused.map(({ largestBytes }) => largestBytes))
    const { requestedBytes, bytes, deviceFreeBytes } = refusal
    const { allocatedBytes, reservedBytes } = stats
    expect(await figures('the device when it refused')).toEqual([
      ['device 0', { requestedBytes, bytes, capacityBytes, allocatedBytes, reservedBytes, deviceFreeBytes, largestFreeBytes }],
    ])
    const unserved = await figures('free, and why it did not serve')
    expect(unserved.map(([, told]) => told)).toEqual(
      unused.map(({ blocks, bytes: size, largestBytes }) => ({ blocks, bytes: size, largestBytes })),
    )
    expect(await figures('segments that live blocks pin')).toEqual(
      pinned.map(({ address = 0, bytes: size, freeBytes, largestFreeBytes: most, liveBlocks, liveBytes }) => [
        `0x${address.toString(16)}`,
        { bytes: size, freeBytes, largestFreeBytes: most, liveBlocks, liveBytes },
      ]),
    )
    expect(await figures('live, by who asked for it')).toEqual(
      owners.map(({ owner, bytes: size, blocks }) => [owner, { bytes: size, blocks }]),
    )
    await window.page.waitForSelector('[data-remedies]')
    expect(Number(await window.page.getAttribute('[data-remedies]', 'data-remedies'))).toBe(remedies.capacityBytes)
    expect(await figures('what would have made it fit')).toEqual(
      remedies.settings.map(({ settings, isRefused, ooms }) => [settings, { isRefused: Number(isRefused), ooms }]),
    )
    if (number === 1) await window.picture('refused')
    await window.seek(refusal.index)
    await window.rests()
    expect(await window.page.locator('section[aria-label="out of memory"]').count()).toBe(0)
  })

  test('[V100] where nothing was refused nothing is told', async () => {
    await window.view(TRAIN)
    await window.seek(3000)
    await window.rests()
    expect(await window.page.locator('section[aria-label="out of memory"]').count()).toBe(0)
  })
})
