import { describe, expect, test } from 'vitest'
import { deviceLogOf, OUT_OF_MEMORY, readDeviceRecording } from '../../test/device-recordings.ts'
import { BEGIN, create, drop, FLOAT, NODE, rowsOf } from '../../test/object-log.ts'
import { batchesOf, must, readRecording } from '../../test/recordings.ts'
import { cpythonProfile, DeviceSummarizer, deviceDifference, HeapSummarizer, type HeapSummary, heapDifference } from '../index.ts'

const total = (rows: readonly { readonly change: number }[]): number => rows.reduce((sum, { change }) => sum + change, 0)

async function summaryOf(name: 'cpython-3.8-hello' | 'cpython-3.11-hello', version: '3.8' | '3.11'): Promise<HeapSummary> {
  const { events } = await readRecording(name)
  const summarizer = new HeapSummarizer(name, { recorded: cpythonProfile(version) })
  for (const batch of batchesOf(events)) must(summarizer.feed(batch))
  return summarizer.summary()
}

describe('difference of interpreters', () => {
  test('[M83] changes of size classes add up to that of all blocks; a log and itself are the same', async () => {
    const [before, after] = [await summaryOf('cpython-3.8-hello', '3.8'), await summaryOf('cpython-3.11-hello', '3.11')]
    const { sizeClasses } = heapDifference(before, after)
    expect(total(sizeClasses)).toBe(after.cost.blockBytes - before.cost.blockBytes)
    expect(sizeClasses.length).toBeGreaterThan(20)
    const changes = sizeClasses.map(({ change }) => Math.abs(change))
    expect(changes).toEqual(changes.toSorted((a, b) => b - a))
    expect(heapDifference(before, before)).toMatchObject({ types: [], sizeClasses: [] })
  })

  test('[M83] objects are compared by type, those that one log lacks with none', () => {
    const summary = (objects: Parameters<typeof rowsOf>[0]): HeapSummary => {
      const summarizer = new HeapSummarizer('objects', { recorded: cpythonProfile('3.11') })
      must(summarizer.feed(rowsOf([...BEGIN, ...objects])))
      return summarizer.summary()
    }
    const before = summary([create(1, NODE), create(2, NODE), create(3, FLOAT, 24), drop(null, 3)])
    const after = summary([create(1, NODE), create(3, FLOAT, 24)])
    const { types } = heapDifference(before, after)
    expect(types).toEqual([
      { type: 'Node', before: { bytes: 112, objects: 2 }, after: { bytes: 56, objects: 1 }, change: -56 },
      { type: 'float', before: { bytes: 0, objects: 0 }, after: { bytes: 24, objects: 1 }, change: 24 },
    ])
    expect([before.cost.objectsPeak, before.cost.objects]).toEqual([3, 2])
  })
})

describe('difference of devices', () => {
  test('[M84] owners and segments add up to what is allocated and reserved', async () => {
    const { events, profile, driver } = await readDeviceRecording(OUT_OF_MEMORY)
    const summary = (length: number) => {
      const summarizer = new DeviceSummarizer('storm', deviceLogOf(events.slice(0, length)), { profile, driver })
      must(summarizer.run())
      return summarizer.summary()
    }
    const [before, after] = [summary(400), summary(events.length)]
    const difference = deviceDifference(before, after)
    const change = (figure: 'allocatedBytes' | 'reservedBytes'): number =>
      (after.devices[0]?.[figure] ?? 0) - (before.devices[0]?.[figure] ?? 0)
    expect(total(difference.owners)).toBe(change('allocatedBytes'))
    expect(total(difference.segments)).toBe(change('reservedBytes'))
    const allocated = difference.segments.reduce((sum, row) => sum + row.after.allocatedBytes - row.before.allocatedBytes, 0)
    expect(allocated).toBe(change('allocatedBytes'))
    expect(deviceDifference(after, after)).toMatchObject({ owners: [], segments: [] })
  })
})
