/** What a text is found in: types, names, objects, blocks and addresses at the cursor, lines of the whole log. */
import { pinnedArenas, poolMap, whereaboutsOf } from '@reheap/allocator'
import { segments } from '@reheap/device-memory'
import { formatCounted as counted, formatCount, NO_ID } from '@reheap/kernel'
import { heapOf, objectsOf } from '@reheap/machine'
import { forEachBinding, objectOf, typeTotals } from '@reheap/refcount'
import { blockOrigin } from './device-rows.ts'
import type { DeviceSession } from './device-session.ts'
import type { PythonSession } from './python-session.ts'
import type { Found, SearchAnswer } from './search-messages.ts'
import { frameText } from './stacks.ts'
import type { Steps } from './steps.ts'

const FOUND_MAX = 60
/** Stacks that are read without a pause. */
const STACKS_AT_ONCE = 200

/** Types first, then names, objects and blocks by their number, the address, and lines by the event that is the first of each. */
export function* searchHeap(session: PythonSession, at: number, text: string): Steps<SearchAnswer> {
  const wanted = text.toLowerCase()
  const address = addressOf(text)
  return cut([
    ...typesCalled(session, at, wanted),
    ...namesCalled(session, at, wanted),
    ...objectOfNumber(session, at, numberOf('object', wanted)),
    ...heapBlock(session, at, numberOf('block', wanted)),
    ...deviceBlock(session, at, numberOf('block', wanted)),
    ...heapAddress(session, at, address),
    ...deviceAddress(session, at, address),
    ...(yield* searchLines(session, wanted)),
  ])
}

/** The same of a device's log, which has neither types nor objects. */
export function* searchDevice(session: DeviceSession, at: number, text: string): Steps<SearchAnswer> {
  const wanted = text.toLowerCase()
  return cut([
    ...deviceBlock(session, at, numberOf('block', wanted)),
    ...deviceAddress(session, at, addressOf(text)),
    ...(yield* searchLines(session, wanted)),
  ])
}

const cut = (found: readonly Found[]): SearchAnswer => ({ found: found.slice(0, FOUND_MAX), more: Math.max(0, found.length - FOUND_MAX) })

/** NaN: the text is no address. */
const addressOf = (text: string): number => (/^(0x[0-9a-f]+|\d{4,})$/i.test(text.trim()) ? Number(text.trim()) : Number.NaN)

/** A number, alone or behind the noun that it is one of; NaN: the text is none. */
const numberOf = (noun: string, text: string): number => Number(new RegExp(`^(?:${noun} )?(\\d+)$`).exec(text.trim())?.[1] ?? Number.NaN)

const typesCalled = (session: PythonSession, at: number, wanted: string): readonly Found[] =>
  typeTotals(objectsOf(session.stateAt(at))).flatMap(({ type, objects }): readonly Found[] => {
    const name = session.names.typeName(type)
    return name.toLowerCase().includes(wanted)
      ? [{ kind: 'type', label: name, detail: counted(objects, 'live object'), ...(type === null ? {} : { type }) }]
      : []
  })

/** Names of open scopes, with what they hold. */
function namesCalled(session: PythonSession, at: number, wanted: string): readonly Found[] {
  const heap = objectsOf(session.stateAt(at))
  const found: Found[] = []
  forEachBinding(heap, ({ name, object }) => {
    const label = session.names.nameText(name)
    if (!label.toLowerCase().includes(wanted)) return
    const type = session.names.typeName(objectOf(heap, object)?.type ?? null)
    found.push({ kind: 'name', label, detail: `holds ${type}, object ${object}`, object })
  })
  return found
}

function objectOfNumber(session: PythonSession, at: number, number: number): readonly Found[] {
  const known = Number.isNaN(number) ? null : objectOf(objectsOf(session.stateAt(at)), number)
  if (known === null) return []
  const { object, type, count } = known
  return [{ kind: 'object', label: String(object), detail: `${session.names.typeName(type)}, count ${formatCount(count)}`, object }]
}

/** Of the C library's blocks the log does not say where they lie, only when they were made. */
function heapBlock(session: PythonSession, at: number, number: number): readonly Found[] {
  const known = Number.isNaN(number) ? null : whereaboutsOf(heapOf(session.stateAt(at)), number)
  if (known === null) return []
  const label = String(number)
  const size = counted(known.bytes, 'byte')
  if (known.pool !== null)
    return [{ kind: 'block', label, detail: `${size} in pool 0x${known.pool.address.toString(16)}`, pool: known.pool.address }]
  const born = session.births.born(number, at)
  return [{ kind: 'block', label, detail: `${size} from the C library`, ...(born < 0 ? {} : { index: born }) }]
}

function deviceBlock(session: DeviceSession | PythonSession, at: number, number: number): readonly Found[] {
  return segments(session.devicesAt(at))
    .flatMap(({ device, blocks }) => blocks.map((each) => ({ device, ...each })))
    .filter(({ block }) => block === number)
    .map(({ bytes, address, device }): Found => {
      const { born } = blockOrigin(session, { at, device, address })
      const detail = `${counted(bytes, 'byte')} of GPU ${device} at 0x${address.toString(16)}`
      return { kind: 'block', label: String(number), detail, ...(born === null ? {} : { index: born }) }
    })
}

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

/** Lines of the program that asked for anything. */
function* searchLines({ log, stacks }: PythonSession | DeviceSession, wanted: string): Steps<readonly Found[]> {
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
    kind: 'line',
    label,
    detail: `${counted(events, 'event')}, the first is ${formatCount(first)}`,
    index: first,
  }))
}
