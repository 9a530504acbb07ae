import { segments } from '@reheap/device-memory'
import { describe, expect, test } from 'vitest'
import { blockOrigin } from '../src/session/device-rows.ts'
import { opened } from './sessions.ts'

const MIB = 2 ** 20
const frames = [{ file: 'train.py', line: 7, function: 'build' }]
type Session = Awaited<ReturnType<typeof opened>>['session']

/** Origin of the block that has a number; of none, where block 2 will lie. */
function originOf(session: Session, wanted: number, at: number) {
  const blocks = segments(session.devicesAt(at)).flatMap((segment) => segment.blocks)
  const address = blocks.find(({ block }) => block === wanted)?.address ?? 2 ** 40 + 20 * MIB
  return blockOrigin(session, { at, device: 0, address })
}

/** A block that was there before, one that was asked for, and one that was freed and asked for again. */
const EVENTS: readonly object[] = [
  { kind: 'DeviceOpened', device: 0, capacityBytes: 2 ** 33, contextBytes: 0 },
  { kind: 'Stack', stack: 0, frames },
  { kind: 'RestoreSegment', stream: 0, address: 2 ** 40, bytes: 60 * MIB, type: 'large', isExpandable: false },
  { kind: 'RestoreBlock', block: 1, bytes: 20 * MIB, requestedBytes: 20 * MIB, state: 'active_allocated', stack: 0 },
  { kind: 'RestoreBlock', block: null, bytes: 40 * MIB, requestedBytes: 0, state: 'inactive' },
  { kind: 'DeviceMalloc', block: 2, device: 0, stream: 0, bytes: 20 * MIB },
]

const linesOf = (header: object, events: readonly object[]): Buffer<ArrayBuffer> =>
  Buffer.from([header, ...events].map((line) => `${JSON.stringify(line)}\n`).join(''))

describe.each([
  ['a GPU', { name: 'pytorch', version: '2.11.0', pointerBits: 64 }],
  ['an interpreter with a GPU', { name: 'cpython', version: '3.13.0', pointerBits: 64 }],
])('blocks in a log of %s', (_, runtime) => {
  const log = opened(linesOf({ reheap: 1, runtime }, EVENTS), 'log.jsonl')

  test('[V18] one that was there before the log was asked for by no event of it, and its stack is told', async () => {
    const { session } = await log
    expect(originOf(session, 1, EVENTS.length)).toEqual({ born: null, stack: { frames, own: frames[0] } })
  })

  test('[V18] one that the log asks for has its event, and one that is not there yet none', async () => {
    const { session } = await log
    expect(originOf(session, 2, EVENTS.length)).toEqual({ born: 5, stack: { frames: [], own: null } })
    expect(originOf(session, 2, 5)).toEqual({ born: null, stack: { frames: [], own: null } })
  })

  test('[V88] where a number is used again, the block is the one that has it at the cursor', async () => {
    const again = [
      ...EVENTS,
      { kind: 'DeviceFree', block: 2 },
      { kind: 'DeviceMalloc', block: 2, device: 0, stream: 0, bytes: MIB, stack: 0 },
    ]
    const { session } = await opened(linesOf({ reheap: 1, runtime }, again), 'log.jsonl')
    expect([6, 8].map((at) => originOf(session, 2, at).born)).toEqual([5, 7])
    expect(originOf(session, 2, 8).stack.own).toEqual(frames[0])
  })

  test('[V49] its memory stands in the curves, whole and in part', async () => {
    const { session, overview } = await log
    const reserved = (curves: typeof overview.curves) =>
      [...(curves.find(({ key }) => key === 'reservedBytes0')?.max ?? [])].map((bytes) => bytes / MIB)
    expect(reserved(overview.curves)).toEqual([0, 0, 60, 60, 60, 60])
    const steps = session.detail(3, 6)
    let step = steps.next()
    while (step.done !== true) step = steps.next()
    expect(reserved(step.value)).toEqual([60, 60, 60])
  })
})
