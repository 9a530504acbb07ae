import {
  ACTION_FACTS,
  type DriverAnswer,
  deviceMemoryMechanism,
  deviceMemoryWording,
  driverOf,
  emptyDeviceMemory,
  type FactOpcode,
  pytorchProfile,
  REFUSED,
  REQUEST_OPCODES,
  type RecordedDriver,
  recordedDriver,
  type SegmentView,
  segments,
} from '@reheap/device-memory'
import { Emit, type EventBatch } from '@reheap/kernel'
import { isLeft } from 'fp-ts/lib/Either.js'
import { readSnapshot } from '../src/index.ts'
import { chunked } from './lines.ts'

/** What a snapshot's log says, and what the allocator makes of it. */
export interface Replay {
  readonly notes: readonly string[]
  readonly version: string
  readonly events: number
  readonly allocations: number
  readonly compared: number
  readonly mismatches: readonly { readonly index: number; readonly of: string; readonly expected: unknown; readonly simulated: unknown }[]
  readonly segments: readonly SegmentView[]
}

type Values = Readonly<Record<string, unknown>>
const ACTIONS = new Map(Object.entries(ACTION_FACTS).map(([action, kind]) => [kind as string, action]))
const DRIVER_ACTIONS = new Set(['segment_alloc', 'segment_free', 'segment_map', 'segment_unmap', 'oom'])

interface Row {
  readonly batch: EventBatch
  readonly row: number
}

/** Reads a snapshot, replays it under the recorded driver and compares every fact and address. */
export async function replaySnapshot(bytes: Uint8Array, chunkBytes = 65_536): Promise<Replay> {
  const log = await readSnapshot(chunked(bytes, chunkBytes), { name: 'snapshot.pickle' })
  if (isLeft(log)) throw new Error(log.left.message)
  const { header, notes, batches } = log.right
  const rows: Row[] = []
  for await (const batch of batches) {
    if (isLeft(batch)) throw new Error(batch.left.message)
    for (let row = 0; row < batch.right.length; row++) rows.push({ batch: batch.right, row })
  }
  return { notes, version: header.runtime.version, events: rows.length, ...replayRows(rows, header.runtime.version) }
}

/** Replays rows under what their observations say of the driver. */
export function replayRows(rows: readonly Row[], version: string): Pick<Replay, 'allocations' | 'compared' | 'mismatches' | 'segments'> {
  const draft = deviceMemoryMechanism.thaw(emptyDeviceMemory(pytorchProfile(version), { driver: recordedDriver() }))
  const driver = driverOf(draft) as RecordedDriver
  const emit = new Emit<FactOpcode>()
  const mismatches: { index: number; of: string; expected: unknown; simulated: unknown }[] = []
  let compared = 0
  let allocations = 0
  const check = (index: number, of: string, expected: unknown, simulated: unknown): void => {
    compared++
    if (JSON.stringify(expected) !== JSON.stringify(simulated)) mismatches.push({ index, of, expected, simulated })
  }
  for (let at = 0; at < rows.length; at++) {
    const { batch, row } = rows[at] as Row
    if (batch.code[row] < 96 || batch.code[row] > 127) continue
    const seen: Values[] = []
    for (let next = at + 1; next < rows.length; next++) {
      const { batch: of, row: place } = rows[next] as Row
      if (of.code[place] >= 96 && of.code[place] <= 127) break
      if (of.code[place] !== 242) continue
      const observation = JSON.parse(of.detail(place) ?? '')
      if (observation.of === 'deviceFact') seen.push(observation.values)
    }
    for (const fact of seen) if (DRIVER_ACTIONS.has(String(fact.action))) driver.offer(answerOf(fact))
    emit.clear()
    const rejected = deviceMemoryMechanism.applyBatch(draft, batch as never, row, row + 1, emit)
    if (rejected >= 0) check(at, 'request', 'accepted', `rejected for reason ${emit.reason}`)
    check(at, 'unasked', 0, driver.settle())
    const facts = factsOf(emit)
    if (batch.code[row] === REQUEST_OPCODES.DeviceMalloc) {
      allocations++
      check(at, 'address', batch.address[row], facts.find(({ action }) => action === 'alloc')?.address ?? REFUSED)
    }
    const expected = sortedFrees(seen)
    const simulated = sortedFrees(facts)
    for (let place = 0; place < Math.max(expected.length, simulated.length); place++)
      check(at, 'deviceFact', expected[place] ?? null, simulated[place] ?? null)
  }
  return { allocations, compared, mismatches, segments: segments(draft) }
}

const answerOf = (fact: Values): DriverAnswer =>
  ({ action: fact.action, device: fact.device ?? 0, address: fact.address ?? fact.deviceFreeBytes, bytes: fact.bytes }) as DriverAnswer

function factsOf(emit: Emit<FactOpcode>): Values[] {
  return Array.from({ length: emit.facts.length }, (_, row) => {
    const fact = deviceMemoryWording.read(emit.facts as never, row)
    if (!('stream' in fact)) return { action: fact.kind }
    const { bytes, stream, device } = fact
    const where = device === 0 ? {} : { device }
    if (fact.kind === 'OutOfMemoryRaised') return { action: 'oom', deviceFreeBytes: fact.deviceFreeBytes, bytes, stream, ...where }
    return { action: ACTIONS.get(fact.kind), address: 'address' in fact ? fact.address : null, bytes, stream, ...where }
  })
}

/** `free_completed` of several streams within one request come in no order that a snapshot tells. */
function sortedFrees(facts: readonly Values[]): readonly Values[] {
  const isFree = ({ action }: Values): boolean => action === 'free_completed'
  const frees = facts.filter(isFree).sort((a, b) => Number(a.address) - Number(b.address))
  let next = 0
  return facts.map((fact) => (isFree(fact) ? (frees[next++] as Values) : fact))
}
