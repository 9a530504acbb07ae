import { ACTION_FACTS, changeSettings, type DeviceMemoryProfile, type Fact, type Request } from '@reheap/device-memory'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Model } from '../model.ts'
import { freeBlock } from './naive-free.ts'
import { mallocBlock } from './naive-malloc.ts'
import { releaseCached } from './naive-release.ts'
import { type DeviceFact, deviceFigures, NaiveDevice, newPool, type PrivatePool, tell } from './naive-state.ts'

/**
 * PyTorch's caching allocator on one device, obviously right: every list is sorted anew, every figure counted anew.
 *
 * It shares no code with the package but settings and profile. The order of facts within a request it does not foretell.
 */
export class NaiveDeviceMemory implements Model<Request, Fact> {
  readonly #device: NaiveDevice

  constructor(profile: DeviceMemoryProfile) {
    this.#device = new NaiveDevice(profile)
  }

  /** Left: the kind of rejection. @throws if the facts that were witnessed are not those that it foretells, in any order */
  step(request: Request, witnessed: readonly Fact[] = []): Either<string, readonly Fact[]> {
    const rejection = rejectionOf(this.#device, request)
    if (rejection !== null) return left(rejection)
    const device = this.#device
    device.facts = []
    apply(device, request)
    const [ours, theirs] = [sorted(device.facts), sorted(witnessed.map(inShort))]
    if (ours.join() !== theirs.join())
      throw new Error(`facts of ${JSON.stringify(request)}: ${theirs.join(', ')}, expected ${ours.join(', ')}`)
    return right(witnessed)
  }

  /** Current figures of every statistic, and how often the driver was asked; null: the device was not opened. */
  figures(): unknown {
    if (this.#device.capacity === 0) return null
    return { current: deviceFigures(this.#device), counters: Object.values(this.#device.counters) }
  }
}

const ACTIONS = new Map(Object.entries(ACTION_FACTS).map(([action, kind]) => [kind as string, action]))

function inShort(fact: Fact): DeviceFact {
  const action = ACTIONS.get(fact.kind) ?? fact.kind
  if (fact.kind === 'OutOfMemoryRaised') return [action, fact.deviceFreeBytes, fact.bytes, fact.stream]
  return 'address' in fact ? [action, fact.address, fact.bytes, fact.stream] : [action, 0, 0, 0]
}

const sorted = (facts: readonly DeviceFact[]): readonly string[] => facts.map((fact) => fact.join(' ')).sort()

/** Why a request cannot have happened; null: it can. */
function rejectionOf({ live, captures, profile }: NaiveDevice, request: Request): string | null {
  switch (request.kind) {
    case 'DeviceMalloc':
      if (request.device !== 0) return 'UnknownDevice'
      if (!(request.bytes > 0)) return 'InvalidBytes'
      return live.has(request.block) ? 'BlockAlreadyLive' : null
    case 'DeviceFree':
    case 'RecordStream':
      return live.has(request.block) ? null : 'BlockNotLive'
    case 'EmptyCache':
      return captures.length > 0 && !profile.emptiesWhileBegun ? 'PoolBegun' : null
    case 'SetMemoryFraction':
      return request.fraction >= 0 && request.fraction <= 1 ? null : 'InvalidFraction'
    default:
      return null
  }
}

function apply(d: NaiveDevice, request: Request): void {
  switch (request.kind) {
    case 'DeviceOpened':
      d.capacity = request.capacityBytes
      d.context = request.contextBytes
      break
    case 'DeviceMalloc':
      mallocBlock(d, request.block, request.stream, request.bytes)
      break
    case 'DeviceFree':
      freeBlock(d, request.block)
      break
    case 'RecordStream': {
      const block = d.live.get(request.block)
      if (block && request.stream !== block.segment.stream)
        block.uses.set(request.stream, (block.uses.get(request.stream) ?? false) || d.captures.length > 0)
      break
    }
    case 'CompleteStreamEvents':
      for (const [stream, queue] of d.queues)
        if (request.stream === null || request.stream === stream) for (const event of queue) event.done = true
      break
    case 'EmptyCache':
      releaseCached(d, d.captures.length === 0)
      break
    case 'Configure': {
      const { settings, fault } = changeSettings(d.settings, request.settings, d.profile)
      d.settings = settings
      if (fault !== null) tell(d, 'SettingsRefused', 0, 0, 0)
      break
    }
    case 'SetMemoryFraction': {
      const isLimited = request.fraction < 1 || d.profile.fullFractionLimits
      d.limit = isLimited ? Math.floor(request.fraction * d.capacity) : Number.POSITIVE_INFINITY
      break
    }
    case 'BeginPool':
      beginPool(d, request.pool, request.stream)
      break
    case 'EndPool':
      d.captures = d.captures.filter(({ owner }) => owner.id !== request.pool)
      break
    case 'ReleasePool': {
      const owner = d.privates.find(({ id }) => id === request.pool)
      if (owner) owner.uses--
    }
  }
}

function beginPool(d: NaiveDevice, id: number, stream: number | null): void {
  let owner = d.privates.find((each) => each.id === id)
  if (owner) owner.uses++
  else {
    const made = { id, uses: 1, mallocs: 0 } as { -readonly [K in keyof PrivatePool]: PrivatePool[K] }
    made.small = newPool(true, made)
    made.large = newPool(false, made)
    owner = made
    d.privates.push(owner)
  }
  d.captures.push({ owner, stream })
}
