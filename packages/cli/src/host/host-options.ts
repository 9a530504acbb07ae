/** `--host` and `--ram`: what a verb is told of the machine below. */
import { HOST_MEMORY_PROFILES } from '@reheap/host-memory'
import type { HostReplay } from '@reheap/machine'
import { Option } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'

export interface HostOptions {
  readonly host?: string
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
