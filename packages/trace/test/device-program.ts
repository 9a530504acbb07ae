import {
  deviceMemoryMechanism,
  deviceMemoryWording,
  emptyDeviceMemory,
  type FactOpcode,
  FIRST_FIT,
  pytorchProfile,
  type Request,
  type SegmentView,
  segments,
} from '@reheap/device-memory'
import { ANY_LAYER_OPCODES, Emit, EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { LogHeader } from '../src/header.ts'

const MIB = 2 ** 20

/** What a generated program may do. */
export interface ProgramOptions {
  readonly seed: number
  readonly requests: number
  readonly devices?: number
  readonly streams?: number
  readonly settings?: string
  readonly capacityBytes?: number
  readonly version?: string
  /** Shares of requests of one kind, in percent. */
  readonly emptyCache?: number
  readonly recordStream?: number
  readonly timeless?: boolean
  readonly stackless?: boolean
}

export interface Program {
  readonly header: LogHeader
  readonly rows: EventColumns
  readonly segments: readonly SegmentView[]
}

/** Numbers below a bound, the same for a seed. */
function randomOf(seed: number): (bound: number) => number {
  let state = seed >>> 0 || 1
  return (bound) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return Math.floor((((state ^ (state >>> 13)) >>> 0) / 2 ** 32) * bound)
  }
}

/** A log of random requests on the simulated driver, with stacks and times. */
export function deviceProgram(options: ProgramOptions): Program {
  const { seed, requests, devices = 1, streams = 1, settings = '', capacityBytes = 400 * MIB, version = '2.11' } = options
  const { emptyCache = 1, recordStream = 0, timeless = false, stackless = false } = options
  const random = randomOf(seed)
  const rows = new EventColumns(1024)
  const live: { block: number; stream: number }[] = []
  const waiting = new Set<number>()
  let block = 0
  const put = (request: Request): void => {
    const stack = request.kind === 'EmptyCache' ? 99 : random(20)
    if (!stackless && request.kind !== 'DeviceOpened' && request.kind !== 'Configure' && !known.has(stack)) {
      known.add(stack)
      rows.push(ANY_LAYER_OPCODES.Stack, 0, NO_ID, NO_ID, NOT_GIVEN, NOT_GIVEN)
      const frames = [1, 2].map((depth) => ({ file: `f${(stack * depth) % 7}.py`, line: stack * depth, function: `g${stack % 5}` }))
      rows.setDetail(rows.length - 1, JSON.stringify({ stack, frames }))
    }
    deviceMemoryWording.write(request, rows)
    const at = rows.length - 1
    if (request.kind !== 'DeviceOpened' && request.kind !== 'Configure')
      rows.setContext(at, { stack: stackless ? undefined : stack, time: timeless ? undefined : at * 1000 })
  }
  const known = new Set<number>()
  for (let device = 0; device < devices; device++) put({ kind: 'DeviceOpened', device, capacityBytes, contextBytes: 0 })
  put({ kind: 'Configure', settings })
  for (let at = 0; at < requests; at++) {
    const dice = random(100)
    if (dice < emptyCache) put({ kind: 'EmptyCache' })
    else if (dice < emptyCache + recordStream && live.length > 0) {
      const used = live[random(live.length)] as { block: number; stream: number }
      const stream = 100 + random(3)
      waiting.add(stream)
      put({ kind: 'RecordStream', block: used.block, stream })
    } else if (dice < emptyCache + recordStream + 5 && waiting.size > 0) {
      const [stream] = waiting
      put({ kind: 'CompleteStreamEvents', stream: stream as number })
      waiting.delete(stream as number)
    } else if (dice < 65 || live.length === 0) {
      const bytes = random(3) === 0 ? 1 + random(MIB) : random(2) === 0 ? 1 + random(24 * MIB) : 512 * (1 + random(4000))
      const stream = random(streams)
      block++
      put({ kind: 'DeviceMalloc', block, device: random(devices), stream, bytes })
      live.push({ block, stream })
    } else {
      const [gone] = live.splice(random(live.length), 1)
      put({ kind: 'DeviceFree', block: (gone as { block: number }).block })
    }
  }
  const draft = deviceMemoryMechanism.thaw(emptyDeviceMemory(pytorchProfile(version)))
  const rejected = deviceMemoryMechanism.applyBatch(draft, rows as never, 0, rows.length, new Emit<FactOpcode>({ muted: true }))
  if (rejected >= 0) throw new Error(`row ${rejected} was rejected`)
  const header: LogHeader = {
    reheap: 1,
    runtime: { name: 'pytorch', version },
    ...(timeless ? {} : { recordedAt: '2026-11-25T12:00:00.123456Z' }),
    driver: { kind: 'firstFit', ...FIRST_FIT },
  }
  return { header, rows, segments: segments(draft) }
}
