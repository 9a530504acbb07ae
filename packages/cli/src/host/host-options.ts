/** `--host` and `--ram`: what a verb is told of the machine below. */
import { HOST_MEMORY_PROFILES, type HostSettings } from '@reheap/host-memory'
import { Option } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'

export interface HostOptions {
  readonly host?: string
}

/** What a replay is told of the host. */
export interface HostReplay {
  readonly isHosted?: boolean
  readonly host?: HostSettings
}

/** `--host NAME`. */
export const hostOption = (): Option =>
  new Option(
    '--host <name>',
    `follow memory down to pages though the log does not name a host: ${[...HOST_MEMORY_PROFILES.keys()].join(', ')}; which memory is written is assumed`,
  )

/** What `--host` means for a replay. Left: no host is called so. */
export function hostReplay({ host }: HostOptions): Result<HostReplay> {
  if (host === undefined) return right({})
  if (HOST_MEMORY_PROFILES.has(host)) return right({ isHosted: true })
  return left(`--host ${host}: no host is called so; known are ${[...HOST_MEMORY_PROFILES.keys()].join(', ')}`)
}
