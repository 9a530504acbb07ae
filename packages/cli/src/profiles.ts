import type { AllocatorProfile } from '@reheap/allocator'
import type { Rejected } from '@reheap/kernel'
import { type MachineRejection, profileNamed, profileOfRuntime } from '@reheap/machine'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from './input.ts'
import type { Result } from './outcome.ts'

/** The profiles of a run. */
export interface Profiles {
  /** That of the runtime that the log was recorded from. */
  readonly recorded: AllocatorProfile
  /** The one to replay under. */
  readonly profile: AllocatorProfile
}

/** The recorded profile of a log and the one that `--profile` names, if it names one. */
export function profilesOf({ name, header }: Input, chosen?: string | undefined): Result<Profiles> {
  const recorded = recordedProfile(header.runtime)
  if (chosen === undefined)
    return recorded._tag === 'Left' ? left(`${name}: ${recorded.left}`) : right({ recorded: recorded.right, profile: recorded.right })
  const profile = profileNamed(chosen)
  if (profile._tag === 'Left') return left(`--profile: ${profile.left}`)
  return right({ recorded: recorded._tag === 'Right' ? recorded.right : profile.right, profile: profile.right })
}

function recordedProfile(runtime: Input['header']['runtime']): Result<AllocatorProfile> {
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
