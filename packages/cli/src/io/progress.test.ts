import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Progress } from './progress.ts'

/** What is written to a standard error that is a terminal, or not. */
function watched(isTerminal: boolean): string[] {
  const written: string[] = []
  Object.defineProperty(process.stderr, 'isTTY', { value: isTerminal, configurable: true })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  return written
}

describe('progress', () => {
  const own = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
    Object.defineProperty(process.stderr, 'isTTY', own ?? { value: undefined, configurable: true })
  })

  test('[C30] work of less than a second shows nothing', () => {
    const written = watched(true)
    const progress = new Progress('verify', 1000)
    vi.advanceTimersByTime(999)
    progress.at(500)
    progress.end()
    expect(written).toEqual([])
  })

  test('[C30] longer work shows one line on a terminal, and clears it in the end', () => {
    const written = watched(true)
    const progress = new Progress('verify', 8_000_000)
    vi.advanceTimersByTime(2000)
    progress.at(4_000_000)
    progress.at(4_100_000)
    progress.end()
    expect(written).toEqual(['\r\u001b[Kverify: 4,000,000 events, 50 %, 2.0 M/s', '\r\u001b[K'])
  })

  test('[C30] the share is left out where the length of the log is not known', () => {
    const written = watched(true)
    const progress = new Progress('import', null)
    vi.advanceTimersByTime(2000)
    progress.at(3_000_000)
    expect(written).toEqual(['\r\u001b[Kimport: 3,000,000 events, 1.5 M/s'])
  })

  test('[C30] nothing is shown where standard error is no terminal', () => {
    const written = watched(false)
    const progress = new Progress('verify', 1000)
    vi.advanceTimersByTime(5000)
    progress.at(500)
    progress.end()
    expect(written).toEqual([])
  })
})
