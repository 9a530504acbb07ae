import type { DeviceMemoryState } from '@reheap/device-memory'
import { type Draft, type EventBatch, type FactBatch, formatCount, type Sealed } from '@reheap/kernel'
import type { HostReplay } from '@reheap/machine'
import { behindDevices, type GarbageListener, type HostListener, isOfDevice, type MachineState, Replay } from '@reheap/machine'
import { Names } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from './input.ts'
import type { Result } from './outcome.ts'
import { type Profiles, rejection } from './profiles.ts'
import { walk } from './walk.ts'

/** What a verb asks of a replay. */
export interface RunOptions {
  /** The work in one word, for the line of progress. */
  readonly what: string
  /** The event to stop before. */
  readonly until?: number | undefined
  /** Takes the facts of the rows before `to` of each batch; without it none are made. */
  readonly onFacts?: ((facts: FactBatch, batch: EventBatch, to: number) => Result<void> | Promise<Result<void>>) | undefined
  /** Told of each object that was unreachable and alive. */
  readonly onGarbage?: GarbageListener | undefined
  /** What is told of the machine below; left out: the log says it, or says nothing of one. */
  readonly host?: HostReplay | undefined
  /** Told after each request of the host. */
  readonly onHost?: HostListener | undefined
  /** Told after each request of a device, in a log that holds more than a device's memory. */
  readonly onDevices?: DeviceListener | undefined
}

/** Takes the memory of all devices just after an event, to be asked and not kept. */
export type DeviceListener = (index: number, state: Draft<DeviceMemoryState>) => void

/** A replay that has ended. */
export interface Run extends Profiles {
  /** Who said where arenas lie. */
  readonly placement: Replay['placement']
  readonly events: number
  readonly state: Sealed<MachineState>
  /** What the log calls its types and names; without a type it holds no objects. */
  readonly names: Names
}

/** Replays a log under one profile. */
export async function runLog(
  input: Input,
  { recorded, profile }: Profiles,
  { what, until, onFacts, onGarbage, host, onHost, onDevices }: RunOptions,
): Promise<Result<Run>> {
  const replay = new Replay({ recorded, profile, muted: onFacts === undefined, onGarbage, ...host, onHost })
  const names = new Names()
  const walked = await walk(input, { what, until }, async (batch, to) => {
    names.feed(batch, to)
    replay.begin(batch)
    for (const rows of onDevices === undefined ? [batch] : behindDevices(batch, to)) {
      const end = Math.min(rows.length, batch.firstIndex + to - rows.firstIndex)
      const fed = replay.feed(rows, end)
      if (fed._tag === 'Left') return left(rejection(input.name, fed.left))
      const devices = replay.devicesNow
      if (devices !== null && end > 0 && isOfDevice(rows.code[end - 1])) onDevices?.(rows.firstIndex + end - 1, devices)
      const taken = await onFacts?.(fed.right, rows, end)
      if (taken?._tag === 'Left') return taken
    }
    return right(undefined)
  })
  if (walked._tag === 'Left') return walked
  return right({ profile, recorded, placement: replay.placement, events: walked.right, state: replay.end(), names })
}

/** What a run was, in its first line for people. */
export function runTitle(name: string, { events, profile, recorded, placement }: Run): string {
  const where =
    placement === 'recorded'
      ? 'arenas where they were recorded'
      : profile.name === recorded.name
        ? 'the log does not say where arenas lie, a simulated system does'
        : `a what-if: recorded as ${recorded.name}, arenas of a simulated system`
  return `${name}: ${formatCount(events)} events replayed as ${profile.name}; ${where}`
}
