import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type EventBatch, EventColumns, sliceEvents } from '@reheap/kernel'
import { Names, Timeline } from '@reheap/projections'
import { type LogEvent, readEvent, readJsonl, writeEvent } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { rowsOf } from '../../test/object-log.ts'
import { must } from '../../test/recordings.ts'
import { STRETCHES } from '../../test/stretches.ts'
import { HeapSummarizer, heapStretch, type MachineProfile, profileOfRuntime, Replay, type Runtime } from '../index.ts'
import { LoggedStacks } from '../stacks.ts'

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
    const known = { names: new Names(), stacks: new LoggedStacks() }
    known.names.feed(events, length)
    known.stacks.feed(events)
    const summarizer = new HeapSummarizer('log', { recorded, known, from: { state: replay.state(), at: from } })
    const before = summarizer.begin()
    must(summarizer.feed(sliceEvents(events, from, to)))
    expect(heapStretch(before, summarizer.summary())).toEqual(heapPart(whole, from, to))
  })
})

describe('who asked', async () => {
  const whole = await wholeLog('cli/test/fixtures/sessions.jsonl.gz')
  const { length } = whole.events
  const total = (rows: readonly { readonly blocks: number; readonly bytes: number }[]) => ({
    blocks: rows.reduce((all, { blocks }) => all + blocks, 0),
    bytes: rows.reduce((all, { bytes }) => all + bytes, 0),
  })

  test.each(STRETCHES)('[M101] from %f to %f: lines of the program add up to all that was asked for', (first, last) => {
    const { askedBy, between, after } = heapPart(whole, Math.round(first * length), Math.round(last * length))
    // Only the first object of the log, 80 bytes, was made before its first line.
    const others = first === 0 ? [{ blocks: -1, bytes: -80 }] : []
    expect(total(askedBy.map(({ allocated }) => allocated))).toEqual(total([between.allocated, ...others]))
    const live = askedBy.map((row) => row.live)
    expect(live.map(({ bytes }) => bytes)).toEqual(live.map(({ bytes }) => bytes).toSorted((a, b) => b - a))
    // From the beginning on, what is live of it is all that is live.
    const { allocatedBlocks, requestedBytes, cLibraryBytes } = after.cost
    const all = { blocks: allocatedBlocks, bytes: requestedBytes + cLibraryBytes }
    if (first === 0) expect(total(live)).toEqual(total([all, ...others]))
  })

  test('[M101] a block stays that of who asked for it; who lets it grow has asked for the rest', () => {
    const stack = (id: number): LogEvent => ({ kind: 'Stack', stack: id, frames: [{ file: `${id}.py`, line: id, function: 'f' }] })
    const events = rowsOf([
      stack(1),
      stack(2),
      { kind: 'Malloc', domain: 'obj', block: 0, bytes: 40, stack: 2 },
      { kind: 'Malloc', domain: 'obj', block: 1, bytes: 60, stack: 1 },
      { kind: 'Malloc', domain: 'obj', block: 2, bytes: 1000, stack: 1 },
      { kind: 'Realloc', domain: 'obj', block: 1, bytes: 64, newBlock: 3, stack: 2 },
      { kind: 'Free', domain: 'obj', block: 2, stack: 2 },
      { kind: 'Free', domain: 'obj', block: 0, stack: 1 },
      { kind: 'Malloc', domain: 'obj', block: 4, bytes: 8 },
    ])
    expect(heapPart({ recorded: whole.recorded, events }, 3, events.length).askedBy).toEqual([
      { owner: '1.py:1 f', allocated: { blocks: 2, bytes: 1060 }, live: { blocks: 1, bytes: 64 } },
      { owner: '2.py:2 f', allocated: { blocks: 0, bytes: 4 }, live: { blocks: 0, bytes: 0 } },
    ])
  })
})
