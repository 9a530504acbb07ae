import { deviceMemoryReducer, deviceMemoryWording, pytorchProfile, type Request, segments } from '@reheap/device-memory'
import { EventColumns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { groupBlocks, iterationRests, liveBlocks, segmentUses, unusedBlocks } from './index.ts'

const MIB = 2 ** 20
const malloc = (block: number, bytes: number, stream = 0): Request => ({ kind: 'DeviceMalloc', block, device: 0, stream, bytes })

/** Requests as a state, and as the rows of a log whose event n has the stack n modulo 3. */
function run(requests: readonly Request[]) {
  const rows = new EventColumns(requests.length)
  let state = deviceMemoryReducer.initial(pytorchProfile('2.11'))
  requests.forEach((request, row) => {
    deviceMemoryWording.write(request, rows)
    rows.setContext(row, { stack: row % 3 })
    const stepped = deviceMemoryReducer.step(state, request)
    if (stepped._tag === 'Left') throw new Error(stepped.left.reason.message)
    state = stepped.right.state
  })
  return { state, rows }
}

const OPENED: Request = { kind: 'DeviceOpened', device: 0, capacityBytes: 1024 * MIB, contextBytes: 0 }

describe('live blocks', () => {
  const { state, rows } = run([
    OPENED,
    malloc(1, 12 * MIB),
    malloc(2, 3 * MIB),
    malloc(3, 3 * MIB),
    { kind: 'DeviceFree', block: 2 },
    malloc(4, 100),
    malloc(2, 40 * MIB, 1),
  ])

  test('[P19] every live block is given with the event and the stack that asked for it last', () => {
    const blocks = liveBlocks(state, rows)
    const told = blocks
      .map(({ block, born, stack, bytes }) => ({ block, born, stack, bytes }))
      .sort((a, b) => Number(a.block) - Number(b.block))
    expect(told).toEqual([
      { block: 1, born: 1, stack: 1, bytes: 12 * MIB },
      { block: 2, born: 6, stack: 0, bytes: 40 * MIB },
      { block: 3, born: 3, stack: 0, bytes: 3 * MIB },
      { block: 4, born: 5, stack: 2, bytes: 512 },
    ])
  })

  test('[P19] a block that was there before the log begins has no birth', () => {
    const restored = run([
      OPENED,
      { kind: 'RestoreSegment', stream: 0, address: 4096 * MIB, bytes: 20 * MIB, type: 'large', isExpandable: false },
      { kind: 'RestoreBlock', block: 9, bytes: 20 * MIB, requestedBytes: 20 * MIB, state: 'active_allocated' },
    ])
    expect(liveBlocks(restored.state, restored.rows)).toMatchObject([{ block: 9, born: null, stack: 2, segment: 4096 * MIB }])
  })

  test('[P20] groups add up to all blocks, the most bytes first', () => {
    const groups = groupBlocks(liveBlocks(state, rows), ({ stack }) => String(stack))
    expect(groups).toEqual([
      { key: '0', stack: 0, blocks: 2, bytes: 43 * MIB, oldest: 3, youngest: 6 },
      { key: '1', stack: 1, blocks: 1, bytes: 12 * MIB, oldest: 1, youngest: 1 },
      { key: '2', stack: 2, blocks: 1, bytes: 512, oldest: 5, youngest: 5 },
    ])
    const early = liveBlocks(state, rows).map((block) => ({ ...block, born: block.born === 1 ? null : block.born }))
    expect(groupBlocks(early, () => 'all')).toMatchObject([{ oldest: null, youngest: 6 }])
  })

  test('[P21] what each iteration left behind is what it asked for and is live', () => {
    expect(iterationRests(liveBlocks(state, rows), [1, 3, 6], 7)).toEqual([
      { from: 1, to: 3, blocks: 1, bytes: 12 * MIB },
      { from: 3, to: 6, blocks: 2, bytes: 3 * MIB + 512 },
      { from: 6, to: 7, blocks: 1, bytes: 40 * MIB },
    ])
  })
})

describe('segments', () => {
  const { state } = run([
    OPENED,
    { kind: 'Configure', settings: '' },
    malloc(1, 3 * MIB),
    malloc(2, 30 * MIB),
    { kind: 'DeviceFree', block: 2 },
    malloc(3, 100),
    malloc(4, 3 * MIB, 1),
  ])

  test('[P22] segments with the most free bytes that live blocks pin stand first, one without a live block last', () => {
    const uses = segmentUses(segments(state))
    expect(uses.map(({ liveBlocks: live, freeBytes }) => [live, freeBytes])).toEqual([
      [1, 17 * MIB],
      [1, 17 * MIB],
      [1, 2 * MIB - 512],
      [0, 30 * MIB],
    ])
    for (const { segment, liveBytes, freeBytes } of uses) expect(liveBytes + freeBytes).toBe(segment.bytes)
  })

  test('[P23] each free block has one reason for which a request could not use it', () => {
    const found = unusedBlocks(segments(state), { device: 0, stream: 0, bytes: 100 * MIB, type: 'large', pool: null })
    expect(found).toEqual([
      { reason: 'otherPool', blocks: 1, bytes: 2 * MIB - 512, largestBytes: 2 * MIB - 512 },
      { reason: 'otherStream', blocks: 1, bytes: 17 * MIB, largestBytes: 17 * MIB },
      { reason: 'tooSmall', blocks: 2, bytes: 47 * MIB, largestBytes: 30 * MIB },
    ])
    const pooled = unusedBlocks(segments(state), { device: 0, stream: 0, bytes: MIB, type: 'large', pool: 7 })
    expect(pooled.map(({ reason, blocks }) => [reason, blocks])).toEqual([['privatePool', 4]])
  })
})
