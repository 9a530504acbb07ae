import { afterAll, describe, expect, test } from 'vitest'
import * as subject from '../src/index.ts'
import { fixturePaths, nameOf, type Observation, oraclePaths, type Recording, readRecording } from './recording.ts'
import { verify } from './verification.ts'

describe('[D50] recordings of the real allocator replay without a mismatch', () => {
  const paths = oraclePaths()
  const total = { recordings: 0, requests: 0, compared: 0, mismatches: 0 }
  afterAll(() => console.log(`recordings replayed: ${JSON.stringify(total)}`))
  const wanted = process.env.RECORDING ?? ''

  test('there are recordings', () => expect(paths.length).toBeGreaterThan(0))

  test.each(paths.map(nameOf).filter((name) => name.includes(wanted)))('%s', (name) => {
    const recording = readRecording(paths.find((path) => nameOf(path) === name) as string)
    const { requests, compared, mismatches } = verify(subject, recording, 5)
    total.recordings++
    total.requests += requests
    total.compared += compared
    total.mismatches += mismatches.length
    expect(mismatches).toEqual([])
    expect(compared).toBeGreaterThan(1000)
  })

  test('a spoiled value is exactly one mismatch', () => {
    const recording = readRecording(fixturePaths().find((path) => nameOf(path).includes('oomstorm-default')) as string)
    const row = recording.rows.code.indexOf(subject.REQUEST_OPCODES.DeviceMalloc, 500)
    const spoiled = (recorded: Recording) => verify(subject, recorded).mismatches.map(({ of }) => of)
    expect(spoiled(recording)).toEqual([])
    recording.rows.address[row] += 512
    expect(spoiled(recording)).toEqual(['address'])
    recording.rows.address[row] -= 512
    for (const of of ['deviceFact', 'deviceStats', 'outOfMemoryMessage', 'deviceStatsFinal']) {
      expect(spoiled(withSpoiled(recording, of))).toEqual([expect.stringMatching(new RegExp(`^${of}`))])
    }
  })
})

/** The recording with one value of its last observation of a kind changed. */
function withSpoiled(recording: Recording, of: string): Recording {
  const observations = new Map(recording.observations)
  const [row, seen] = [...observations].findLast(([, each]) => each.some((one) => one.of === of)) as [number, readonly Observation[]]
  const place = seen.findIndex((one) => one.of === of)
  const spoil = (value: unknown): unknown =>
    typeof value === 'number' ? value + 1 : typeof value === 'string' ? `${value}!` : { ...(value as object), current: -1 }
  const { values } = seen[place] as Observation
  const name = Object.keys(values).at(-1) as string
  observations.set(row, seen.with(place, { ...(seen[place] as Observation), values: { ...values, [name]: spoil(values[name]) } }))
  return { ...recording, observations }
}
