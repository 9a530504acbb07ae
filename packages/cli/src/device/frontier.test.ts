import { parseSettings, pytorchProfile } from '@reheap/device-memory'
import { bytesOf, valuesOf } from '@reheap/machine'
import { describe, expect, test } from 'vitest'
import { frontierOf, type Tuned } from './frontier.ts'
import { settingsSpace } from './settings-space.ts'

const tuned = (settings: string, reservedBytesPeak: number, driverCalls: number, ooms = 0): Tuned => ({
  settings,
  reservedBytesPeak,
  allocatedBytesPeak: 1,
  allocatedBytes: 0,
  reservedBytes: 0,
  fragmentation: 0,
  driverCalls,
  retries: 0,
  ooms,
})

describe('frontier', () => {
  test('[C70] none of it is worse in both than another, and every other one is', () => {
    const all = [tuned('a', 10, 50), tuned('b', 12, 40), tuned('c', 12, 45), tuned('d', 9, 60), tuned('e', 30, 40), tuned('f', 5, 5, 1)]
    expect(frontierOf(all).map(({ settings }) => settings)).toEqual(['d', 'a', 'b'])
  })

  test('[C70] of settings that cost the same the shortest is taken', () => {
    expect(frontierOf([tuned('long', 10, 50), tuned('', 10, 50)]).map(({ settings }) => settings)).toEqual([''])
  })
})

describe('space of settings', () => {
  test.each([...['2.4', '2.11', '2.13']])('[C71] PyTorch %s understands every one, and none stands twice', (version) => {
    const profile = pytorchProfile(version)
    const space = settingsSpace({ profile, isLimited: true, most: 10_000 })
    expect(space[0]).toBe('')
    expect(new Set(space).size).toBe(space.length)
    for (const text of space) expect([text, parseSettings(text, profile)._tag]).toEqual([text, 'Right'])
    expect(space.length).toBeGreaterThan(200)
  })

  test('[C71] garbage collection is tried only where the program limits its memory', () => {
    const space = settingsSpace({ profile: pytorchProfile('2.11'), isLimited: false, most: 10_000 })
    expect(space.some((text) => text.includes('garbage_collection_threshold'))).toBe(false)
  })
})

describe('values of --vary', () => {
  test.each([
    ['a:1,b:2', ['a:1', 'b:2']],
    ['"a:1,b:2","c:3"', ['a:1,b:2', 'c:3']],
    ['a:[1:2,>:4],b:1', ['a:[1:2,>:4]', 'b:1']],
    ['', ['']],
  ])('[C64] %s', (text, values) => {
    expect(valuesOf(text)).toEqual(values)
  })

  test.each([
    ['24GiB', 24 * 2 ** 30],
    ['80GB', 80e9],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['512', 512],
  ])('[C64] %s are bytes', (text, bytes) => {
    expect(bytesOf(text)).toEqual({ _tag: 'Right', right: bytes })
  })

  test.each(['', 'GiB', '24XiB', '-1', '24 GiB GiB'])('[C64] "%s" is no amount', (text) => {
    expect(bytesOf(text)._tag).toBe('Left')
  })
})
