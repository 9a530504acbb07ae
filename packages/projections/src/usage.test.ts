import { fc, test } from '@fast-check/vitest'
import {
  allocatedBlocks,
  allocatorMechanism,
  allocatorStats,
  allocatorWording,
  cLibraryBlocks,
  cpythonProfile,
  emptyAllocator,
  fragmentation,
  type Request,
} from '@reheap/allocator'
import { Columns, Emit } from '@reheap/kernel'
import { emptyHeap, cpythonProfile as objectsProfile } from '@reheap/refcount'
import { describe, expect } from 'vitest'
import { Timeline } from './timeline.ts'
import { RunningUsage, USAGE_MEASURES, type Usage } from './usage.ts'

const profile = cpythonProfile('3.11')

/** A program that mallocs, reallocs and frees: each step is a choice among what is live. */
const arbitraryRequests = fc
  .array(fc.tuple(fc.constantFrom('malloc', 'realloc', 'free'), fc.nat(2000), fc.nat(1000)), { maxLength: 60 })
  .map((steps) => {
    const live: number[] = []
    const requests: Request[] = []
    let next = 0
    for (const [kind, bytes, choice] of steps) {
      const place = live.length === 0 ? -1 : choice % live.length
      if (kind === 'malloc' || place < 0) {
        requests.push({ kind: 'Malloc', domain: 'obj', block: next, bytes })
        live.push(next++)
      } else if (kind === 'realloc') {
        requests.push({ kind: 'Realloc', domain: 'mem', block: live[place] as number, newBlock: next, bytes })
        live[place] = next++
      } else {
        requests.push({ kind: 'Free', domain: 'obj', block: live.splice(place, 1)[0] as number })
      }
    }
    return requests
  })

/** Runs requests and hands the facts of each one to `feed`. */
function run(requests: readonly Request[], feed: (facts: Columns) => void): ReturnType<typeof emptyAllocator> {
  const rows = new Columns()
  for (const request of requests) allocatorWording.write(request, rows)
  const draft = allocatorMechanism.thaw(emptyAllocator(profile))
  for (let row = 0; row < rows.length; row++) {
    const emit = new Emit()
    expect(allocatorMechanism.applyBatch(draft, rows, row, row + 1, emit as never)).toBe(-1)
    feed(emit.facts)
  }
  return allocatorMechanism.seal(draft)
}

const usageOf = (state: ReturnType<typeof emptyAllocator>): Usage => ({
  requestedBytes: fragmentation(state).requestedBytes,
  blockBytes: allocatorStats(state).bytesInAllocatedBlocks,
  arenaBytes: fragmentation(state).mappedBytes,
  cLibraryBytes: cLibraryBlocks(state).bytes,
  liveBlocks: allocatedBlocks(state),
  arenas: allocatorStats(state).arenas,
})

describe('usage', () => {
  test.prop([arbitraryRequests])('[P1] [P3] usage of the facts is usage of the state', (requests) => {
    const usage = new RunningUsage(profile.alignmentBytes)
    const state = run(requests, (facts) => usage.feed(facts))
    expect(usage.blockBytes).toBe(allocatorStats(state).bytesInAllocatedBlocks)
    expect(usage.arenas).toBe(allocatorStats(state).arenas)
    expect(usage.arenasTotal).toBe(allocatorStats(state).arenasAllocatedTotal)
    expect(usage.requestedBytes).toBe(fragmentation(state).requestedBytes)
    expect(usage.arenaBytes).toBe(fragmentation(state).mappedBytes)
    expect(usage.cLibraryBytes).toBe(cLibraryBlocks(state).bytes)
    expect(usage.liveBlocks).toBe(allocatedBlocks(state))
    expect(usage.heldBytes).toBe(usage.arenaBytes + usage.cLibraryBytes)
  })

  test.prop([arbitraryRequests])('[P2] a peak is the first largest value over all facts', (requests) => {
    const usage = new RunningUsage(profile.alignmentBytes)
    const seen = USAGE_MEASURES.map(() => ({ value: 0, index: 0 }))
    run(requests, (facts) =>
      usage.feed(facts, (index, now) => {
        USAGE_MEASURES.forEach((measure, place) => {
          if (now[measure] > (seen[place]?.value ?? 0)) seen[place] = { value: now[measure], index }
        })
      }),
    )
    expect(USAGE_MEASURES.map((measure) => usage.peak(measure))).toEqual(seen)
  })
})

