import type { SegmentView } from '@reheap/device-memory'
import { expect, test } from 'vitest'
import { openedSegments, sentSegments } from './sent-segments.ts'

const head = { device: 0, stream: 7, type: 'large', pool: 3, isExpandable: false } as const
const SEGMENTS: readonly SegmentView[] = [
  {
    ...head,
    address: 2 ** 46,
    bytes: 3072,
    blocks: [
      { address: 2 ** 46, bytes: 512, requestedBytes: 500, state: 'active_allocated', block: 4_294_967_000 },
      { address: 2 ** 46 + 512, bytes: 512, requestedBytes: 12, state: 'active_pending_free', block: 0 },
      { address: 2 ** 46 + 1024, bytes: 2048, requestedBytes: 1, state: 'inactive', block: null },
    ],
  },
  { ...head, type: 'small', pool: null, address: 2 ** 47, bytes: 0, blocks: [] },
  {
    ...head,
    address: 2 ** 47 + 4096,
    bytes: 1024,
    blocks: [{ address: 2 ** 47 + 4096, bytes: 1024, requestedBytes: 1024, state: 'active_allocated', block: null }],
  },
]

test('[V2] segments and their blocks arrive as they were sent', () => {
  const opened = openedSegments(structuredClone(sentSegments(SEGMENTS)))
  expect(opened).toEqual(SEGMENTS)
  expect(JSON.parse(JSON.stringify(opened))).toEqual(SEGMENTS)
})
