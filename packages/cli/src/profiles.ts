import type { Rejected } from '@reheap/kernel'
import {
  type LoggedCapacities,
  type LoggedStart,
  type MachineProfile,
  type MachineRejection,
  profileNamed,
  profileOfRuntime,
  startingFrom,
  withCapacities,
} from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from './input.ts'
import type { Result } from './outcome.ts'

/** The profiles of a run. */
export interface Profiles {
  /** That of the runtime that the log was recorded from. */
  readonly recorded: MachineProfile
  /** The one to replay under. */
  readonly profile: MachineProfile
}

/** The recorded profile of a log and the one that `--profile` names, if it names one. */
export function profilesOf({ name, header }: Input, chosen?: string | undefined): Result<Profiles> {
  const recorded = recordedProfile(header.runtime)
  const profile = chosen === undefined ? recorded : profileNamed(chosen)
  if (profile._tag === 'Left') return left(`${chosen === undefined ? name : '--profile'}: ${profile.left}`)
  const { collector, capacities } = header as { readonly collector?: LoggedStart; readonly capacities?: LoggedCapacities }
  const begun = (each: MachineProfile): MachineProfile => startingFrom(withCapacities(each, capacities), collector)
  return right({ recorded: begun(recorded._tag === 'Right' ? recorded.right : profile.right), profile: begun(profile.right) })
}

function recordedProfile(runtime: Input['header']['runtime']): Result<MachineProfile> {
  const { name, version, pointerBits } = runtime
  const alignmentBytes = 'alignmentBytes' in runtime ? Number(runtime.alignmentBytes) : undefined
  return profileOfRuntime({
    name,
    version,
    pointerBits: pointerBits === 32 ? 32 : 64,
    ...(alignmentBytes === undefined ? {} : { alignmentBytes }),
  })
}

/** The line for a log that contradicts itself. */
export const rejection = (log: string, { index, reason }: Rejected<MachineRejection>): string =>
  `${log}: event ${index} cannot have happened: ${reason.message} (${reason.kind}); the log is not what a program did: record it again`
