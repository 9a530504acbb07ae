/** The profile that a row of a what-if is replayed under. */
import { withSizes } from '@reheap/allocator'
import type { MachineProfile } from '../profile.ts'
import { type LoggedStart, profileNamed, startingFrom } from '../runtime.ts'
import type { Variation } from './variation.ts'

const NARROW = '-32'

/** @param base profile of the first row @param start how the collector stood when the log begins */
export function rowProfile({ profile, allocator }: Variation, base: MachineProfile, start?: LoggedStart): MachineProfile {
  const chosen = profile === null ? base : startingFrom(ofWidth(profile, base), start)
  return Object.keys(allocator).length === 0 ? chosen : { ...chosen, allocator: withSizes(chosen.allocator, allocator) }
}

/** Of a version that is named without its build, the build as wide as the first row's: else arenas of other sizes were compared. */
function ofWidth(profile: MachineProfile, first: MachineProfile): MachineProfile {
  if (!first.name.endsWith(NARROW) || !/^cpython-[\d.]+$/.test(profile.name)) return profile
  const twin = profileNamed(`${profile.name}${NARROW}`)
  return twin._tag === 'Right' ? twin.right : profile
}
