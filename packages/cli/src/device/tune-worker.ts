/** One of the threads that try settings: it replays the log that it was given under each one that it is sent. */

import { parentPort, workerData } from 'node:worker_threads'
import { type DeviceMemoryProfile, type FirstFit, pytorchProfile } from '@reheap/device-memory'
import { type DeviceLogParts, deviceOutcomes } from '@reheap/machine'
import { type Tuned, tunedOf } from './frontier.ts'

/** What a thread starts with. */
export interface TuneWork {
  readonly parts: DeviceLogParts
  readonly profile: DeviceMemoryProfile
  readonly driver: FirstFit | undefined
  readonly capacityBytes: number | undefined
  readonly rebuilds: boolean
}

/** What a thread answers. */
export type TuneAnswer = { readonly tuned: Tuned } | { readonly fault: { readonly index: number; readonly message: string } }

export function tuneUnder({ parts, profile, driver, capacityBytes, rebuilds }: TuneWork, settings: string): TuneAnswer {
  const outcome = deviceOutcomes(parts, { profile, driver, capacityBytes, rebuilds, settings })
  if (outcome._tag === 'Right') return { tuned: tunedOf(settings, outcome.right) }
  return { fault: { index: outcome.left.index, message: outcome.left.reason.message } }
}

// The rules of a version are data, but for what a copy between threads would lose.
const work = workerData as TuneWork | null
parentPort?.on('message', (settings: string) => {
  if (work !== null)
    parentPort?.postMessage(tuneUnder({ ...work, profile: pytorchProfile(work.profile.name.replace('pytorch-', '')) }, settings))
})
