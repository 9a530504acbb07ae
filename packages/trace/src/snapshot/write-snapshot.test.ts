import { spawnSync } from 'node:child_process'
import { EventColumns } from '@reheap/kernel'
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { deviceProgram } from '../../test/device-program.ts'
import { unpickled } from '../../test/pickle.ts'
import { exported, MIB, told } from '../../test/snapshots.ts'
import { writeEvent, writeSnapshot } from '../index.ts'
import type { LogEvent } from '../vocabulary.ts'

const python = spawnSync('python3', ['-c', 'print(1)']).status === 0
const HEADER = { reheap: 1, runtime: { name: 'pytorch', version: '2.12' }, recordedAt: '2026-11-25T12:00:00.000250Z' } as const
const DRIVEN = { ...HEADER, driver: { kind: 'firstFit', granularityBytes: 2 * MIB, mallocBase: 2 ** 40, reserveBase: 2 ** 41 } } as const

function rowsOf(...events: LogEvent[]): EventColumns {
  const rows = new EventColumns(8)
  for (const event of events) writeEvent(event, rows)
  return rows
}

const OPENED = { kind: 'DeviceOpened', device: 0, capacityBytes: 2 ** 30, contextBytes: 0 } as const
const PROGRAM = rowsOf(
  OPENED,
  { kind: 'Configure', settings: 'roundup_power2_divisions:4' },
  { kind: 'Stack', stack: 5, frames: [{ file: 'a.py', line: 3, function: 'f' }] },
  { kind: 'Mark', label: 'step: START', time: 1000 },
  { kind: 'DeviceMalloc', block: 1, device: 0, stream: 0, bytes: 5 * MIB, time: 2000, stack: 5 },
  { kind: 'DeviceMalloc', block: 2, device: 0, stream: 0, bytes: 2000, time: 3000 },
  { kind: 'DeviceFree', block: 2, time: 4000 },
  { kind: 'Mark', label: 'step: END', time: 5000 },
)
const T = Date.UTC(2026, 10, 25, 12) * 1000 + 250

describe('export', () => {
  test('[T52] has the structure of torch.cuda.memory._snapshot()', async () => {
    const frames = [{ filename: 'a.py', line: 3, name: 'f' }]
    const of22 = { compile_context: 'N/A', user_metadata: '', pool_id: [0, 0] }
    const told = (action: string, addr: number, size: number, at: number, more = {}) => ({
      action,
      addr,
      size,
      stream: 0,
      time_us: T + at,
      ...of22,
      ...more,
    })
    const [large, small] = [2 ** 40, 2 ** 40 + 20 * MIB]
    const segment = { device: 0, stream: 0, segment_pool_id: [0, 0], is_expandable: false, frames: [] }
    expect(unpickled(await exported(DRIVEN, [PROGRAM]))).toEqual({
      segments: [
        {
          ...segment,
          address: large,
          total_size: 20 * MIB,
          allocated_size: 5 * MIB,
          active_size: 5 * MIB,
          requested_size: 5 * MIB,
          segment_type: 'large',
          blocks: [
            { address: large, size: 5 * MIB, requested_size: 5 * MIB, state: 'active_allocated', frames },
            { address: large + 5 * MIB, size: 15 * MIB, requested_size: 0, state: 'inactive', frames: [] },
          ],
        },
        {
          ...segment,
          address: small,
          total_size: 2 * MIB,
          allocated_size: 0,
          active_size: 0,
          requested_size: 0,
          segment_type: 'small',
          blocks: [{ address: small, size: 2 * MIB, requested_size: 2000, state: 'inactive', frames: [] }],
        },
      ],
      device_traces: [
        [
          told('segment_alloc', large, 20 * MIB, 2, { frames }),
          told('alloc', large, 5 * MIB, 2, { frames }),
          told('segment_alloc', small, 2 * MIB, 3),
          told('alloc', small, 2000, 3),
          told('free_requested', small, 2000, 4),
          told('free_completed', small, 2000, 4),
        ],
      ],
      allocator_settings: {
        PYTORCH_CUDA_ALLOC_CONF: 'roundup_power2_divisions:4',
        max_split_size: -1,
        garbage_collection_threshold: 0,
        expandable_segments: false,
        roundup_power2_divisions: Object.fromEntries(Array.from({ length: 16 }, (_, place) => [String(2 ** place), 4])),
      },
      external_annotations: [
        { stage: 'START', name: 'step', device: 0, time_us: T + 1 },
        { stage: 'END', name: 'step', device: 0, time_us: T + 5 },
      ],
    })
  })

  test('[T52] at an index it is the state before that event', async () => {
    const tree = unpickled(await exported(DRIVEN, [PROGRAM], 5)) as { segments: unknown[]; device_traces: unknown[][] }
    expect([tree.segments.length, tree.device_traces[0]?.length]).toEqual([1, 2])
  })

  test('[T52] fields are those of the version', async () => {
    for (const [version, fields] of [
      ['2.5', 5],
      ['2.8', 6],
      ['2.10', 7],
      ['2.12', 8],
    ] as const) {
      const tree = unpickled(await exported({ ...DRIVEN, runtime: { name: 'pytorch', version } }, [PROGRAM])) as {
        device_traces: object[][]
      }
      expect(Object.keys(tree.device_traces[0]?.[2] ?? {})).toHaveLength(fields)
    }
  })

  test('[T52] no list is filled with more than a thousand values at once, so that a viewer can spread them', async () => {
    const { header, rows } = deviceProgram({ seed: 1, requests: 3000 })
    const bytes = await exported(header, [rows])
    const tree = unpickled(bytes) as { device_traces: unknown[][] }
    expect(tree.device_traces[0]?.length).toBeGreaterThan(3000)
    const whole = await told(bytes)
    expect(whole.events.length).toBeGreaterThan(3000)
  })

  test.skipIf(!python)('[T52] Python loads it', async () => {
    const { header, rows } = deviceProgram({ seed: 2, requests: 500, devices: 2, streams: 2 })
    const bytes = await exported(header, [rows])
    const program = 'import json,pickle,sys; print(json.dumps(pickle.loads(sys.stdin.buffer.read())))'
    const { stdout } = spawnSync('python3', ['-c', program], { input: bytes, maxBuffer: 2 ** 28 })
    expect(JSON.parse(stdout.toString())).toEqual(unpickled(bytes))
  })

  test('[T52] a log of another runtime, and one that cannot have happened, are refused', async () => {
    const messages: string[] = []
    const cpython = { ...HEADER, runtime: { name: 'cpython', version: '3.11' } }
    for (const [header, rows] of [
      [cpython, PROGRAM],
      [HEADER, rowsOf(OPENED, { kind: 'DeviceFree', block: 9 })],
    ] as const)
      for await (const part of writeSnapshot(header, [rows], { name: 'log' })) if (isLeft(part)) messages.push(part.left.message)
    expect(messages[0]).toBe('log: header.runtime.name: expected a log of pytorch, got one of cpython; export it as JSON Lines')
    expect(messages[1]).toMatch(/^log: event 1: .*; correct the log: this cannot have happened$/)
  })
})
