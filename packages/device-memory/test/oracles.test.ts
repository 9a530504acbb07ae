import { describe, expect, test } from 'vitest'
import * as subject from '../src/index.ts'
import { nameOf, oraclePaths, readRecording } from './recording.ts'
import { verify } from './verification.ts'

describe('[D50] recordings of the real allocator replay without a mismatch', () => {
  const paths = oraclePaths()
  const wanted = process.env.RECORDING ?? ''

  test('there are recordings', () => expect(paths.length).toBeGreaterThan(0))

  test.each(paths.map(nameOf).filter((name) => name.includes(wanted)))('%s', (name) => {
    const recording = readRecording(paths.find((path) => nameOf(path) === name) as string)
    const { compared, mismatches } = verify(subject, recording, 5)
    expect(mismatches).toEqual([])
    expect(compared).toBeGreaterThan(1000)
  })
})
