/** What a text is found in: types and addresses at the cursor, stacks and lines of the whole log. */
import { pinnedArenas, poolMap } from '@reheap/allocator'
import { segments } from '@reheap/device-memory'
import { formatCount, NO_ID } from '@reheap/kernel'
import { heapOf, objectsOf } from '@reheap/machine'
import { typeTotals } from '@reheap/refcount'
import { blockOrigin } from './device-rows.ts'
import type { DeviceSession } from './device-session.ts'
import type { Found } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'
import { frameText } from './stacks.ts'
import type { Steps } from './steps.ts'

const FOUND_MAX = 60
/** Stacks that are read without a pause. */
const STACKS_AT_ONCE = 200

/** Types first, then the address, then stacks by the event that is the first of each. */
export function* searchHeap(session: PythonSession, at: number, text: string): Steps<readonly Found[]> {
  const wanted = text.toLowerCase()
  const state = session.stateAt(at)
  const types = typeTotals(objectsOf(state)).flatMap(({ type, objects }): readonly Found[] => {
    const name = session.names.typeName(type)
    return name.toLowerCase().includes(wanted) ? [{ kind: 'type', label: name, detail: counted(objects, 'live object'), type: name }] : []
  })
  const address = addressOf(text)
  const here = [...types, ...heapAddress(session, at, address), ...deviceAddress(session, at, address)]
  return [...here, ...(yield* searchStacks(session, wanted))].slice(0, FOUND_MAX)
}

/** The same of a device's log, which has no types. */
export function* searchDevice(session: DeviceSession, at: number, text: string): Steps<readonly Found[]> {
  const here = deviceAddress(session, at, addressOf(text))
  return [...here, ...(yield* searchStacks(session, text.toLowerCase()))].slice(0, FOUND_MAX)
}

const counted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`

/** NaN: the text is no address. */
const addressOf = (text: string): number => (/^(0x[0-9a-f]+|\d{4,})$/i.test(text.trim()) ? Number(text.trim()) : Number.NaN)

function heapAddress(session: PythonSession, at: number, address: number): readonly Found[] {
  if (Number.isNaN(address)) return []
  const heap = heapOf(session.stateAt(at))
  const map = poolMap(heap)
  const arena = map.arenas.findLastIndex((first) => first <= address)
  const first = map.arenas[arena] ?? Number.NaN
  const pool = first + Math.floor((address - first) / map.poolBytes) * map.poolBytes
  if (!(address < first + (map.pools[arena] ?? 0) * map.poolBytes)) return []
  const inside = pinnedArenas(heap)
    .flatMap(({ blocks }) => blocks)
    .find((block) => block.address <= address && address < block.address + block.bytes)
  const detail = inside === undefined ? 'no live block' : `block ${inside.block}, ${inside.bytes} bytes`
  return [{ kind: 'address', label: `pool 0x${pool.toString(16)} of arena ${arena}`, detail, pool }]
}

function deviceAddress(session: DeviceSession | PythonSession, at: number, address: number): readonly Found[] {
  if (Number.isNaN(address)) return []
  const segment = segments(session.devicesAt(at)).find((each) => each.address <= address && address < each.address + each.bytes)
  const block = segment?.blocks.find((each) => each.address <= address && address < each.address + each.bytes)
  if (segment === undefined || block === undefined) return []
  const { born } = blockOrigin(session, { at, device: segment.device, address: block.address })
  const detail = `${block.state}, ${block.bytes} bytes, in segment 0x${segment.address.toString(16)}`
  return [{ kind: 'address', label: `0x${block.address.toString(16)}`, detail, ...(born === null ? {} : { index: born }) }]
}

function* searchStacks({ log, stacks }: PythonSession | DeviceSession, wanted: string): Steps<readonly Found[]> {
  const matching = new Map<number, string>()
  let looked = 0
  for (const [stack, frames] of stacks.all()) {
    if (looked++ % STACKS_AT_ONCE === 0) yield
    const frame = frames.find((each) => frameText(each).toLowerCase().includes(wanted))
    if (frame !== undefined) matching.set(stack, frameText(frame))
  }
  if (matching.size === 0 || stacks.isEmpty) return []
  const seen = new Map<string, { first: number; events: number }>()
  for (const { firstIndex, length, stack } of log.batches) {
    yield
    for (let row = 0; stack !== null && row < length; row++) {
      const label = matching.get(stack[row] ?? NO_ID)
      if (label === undefined) continue
      const known = seen.get(label)
      if (known === undefined) seen.set(label, { first: firstIndex + row, events: 1 })
      else known.events++
    }
  }
  return [...seen].map(([label, { first, events }]) => ({
    kind: 'stack',
    label,
    detail: `${counted(events, 'event')}, the first is ${formatCount(first)}`,
    index: first,
  }))
}
