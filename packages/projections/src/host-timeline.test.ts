import { emptyHostMemory, hostMemoryProfile, hostMemoryReducer, processMemory, type Request } from '@reheap/host-memory'
import { expect, test } from 'vitest'
import { HostTimeline, PROCESS_LAYERS, RAM_LAYERS } from './index.ts'

const MIB = 2 ** 20
const profile = hostMemoryProfile('linux-x86_64')
if (profile === undefined) throw new Error('the profile is known')

/** Blocks that come and go, a second process, a file that is read. */
const requests: readonly Request[] = [
  ...Array.from({ length: 40 }, (_, block): Request => ({ kind: 'LibraryMalloc', block, bytes: ((block * 37) % 11) * MIB + 1 })),
  { kind: 'StartProcess', process: 1 },
  { kind: 'LibraryMalloc', block: 100, bytes: 5 * MIB, process: 1 },
  { kind: 'ReadFile', bytes: 3 * MIB },
  ...Array.from({ length: 40 }, (_, block): Request => ({ kind: 'LibraryFree', block: 39 - block })),
  { kind: 'EndProcess', process: 1 },
]

test('[P24] a timeline of a host covers every event once, keeps the peaks, and the owners have all of RAM', () => {
  const timeline = new HostTimeline(16)
  let state = emptyHostMemory(profile)
  let most = 0
  let mostAt = 0
  for (const [index, request] of requests.entries()) {
    const stepped = hostMemoryReducer.step(state, request)
    if (stepped._tag === 'Left') throw new Error(JSON.stringify(stepped.left))
    state = stepped.right.state
    timeline.enter(index, state)
    const { rssBytes } = processMemory(state, 0)
    if (rssBytes > most) [most, mostAt] = [rssBytes, index]
  }
  expect(timeline.processes()).toEqual([0, 1])
  expect(timeline.processPeaks(0).residentBytes).toEqual({ value: most, index: mostAt })
  expect(timeline.processPeaks(0).residentBytes.value).toBe(processMemory(state, 0).peakBytes)
  const points = timeline.processPoints(0, requests.length)
  expect(points.length).toBeLessThanOrEqual(16)
  expect(points.reduce((next, { from, to }) => (from === next ? to : Number.NaN), 0)).toBe(requests.length)
  expect(Math.max(...points.map(({ max }) => max.residentBytes))).toBe(most)
  expect(points.at(-1)?.last.residentBytes).toBe(processMemory(state, 0).rssBytes)
  for (const { last } of timeline.ramPoints(requests.length))
    expect(RAM_LAYERS.filter((layer) => layer !== 'swapUsedBytes').reduce((sum, layer) => sum + last[layer], 0)).toBe(profile.host.ramBytes)
  expect(timeline.processPeaks(1).residentBytes.value).toBeGreaterThan(5 * MIB)
  expect(timeline.processPoints(1, requests.length).at(-1)?.last.residentBytes).toBe(0)
})

test('[P27] one that begins within a log goes on from what the host holds there', () => {
  const whole = new HostTimeline(128)
  const parts: HostTimeline[] = []
  let state = emptyHostMemory(profile)
  for (const [index, request] of requests.entries()) {
    parts.push(new HostTimeline(128, { at: index, state }))
    const stepped = hostMemoryReducer.step(state, request)
    if (stepped._tag === 'Left') throw new Error(JSON.stringify(stepped.left))
    state = stepped.right.state
    for (const timeline of [whole, ...parts]) timeline.enter(index, state)
  }
  for (const [at, part] of parts.entries()) {
    for (const layer of PROCESS_LAYERS) {
      const { last } = whole.processCurve(0, layer, requests.length)
      expect([at, [...part.processCurve(0, layer, requests.length).last]]).toEqual([at, [...last.subarray(at)]])
    }
    expect(part.ramPoints(requests.length).map(({ last }) => last)).toEqual(
      whole
        .ramPoints(requests.length)
        .slice(at)
        .map(({ last }) => last),
    )
  }
})
