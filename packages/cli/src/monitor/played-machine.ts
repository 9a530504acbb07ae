/** What a monitor sees of a log of CPython: its layers from objects down. */
import { type AnyState, processes, processMemory, systemMemory } from '@reheap/host-memory'
import { type EventBatch, formatCount } from '@reheap/kernel'
import type { HostReplay } from '@reheap/machine'
import { Replay } from '@reheap/machine'
import { RunningObjects, RunningUsage, USAGE_MEASURES } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { type Profiles, rejection } from '../profiles.ts'
import { USAGE_LABELS } from '../show/figures.ts'
import { devicesOf } from './played-device.ts'
import { type LayerReading, type ProcessReading, percentOf, type Reading, type SystemReading } from './reading.ts'
import type { Played } from './replay-readings.ts'

export class PlayedMachine implements Played {
  readonly #name: string
  readonly #replay: Replay
  readonly #usage: RunningUsage
  readonly #objects = new RunningObjects()

  /** @param name of the log */
  constructor(name: string, { recorded, profile }: Profiles, host: HostReplay) {
    this.#name = name
    this.#replay = new Replay({ recorded, profile, ...host })
    this.#usage = new RunningUsage(profile.allocator.alignmentBytes)
  }

  /** A batch may say where arenas lie. */
  begin(batch: EventBatch): void {
    this.#replay.begin(batch)
  }

  feed(batch: EventBatch): Result<void> {
    const fed = this.#replay.feed(batch)
    if (fed._tag === 'Left') return left(rejection(this.#name, fed.left))
    this.#usage.feed(fed.right)
    this.#objects.feed(fed.right)
    return right(undefined)
  }

  reading(): Omit<Reading, 'event' | 'seconds'> {
    const { hostNow: host, devicesNow: devices } = this.#replay
    return {
      system: host === null ? null : systemOf(host),
      processes: host === null ? [] : processes(host).map((process) => processOf(host, process)),
      layers: this.#layers(),
      devices: devices === null ? [] : devicesOf(devices),
    }
  }

  #layers(): readonly LayerReading[] {
    const { objects, born, bytes } = this.#objects
    return [
      ...(born === 0 ? [] : [{ name: `objects: ${formatCount(objects)}`, bytes }]),
      ...USAGE_MEASURES.map((measure) => ({ name: USAGE_LABELS[measure], bytes: this.#usage[measure] })),
    ]
  }
}

function systemOf(host: AnyState): SystemReading {
  const { swapFree: _, ...system } = systemMemory(host)
  return { ...system, swapPercent: percentOf(system.swapUsed, system.swapTotal) }
}

/** A process of the log has no name, but it may have ended. */
function processOf(host: AnyState, process: number): ProcessReading {
  const { state, rssBytes, vmsBytes, peakBytes, swapBytes } = processMemory(host, process)
  return { pid: process, name: state === 'alive' ? '' : state, rss: rssBytes, vms: vmsBytes, peak: peakBytes, swap: swapBytes }
}
