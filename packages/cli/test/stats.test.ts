import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HELLO, json, linesOf, reheap, storedHello, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

const lines = linesOf(HELLO)
/** The event at which the real runtime was asked for its figures. */
const OBSERVED = lines.findIndex((line) => line.includes('"of":"allocatorStats"')) - 1
const VALUES: Readonly<Record<string, number>> = JSON.parse(lines[OBSERVED + 1] ?? '{}').values

interface Stats {
  readonly allocatorStats: Readonly<Record<string, number>>
  readonly sizeClasses: readonly Readonly<Record<'blockBytes' | 'usedBlocks' | 'requestedBytes' | 'wastedBytes', number>>[]
  readonly fragmentation: Readonly<Record<string, number>>
  readonly pins?: readonly {
    readonly address: number
    readonly liveBytes: number
    readonly blocks: readonly { readonly address: number }[]
  }[]
}

const until = ['--until', String(OBSERVED)]

describe('stats', () => {
  test('[C23] the figures are those of sys._debugmallocstats(), and stand in its own layout', () => {
    const stats = json<Stats>(reheap(['stats', log, ...until, '--json']))
    expect(stats.allocatorStats).toEqual(VALUES)
    const { stdout } = reheap(['stats', log, ...until])
    const figure = (label: string): number => Number(new RegExp(`^${label} += +([\\d,]+)$`, 'm').exec(stdout)?.[1]?.replaceAll(',', ''))
    expect(figure('# arenas allocated total')).toBe(VALUES.arenasAllocatedTotal)
    expect(figure('# bytes in allocated blocks')).toBe(VALUES.bytesInAllocatedBlocks)
    expect(figure('# bytes in available blocks')).toBe(VALUES.bytesInAvailableBlocks)
    expect(figure('# bytes lost to quantization')).toBe(VALUES.bytesLostToQuantization)
    expect(figure('# bytes lost to arena alignment')).toBe(VALUES.bytesLostToArenaAlignment)
  })

  test('[C23] size classes and fragmentation add up to them', () => {
    const { sizeClasses, fragmentation } = json<Stats>(reheap(['stats', log, ...until, '--json']))
    const used = sizeClasses.reduce((sum, { usedBlocks, blockBytes }) => sum + usedBlocks * blockBytes, 0)
    const asked = sizeClasses.reduce((sum, { requestedBytes }) => sum + requestedBytes, 0)
    const wasted = sizeClasses.reduce((sum, { wastedBytes }) => sum + wastedBytes, 0)
    expect(used).toBe(VALUES.bytesInAllocatedBlocks)
    expect(asked + wasted).toBe(used)
    expect(fragmentation.internal).toBeCloseTo(wasted / used)
    expect(fragmentation.external).toBeCloseTo(1 - used / ((VALUES.arenas ?? 0) * 1048576))
  })

  test('[C24] --pins lists each arena with the live blocks that keep it mapped', () => {
    const { pins = [] } = json<Stats>(reheap(['stats', log, ...until, '--pins', '--json']))
    expect(pins.length).toBe(VALUES.arenas)
    expect(pins.reduce((sum, { liveBytes }) => sum + liveBytes, 0)).toBe(VALUES.bytesInAllocatedBlocks)
    for (const { address, blocks } of pins)
      for (const block of blocks) expect(block.address >= address && block.address < address + 1048576).toBe(true)
    const { stdout } = reheap(['stats', log, ...until, '--pins', '1'])
    expect(stdout).toContain(`\narena 0x${pins[0]?.address.toString(16)}: `)
    expect(stdout).toMatch(/\n\.\.\. and [\d,]+ more\n$/)
    expect(reheap(['stats', log, ...until, '--pins', '0']).stdout).not.toContain('\narena 0x')
  })

  test('[C23] the stored log and its lines give the same', () => {
    expect(reheap(['stats', '-', ...until], { input: readFileSync(HELLO) }).stdout.replace('standard input', log)).toBe(
      reheap(['stats', log, ...until]).stdout,
    )
  })
})
