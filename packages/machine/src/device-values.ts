/** What a device's memory answers, in the words of a log's observations. */
import {
  ACTION_FACTS,
  type DeviceMemoryState,
  deviceMemoryWording,
  deviceStats,
  FACT_OPCODES,
  type FactOpcode,
  figureOf,
  openDevices,
  outOfMemoryMessage,
  REFUSED,
  type SegmentView,
  STATISTICS,
  segments,
} from '@reheap/device-memory'
import type { Draft, FactBatch } from '@reheap/kernel'
import type { Observation } from './observation.ts'

/** A recorded or simulated value: a number, a text, or several by name. */
export type DeviceValue = number | string | boolean | null | { readonly [name: string]: DeviceValue } | readonly DeviceValue[]
type Values = Observation['values']

const ACTIONS = new Map<string, string>(Object.entries(ACTION_FACTS).map(([action, kind]) => [kind, action]))
const { BlockAllocated } = FACT_OPCODES

/** Address of the block that a request was given; -1: it was refused. */
export function addressOf({ code, address, length }: FactBatch): number {
  for (let fact = 0; fact < length; fact++) if (code[fact] === BlockAllocated) return address[fact]
  return REFUSED
}

/** Facts as a snapshot's trace has them; those that it does not know are left out. */
export function deviceFacts(facts: FactBatch<FactOpcode>): readonly Readonly<Record<string, DeviceValue>>[] {
  const told: Readonly<Record<string, DeviceValue>>[] = []
  for (let row = 0; row < facts.length; row++) {
    const fact = deviceMemoryWording.read(facts, row)
    const action = ACTIONS.get(fact.kind)
    if (action === undefined) continue
    if (fact.kind === 'OutOfMemoryRaised') {
      const { device, deviceFreeBytes, bytes, stream } = fact
      told.push({ action, device, deviceFreeBytes, bytes, stream })
    } else if ('address' in fact) {
      const { device, address, bytes, stream } = fact
      told.push({ action, device, address, bytes, stream })
    }
  }
  return told
}

/** The same facts; those of blocks that became free stand by address, in the places that such facts have. */
export function sortedFrees<F extends Values>(facts: readonly F[]): readonly Readonly<Record<string, DeviceValue>>[] {
  const isFree = ({ action }: Values): boolean => action === 'free_completed'
  const frees = facts.filter(isFree).sort((a, b) => Number(a.address) - Number(b.address))
  let next = 0
  return facts.map((fact) => (isFree(fact) ? frees[next++] : fact) as Readonly<Record<string, DeviceValue>>)
}

type Answer = (draft: Draft<DeviceMemoryState>, device: number, values: Values) => Readonly<Record<string, DeviceValue>>

/** What can be asked, by the `of` of an observation. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  deviceStats: (draft, device) => ({ ...deviceStats(draft, device) }),
  deviceStatsFinal: (draft, device) =>
    Object.fromEntries(STATISTICS.map((statistic) => [statistic, { ...figureOf(draft, device, statistic) }])),
  outOfMemoryMessage: (draft, device) => ({ text: outOfMemoryMessage(draft, device) }),
  deviceSegment: (draft, device, { address }) => {
    const found = segmentsOf(draft, device).find((segment) => segment.address === address)
    return found === undefined ? { address: null } : segmentValues(found)
  },
  deviceSegments: (draft, device) => ({ count: segmentsOf(draft, device).length }),
}

const segmentsOf = (draft: Draft<DeviceMemoryState>, device: number): readonly SegmentView[] =>
  segments(draft).filter((segment) => segment.device === device)

function segmentValues({ address, bytes, stream, type, pool, isExpandable, blocks }: SegmentView): Readonly<Record<string, DeviceValue>> {
  const shown = blocks.map(({ address: at, bytes: size, requestedBytes, state }) => ({ address: at, bytes: size, requestedBytes, state }))
  return { address, bytes, stream, type, pool, isExpandable, blocks: shown }
}

/** The values that an observation is compared with; null: nothing here answers it. */
export function deviceValues(draft: Draft<DeviceMemoryState>, of: string, values: Values): Readonly<Record<string, DeviceValue>> | null {
  const answer = ANSWERS[of]
  const device = typeof values.device === 'number' ? values.device : 0
  if (answer === undefined || !openDevices(draft).some((open) => open.device === device)) return null
  return answer(draft, device, values)
}
