/**
 * The composition root: the only place that knows every mechanism. It routes each event to the
 * mechanism and the heap that it belongs to; the parts are thawed and sealed together, so the whole
 * is one mechanism again.
 */
import {
  type AllocatorRejection,
  type AllocatorState,
  allocatedBlocks,
  allocatorMechanism,
  emptyAllocator,
  type RequestOpcode,
  type System,
} from '@reheap/allocator'
import {
  type RequestOpcode as CollectorOpcode,
  type CollectorRejection,
  type CollectorState,
  collectorMechanism,
  collectorReducer,
  emptyCollector,
  listenToTrials,
  type TrialListener,
} from '@reheap/cycle-gc'
import {
  type DeviceMemoryRejection,
  type DeviceMemoryState,
  type RequestOpcode as DeviceOpcode,
  deviceMemoryMechanism,
  emptyDeviceMemory,
} from '@reheap/device-memory'
import {
  type HostMemoryRejection,
  type HostMemoryState,
  type RequestOpcode as HostOpcode,
  type HostSettings,
  hostMemoryMechanism,
} from '@reheap/host-memory'
import { createKeeper, type Draft, type Keeper, type Mechanism, OPCODE_RANGES, type Sealed } from '@reheap/kernel'
import {
  emptyHeap,
  type RequestOpcode as ObjectOpcode,
  type RefcountRejection,
  type RefcountState,
  refcountMechanism,
} from '@reheap/refcount'
import { emptyHost, NO_HOST_SETTINGS } from './empty-host.ts'
import { explainAsked, isOfHost } from './host-link.ts'
import { MachineDraft, type MachineState } from './machine-draft.ts'
import { ObjectBlocks } from './object-blocks.ts'
import type { MachineProfile } from './profile.ts'
import { applyRows } from './routing.ts'
import { type CollectorSettings, NO_SETTINGS, underSettings } from './settings.ts'

/** Why one of the mechanisms refuses an event. */
export type MachineRejection = AllocatorRejection | RefcountRejection | CollectorRejection | DeviceMemoryRejection | HostMemoryRejection

/** The one keeper of machines; not exported from the package. */
export const keeper: Keeper<MachineState, MachineDraft> = createKeeper(
  (state) => new MachineDraft(state),
  (draft) => draft.sealed(),
)

/** What an empty machine starts with beside its profile. */
export interface MachineOptions {
  readonly settings?: CollectorSettings | undefined
  /** Objects may die at other events than when the log was recorded: what the log says of their blocks, and of themselves, follows. */
  readonly isWhatIf?: boolean | undefined
  /** Is memory followed down to pages from the first event on? Default: from the event on that names the host. */
  readonly isHosted?: boolean | undefined
  /** What the host is, whatever the log says. */
  readonly host?: HostSettings | undefined
}

/** A machine that has run nothing yet. @param system answers for the layers below the allocator */
export function emptyMachine(
  profile: MachineProfile,
  system: System,
  { settings = NO_SETTINGS, isWhatIf = false, isHosted = false, host = NO_HOST_SETTINGS }: MachineOptions = {},
): Sealed<MachineState> {
  const state = {
    profile,
    settings,
    isWhatIf,
    passedOver: 0,
    system: system.clone(),
    heaps: [emptyAllocator(profile.allocator, system)],
    objects: emptyHeap(profile.refcount),
    collector: startingCollector(profile, settings),
    devices: null,
    host: isHosted ? emptyHost(profile.hostMemory, profile.allocator.arenaBytes, host) : null,
    hostSettings: host,
    blocks: new ObjectBlocks(isWhatIf),
  }
  return keeper.sealed(state, 0)
}

function startingCollector(profile: MachineProfile, settings: CollectorSettings): Sealed<CollectorState> {
  const collector = emptyCollector(underSettings(profile, settings).collector)
  if (settings.isEnabled !== false) return collector
  const disabled = collectorReducer.step(collector, { kind: 'DisableCollector' })
  return disabled._tag === 'Right' ? disabled.right.state : collector
}

/** The allocator of one heap; an empty one for a heap that no event has named. */
export function heapOf(state: Sealed<MachineState>, heap = 0): Sealed<AllocatorState> {
  const { profile, system, heaps } = keeper.read(state)
  return heaps[profile.allocator.heapPerInterpreter ? heap : 0] ?? emptyAllocator(profile.allocator, system)
}

/** The allocators of all heaps. */
export const heapsOf = (state: Sealed<MachineState>): readonly Sealed<AllocatorState>[] => keeper.read(state).heaps

/** The objects and their counts. */
export const objectsOf = (state: Sealed<MachineState>): Sealed<RefcountState> => keeper.read(state).objects

/** The cycle collector. */
export const collectorOf = (state: Sealed<MachineState>): Sealed<CollectorState> => keeper.read(state).collector

/** The memory of all devices. */
export function devicesOf(state: Sealed<MachineState>): Sealed<DeviceMemoryState> {
  const { profile, devices } = keeper.read(state)
  return devices ?? emptyDeviceMemory(profile.deviceMemory)
}

/** The memory of the system below the processes; null: no event has named it, and nobody wanted to follow memory so far down. */
export const hostOf = (state: Sealed<MachineState>): Sealed<HostMemoryState> | null => keeper.read(state).host?.memory ?? null

/** Requests that a what-if passed over, since they are about objects that had died by then. */
export const passedOver = (state: Sealed<MachineState>): number => keeper.read(state).passedOver

/** From now on the listener is told of every search for garbage that the draft makes, until it is sealed. */
export const listenToSearches = (draft: Draft<MachineState>, listener: TrialListener): void =>
  listenToTrials(keeper.own(draft).collector, listener)

/** `sys.getallocatedblocks()`, which counts the blocks of all interpreters. */
export const machineAllocatedBlocks = (state: Sealed<MachineState>): number =>
  heapsOf(state).reduce((sum, heap) => sum + allocatedBlocks(heap), 0)

/** All layers as one mechanism. Takes event batches: rows are routed by their opcode, those of the allocator also by their `heap` column. */
export const machineMechanism: Mechanism<MachineState, number, number, MachineRejection> = {
  thaw: keeper.thaw,
  applyBatch: (draft, batch, from, to, emit) => {
    const rejected = applyRows(keeper.own(draft), batch, from, to, emit)
    keeper.advance(draft, (rejected < 0 ? to : rejected) - from)
    return rejected
  },
  seal: keeper.seal,
  explain: (reason, code, ...operands) => {
    if (isOfHost(reason)) return explainAsked(reason, code, ...operands)
    if (code < OPCODE_RANGES.refcount.from) return allocatorMechanism.explain(reason, code as RequestOpcode, ...operands)
    if (code < OPCODE_RANGES.cycleGc.from) return refcountMechanism.explain(reason, code as ObjectOpcode, ...operands)
    if (code >= OPCODE_RANGES.hostMemory.from) return hostMemoryMechanism.explain(reason, code as HostOpcode, ...operands)
    if (code >= OPCODE_RANGES.deviceMemory.from) return deviceMemoryMechanism.explain(reason, code as DeviceOpcode, ...operands)
    return collectorMechanism.explain(reason, code as CollectorOpcode, ...operands)
  },
}
