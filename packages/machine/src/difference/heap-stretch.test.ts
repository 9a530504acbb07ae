import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type EventBatch, EventColumns, sliceEvents } from '@reheap/kernel'
import { Timeline } from '@reheap/projections'
import { type LogEvent, readEvent, readJsonl, writeEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { must } from '../../test/recordings.ts'
import { STRETCHES } from '../../test/stretches.ts'
import { HeapSummarizer, heapStretch, type MachineProfile, profileOfRuntime, Replay, type Runtime } from '../index.ts'

const sum = (rows: readonly { readonly change: number }[]): number => rows.reduce((all, { change }) => all + change, 0)

interface Whole {
  readonly recorded: MachineProfile
  readonly events: EventBatch
}

async function wholeLog(path: string): Promise<Whole> {
  const log = must(await readJsonl(createReadStream(fileURLToPath(new URL(`../../../${path}`, import.meta.url))), { name: path }))
  const found: LogEvent[] = []
  for await (const read of log.batches) {
    const batch = must(read)
    for (let row = 0; row < batch.length; row++) found.push(must(readEvent(batch, row)))
  }
  const events = new EventColumns(found.length)
  for (const event of found) writeEvent(event, events)
  return { recorded: must(profileOfRuntime(log.header.runtime as Runtime)), events }
}

function heapPart({ recorded, events }: Whole, from: number, to: number) {
  const summarizer = new HeapSummarizer('log', { recorded })
  must(summarizer.feed(sliceEvents(events, 0, from)))
  const before = summarizer.begin()
  must(summarizer.feed(sliceEvents(events, from, to)))
  return heapStretch(before, summarizer.summary())
}

function heapUpTo({ recorded, events }: Whole, to: number) {
  const summarizer = new HeapSummarizer('log', { recorded })
  must(summarizer.feed(sliceEvents(events, 0, to)))
  return summarizer.summary()
}

describe.each([
  'trace/test/fixtures/cpython-3.8-hello.jsonl.gz',
  'trace/test/fixtures/cpython-3.11-hello.jsonl.gz',
  'cli/test/fixtures/sessions.jsonl.gz',
])('part of %s', async (path) => {
  const whole = await wholeLog(path)
  const { length } = whole.events
  const parts = STRETCHES.map((part) => part.map((share) => Math.round(share * length)) as [number, number])

  test.each(parts)('[M99] from %i to %i: both moments are those of the log that ends there', (from, to) => {
    const { before, after, types, sizeClasses } = heapPart(whole, from, to)
    const [first, second] = [heapUpTo(whole, from), heapUpTo(whole, to)]
    for (const [side, summary] of [
      [before, first],
      [after, second],
    ] as const) {
      const { heldBytesPeak: _, objectsPeak: __, collections: ___, ...held } = summary.cost
      expect([side.events, side.profile]).toEqual([summary.events, summary.profile])
      expect(side.cost).toMatchObject(held)
    }
    expect(before.cost).toMatchObject({ heldBytesPeak: first.cost.heldBytes, objectsPeak: first.cost.objects, collections: 0 })
    expect(after.cost.collections).toBe(second.cost.collections - first.cost.collections)
    expect(sum(types)).toBe(
      [...second.types.values()].reduce((all, { bytes }) => all + bytes, 0) -
        [...first.types.values()].reduce((all, { bytes }) => all + bytes, 0),
    )
    expect(sum(sizeClasses)).toBe(after.cost.blockBytes - before.cost.blockBytes)
  })

  test.each(parts)('[M99] from %i to %i: peaks are the largest values of the part, its beginning included', (from, to) => {
    const timeline = new Timeline(whole.recorded.allocator.alignmentBytes, 2 ** 16)
    timeline.feed(must(new Replay({ recorded: whole.recorded }).feed(whole.events)))
    const largest = (layer: 'heldBytes' | 'objects'): number => {
      const { last, max } = timeline.curve(layer, length)
      return Math.max(from === 0 ? 0 : (last[from - 1] ?? 0), ...max.subarray(from, to))
    }
    const { cost } = heapPart(whole, from, to).after
    expect([cost.heldBytesPeak, cost.objectsPeak]).toEqual([largest('heldBytes'), largest('objects')])
  })

  test.each(parts)('[M99] from %i to %i: what is asked for, less what is given back, is the change', (from, to) => {
    const { before, after, between } = heapPart(whole, from, to)
    const change = (figure: keyof typeof after.cost): number => after.cost[figure] - before.cost[figure]
    expect(between.events).toBe(to - from)
    expect(between.allocated.bytes - between.freed.bytes).toBe(change('requestedBytes') + change('cLibraryBytes'))
    expect(between.allocated.blocks - between.freed.blocks).toBe(change('allocatedBlocks'))
    expect(between.born - between.died).toBe(change('objects'))
  })

  test.each(parts)('[M99] from %i to %i: a replay that begins at a state of the log tells the same', (from, to) => {
    const { recorded, events } = whole
    const replay = new Replay({ recorded })
    replay.begin(events)
    must(replay.feed(events, from))
    const names = new HeapSummarizer('log', { recorded })
    must(names.feed(events))
    const summarizer = new HeapSummarizer('log', { recorded, from: { state: replay.state(), at: from } })
    const before = summarizer.begin()
    must(summarizer.feed(sliceEvents(events, from, to)))
    const { types: _, ...told } = heapStretch(before, summarizer.summary())
    const { types: __, ...expected } = heapPart(whole, from, to)
    expect(told).toEqual(expected)
  })
})