describe('timeline', () => {
  test.prop([arbitraryRequests, fc.constantFrom(2, 4, 10)])('[P4] [P5] stretches tile the log and keep the peaks', (requests, points) => {
    const timeline = new Timeline(profile.alignmentBytes, points)
    run(requests, (facts) => timeline.feed(facts))
    const stretches = timeline.points(requests.length)
    expect(stretches.length).toBeLessThanOrEqual(points)
    expect(stretches.reduce((next, { from, to }) => (from === next && to > from ? to : Number.NaN), 0)).toBe(requests.length)
    const width = (stretches[0]?.to ?? 0) - (stretches[0]?.from ?? 0)
    for (const { from, to } of stretches.slice(0, -1)) expect(to - from).toBe(width)
    for (const layer of USAGE_MEASURES) {
      expect(Math.max(0, ...stretches.map(({ max }) => max[layer]))).toBe(timeline.usage.peak(layer).value)
      if (stretches.length > 0) expect(stretches.at(-1)?.last[layer]).toBe(timeline.usage[layer])
    }
  })

  test.prop([arbitraryRequests, fc.constantFrom(2, 4, 10)])(
    '[P28] a stretch has the smallest and largest of all values in it',
    (requests, points) => {
      const timeline = new Timeline(profile.alignmentBytes, points)
      const seen = [{ index: -1, bytes: 0 }]
      run(requests, (facts) => timeline.feed(facts, (index) => seen.push({ index, bytes: timeline.usage.blockBytes })))
      const { from, width, min, max } = timeline.curve('blockBytes', requests.length)
      expect(from).toBe(0)
      min.forEach((smallest, place) => {
        const before = seen.findLast(({ index }) => index < place * width)?.bytes ?? Number.NaN
        const within = seen.filter(({ index }) => Math.floor(index / width) === place).map(({ bytes }) => bytes)
        expect([smallest, max[place]]).toEqual([Math.min(before, ...within), Math.max(before, ...within)])
      })
    },
  )

  test.prop([arbitraryRequests, fc.nat(60)])(
    '[P27] one that begins within a log goes on from what the state holds there',
    (requests, nat) => {
      const at = Math.min(nat, requests.length)
      const whole = new Timeline(profile.alignmentBytes, 64)
      run(requests, (facts) => whole.feed(facts))
      const state = run(requests.slice(0, at), () => {})
      const part = new Timeline(profile.alignmentBytes, 64, { at, usage: usageOf(state), objects: emptyHeap(objectsProfile('3.11')) })
      for (const layer of USAGE_MEASURES) expect(part.usage.peak(layer)).toEqual({ value: part.usage[layer], index: at })
      let event = 0
      run(requests, (facts) => event++ >= at && part.feed(facts))
      for (const layer of USAGE_MEASURES)
        expect([...part.curve(layer, requests.length).last]).toEqual([...whole.curve(layer, requests.length).last.subarray(at)])
    },
  )

  test('[P6] a stretch without a fact keeps the values before it', () => {
    const timeline = new Timeline(profile.alignmentBytes, 8)
    run([{ kind: 'Malloc', domain: 'obj', block: 0, bytes: 100 }], (facts) => timeline.feed(facts))
    const stretches = timeline.points(8)
    expect(stretches.map(({ last }) => last.requestedBytes)).toEqual([100, 100, 100, 100, 100, 100, 100, 100])
    expect(stretches.map(({ max }) => max.blockBytes)).toEqual([112, 112, 112, 112, 112, 112, 112, 112])
  })
})
