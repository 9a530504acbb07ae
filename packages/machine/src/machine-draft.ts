/** All layers in the making, connected with each other. */
import { type AllocatorState, allocatorMechanism, answerFrom, emptyAllocator, type System } from '@reheap/allocator'
import { type CollectorPort, type CollectorState, collectorMechanism, collectorPort, type HeapView } from '@reheap/cycle-gc'
import { type DeviceMemoryState, deviceMemoryMechanism, emptyDeviceMemory } from '@reheap/device-memory'
import type { HostSettings } from '@reheap/host-memory'
import type { Draft, Sealed } from '@reheap/kernel'
import {
  connectTracking,
  type HeapReader,
  heapEditor,
  heapReader,
  heapView,
  momentOf,
  REJECTIONS,
  type RefcountState,
  type RejectionKind,
  refcountMechanism,
} from '@reheap/refcount'
import { emptyHost } from './empty-host.ts'
import { type GarbageListener, GarbageWatch } from './garbage-watch.ts'
import { HostLink, type HostListener, type HostParts } from './host-link.ts'
import { Junction } from './junction.ts'
import type { ObjectBlocks } from './object-blocks.ts'
import type { MachineProfile } from './profile.ts'
import type { CollectorSettings } from './settings.ts'

/** What may follow from deaths, finalizers and callbacks at other events than when the log was recorded. */
const ABOUT_DEAD: readonly RejectionKind[] = ['ObjectNotLive', 'OtherNotLive', 'NameNotBound', 'ReferenceNotHeld']

/** Every layer's state. */
export interface MachineState {
  readonly profile: MachineProfile
  readonly settings: CollectorSettings
  /** Objects may die at other events than when the log was recorded. */
  readonly isWhatIf: boolean
  /** Requests about objects that had died by then: a what-if passes them over. */
  readonly passedOver: number
  /** What a heap that appears later asks for its arenas. */
  readonly system: System
  /** Allocator of each heap; 0 is the main interpreter's. */
  readonly heaps: readonly Sealed<AllocatorState>[]
  readonly objects: Sealed<RefcountState>
  readonly collector: Sealed<CollectorState>
  /** The memory of all devices; null: no event has named one. */
  readonly devices: Sealed<DeviceMemoryState> | null
  /** The system's memory; null: no event has named it, and nobody wants to follow memory so far down. */
  readonly host: HostParts | null
  readonly hostSettings: HostSettings
  readonly blocks: ObjectBlocks
}

/**
 * The object layers answer each other through ports, so their drafts are connected when they are thawed, and every one of
 * them writes to the junction.
 */
export class MachineDraft {
  readonly profile: MachineProfile
  readonly settings: CollectorSettings
  readonly isWhatIf: boolean
  readonly heaps: Draft<AllocatorState>[]
  readonly objects: Draft<RefcountState>
  readonly collector: Draft<CollectorState>
  readonly blocks: ObjectBlocks
  readonly junction: Junction
  /** The object layers as they are now. */
  readonly view: HeapView
  readonly heap: HeapReader
  port: CollectorPort
  readonly hostSettings: HostSettings
  #system: System
  #devices: Draft<DeviceMemoryState> | null
  #passedOver: number
  #hostListener: HostListener | null = null

  constructor(state: MachineState) {
    const { profile, settings, isWhatIf, passedOver, system, heaps, objects, collector, devices, host, hostSettings, blocks } = state
    this.profile = profile
    this.settings = settings
    this.isWhatIf = isWhatIf
    this.#passedOver = passedOver
    this.#system = system
    this.heaps = heaps.map(allocatorMechanism.thaw)
    this.objects = refcountMechanism.thaw(objects)
    this.collector = collectorMechanism.thaw(collector)
    this.#devices = devices && deviceMemoryMechanism.thaw(devices)
    this.hostSettings = hostSettings
    this.blocks = blocks.clone()
    this.junction = new Junction(() => this.openHeap(0), this.blocks)
    this.junction.host = host && new HostLink(host, profile)
    this.view = heapView(this.objects)
    this.heap = heapReader(this.objects)
    this.port = this.#connected(null)
  }

  sealed(): MachineState {
    const { profile, settings, isWhatIf, heaps, objects, collector, hostSettings, blocks, junction } = this
    return {
      profile,
      settings,
      isWhatIf,
      passedOver: this.#passedOver,
      system: this.#system,
      heaps: heaps.map(allocatorMechanism.seal),
      objects: refcountMechanism.seal(objects),
      collector: collectorMechanism.seal(collector),
      devices: this.#devices && deviceMemoryMechanism.seal(this.#devices),
      host: junction.host?.sealed() ?? null,
      hostSettings,
      blocks,
    }
  }

  /** The allocator of one heap, made if no event has named it so far. */
  openHeap(heap: number): Draft<AllocatorState> {
    const { allocator } = this.profile
    while (this.heaps.length <= heap) this.heaps.push(allocatorMechanism.thaw(emptyAllocator(allocator, this.#system)))
    return this.heaps[heap] as Draft<AllocatorState>
  }

  /** From now on this system is asked for arenas; none may be open. */
  answerFrom(system: System): void {
    this.#system = system
    for (const heap of this.heaps) answerFrom(heap, system)
  }

  /** The memory of all devices; null: no event has named one. */
  get devices(): Draft<DeviceMemoryState> | null {
    return this.#devices
  }

  /** The memory of all devices, made when an event names one. */
  openDevices(): Draft<DeviceMemoryState> {
    this.#devices ??= deviceMemoryMechanism.thaw(emptyDeviceMemory(this.profile.deviceMemory))
    return this.#devices
  }

  /** The system's memory, made when an event names it. */
  openHost(): HostLink {
    const { allocator, hostMemory } = this.profile
    const { hostSettings, junction } = this
    junction.host ??= new HostLink(emptyHost(hostMemory, allocator.arenaBytes, hostSettings), this.profile)
    junction.host.listener = this.#hostListener
    return junction.host
  }

  /** From now on the listener is told after each request of the host. */
  listenToHost(listener: HostListener): void {
    this.#hostListener = listener
    if (this.junction.host !== null) this.junction.host.listener = listener
  }

  /** Is a rejected request of the objects one about an object that died earlier in this what-if? Then it is counted. */
  passesOver(reason: number): boolean {
    const isAboutDead = this.isWhatIf && ABOUT_DEAD.includes(REJECTIONS[reason - 1] as RejectionKind)
    if (isAboutDead) this.#passedOver++
    return isAboutDead
  }

  /** From now on garbage that a collection finds is dated, and the listener is told. */
  watchGarbage(listener: GarbageListener): GarbageWatch {
    const watch = new GarbageWatch(this.view, this.heap, listener)
    this.junction.watch = watch
    this.port = this.#connected(watch)
    return watch
  }

  #connected(watch: GarbageWatch | null): CollectorPort {
    const editor = heapEditor(this.objects)
    const port = collectorPort(this.collector, this.view, watch === null ? editor : watch.watched(editor), momentOf(this.objects))
    connectTracking(this.objects, port)
    return port
  }
}
