/** What an interpreter's log is replayed as. */
import {
  type LoggedCapacities,
  type LoggedStart,
  type MachineProfile,
  profileOfRuntime,
  startingFrom,
  withCapacities,
} from '@reheap/machine'
import { type Either, right } from 'fp-ts/lib/Either.js'
import type { LogStore } from './log-store.ts'

/** The profile that a log's header names. Left: none is known. */
export function profileOfLog({ header }: LogStore): Either<string, MachineProfile> {
  const { name, version, pointerBits } = header.runtime
  const alignmentBytes = 'alignmentBytes' in header.runtime ? Number(header.runtime.alignmentBytes) : undefined
  const profile = profileOfRuntime({
    name,
    version,
    pointerBits: pointerBits === 32 ? 32 : 64,
    ...(alignmentBytes === undefined ? {} : { alignmentBytes }),
  })
  if (profile._tag === 'Left') return profile
  const { collector, capacities } = header as { readonly collector?: LoggedStart; readonly capacities?: LoggedCapacities }
  return right(startingFrom(withCapacities(profile.right, capacities), collector))
}
