import { type AllocatorProfile, type CpythonVersion, cpythonProfile, Request } from '@reheap/allocator'
import { isRight } from 'fp-ts/lib/Either.js'
import type { AllocatorProgram, AllocatorSetting } from './programs.ts'

/** Begins the label of the mark that holds a program's setting. */
const SETTING_LABEL = 'setting '

/** The runtime whose rules a profile has: the profile's own, or for a tiny one the release that first had them. */
function runtimeOf({ name, pointerBits, alignmentBytes, keepsLastArena }: AllocatorProfile): Readonly<Record<string, unknown>> {
  const version = /^(?:cpython|tiny)-(3\.\d+)/.exec(name)?.[1] ?? (keepsLastArena ? '3.11' : '3.8')
  const isUnusual = alignmentBytes * 4 !== pointerBits
  return { name: 'cpython', version, pointerBits, ...(isUnusual ? { alignmentBytes } : {}) }
}

/** The profile's constants, where they are other than those of its runtime, and where a simulated system begins. */
function capacitiesOf({ profile, system }: AllocatorSetting): object {
  const { alignmentBytes, smallRequestBytes, poolHeaderBytes, poolBytes, arenaBytes, name } = profile
  const pools = name.startsWith('tiny-') ? { alignmentBytes, smallRequestBytes, poolHeaderBytes, poolBytes, arenaBytes } : {}
  return { ...pools, ...(system.kind === 'simulated' ? { mapTop: system.topBytes } : {}) }
}

/** A program as JSON Lines: header, a mark with the exact setting, the requests. */
export function allocatorLog({ setting, requests }: AllocatorProgram): readonly string[] {
  const capacities = capacitiesOf(setting)
  const isUsual = Object.keys(capacities).length === 0
  const header = { reheap: 1, runtime: runtimeOf(setting.profile), command: 'a generated program', ...(isUsual ? {} : { capacities }) }
  const mark = { kind: 'Mark', label: SETTING_LABEL + JSON.stringify(setting) }
  return [header, mark, ...requests].map((line) => JSON.stringify(line))
}

/** The program of a log that {@link allocatorLog} wrote. @throws if it is none */
export function programOfLog(lines: readonly string[]): AllocatorProgram {
  const [header, mark, ...events] = lines.map((line) => JSON.parse(line) as unknown)
  const { label = '' } = mark as { readonly label?: string }
  if (!label.startsWith(SETTING_LABEL)) throw new Error(`line 2: expected a Mark whose label begins with "${SETTING_LABEL}"`)
  const requests = events.map((event, place): Request => {
    const decoded = Request.decode(event)
    if (isRight(decoded)) return decoded.right
    throw new Error(`line ${place + 3}: no request of the allocator: ${JSON.stringify(event)}`)
  })
  const { profile, system } = JSON.parse(label.slice(SETTING_LABEL.length)) as AllocatorSetting
  // A log outlives the day when a profile gets one more constant: that one is then its version's.
  const { runtime } = header as { readonly runtime: { readonly version: CpythonVersion } }
  return { setting: { profile: { ...cpythonProfile(runtime.version, profile.pointerBits), ...profile }, system }, requests }
}
