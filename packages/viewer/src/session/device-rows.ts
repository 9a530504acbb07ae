/** Devices of a log, whatever else it holds. */
import { type AnyState, fragmentation, memoryStats, openDevices, reservations, segments } from '@reheap/device-memory'
import { NO_ID } from '@reheap/kernel'
import { ownerOf } from '@reheap/machine'
import { type LiveBlock, type NamingRows, namedBlocks } from '@reheap/projections'
import type { DeviceFacets } from './device-messages.ts'
import type { DeviceSession } from './device-session.ts'
import type { LogStore } from './log-store.ts'
import type { BlockOrigin, Requests, SentView } from './messages.ts'
import type { PythonSession } from './python-session.ts'
import { sentSegments } from './sent-segments.ts'

/** Every device that is open. */
export function deviceRows(state: AnyState): SentView['devices'] {
  const all = segments(state)
  const spaces = reservations(state)
  return openDevices(state).map(({ device, capacityBytes }) => ({
    device,
    capacityBytes,
    memoryStats: memoryStats(state, device) as Readonly<Record<string, number>>,
    fragmentation: fragmentation(state, device),
    segments: sentSegments(all.filter((segment) => segment.device === device)),
    reservations: spaces.filter((space) => space.device === device),
  }))
}

/** Every live block of any device after the first `at` events, by address. */
export function liveBlocksIn({ batches }: LogStore, state: AnyState, at: number): readonly LiveBlock[] {
  function* parts(): Iterable<NamingRows> {
    for (const { firstIndex, values, code } of batches.column('id', 0, at, -1))
      yield { firstIndex, length: values.length, code, id: values as Uint32Array }
  }
  const codeOf = (event: number): number | null => batches.value('code', event)
  const stackOf = (event: number): number => batches.value('stack', event) ?? NO_ID
  return namedBlocks(state, { parts: parts(), codeOf, stackOf }, at)
}

/** Who asked for each of some blocks. */
export function ownersOf(
  { stacks }: DeviceSession | PythonSession,
  blocks: readonly Pick<LiveBlock, 'stack' | 'requestedBytes'>[],
): Pick<DeviceFacets, 'owner' | 'owners'> {
  const ownerAt = ownerOf(stacks)
  const places = new Map<string, number>()
  const owner = Uint32Array.from(blocks, (block) => {
    const text = ownerAt(block)
    const place = places.get(text) ?? places.size
    places.set(text, place)
    return place
  })
  return { owner, owners: [...places.keys()] }
}

/** Live blocks with who asked for them. */
export function deviceFacets(session: DeviceSession | PythonSession, at: number): DeviceFacets {
  const live = liveBlocksIn(session.log, session.devicesAt(at), at)
  return {
    at,
    device: Uint8Array.from(live, ({ device }) => device),
    address: Float64Array.from(live, ({ address }) => address),
    born: Float64Array.from(live, ({ born }) => born ?? Number.NaN),
    ...ownersOf(session, live),
  }
}

/** Where the live block at an address came from. */
export function blockOrigin(session: DeviceSession | PythonSession, { at, device, address }: Requests['block']): BlockOrigin {
  const live = liveBlocksIn(session.log, session.devicesAt(at), at)
  const block = live.find((each) => each.device === device && each.address === address)
  return { born: block?.born ?? null, stack: session.stacks.told(block?.stack ?? NO_ID) }
}
