/** A host on which nothing of a log has run yet. */
import { emptyHostMemory, type HostMemoryProfile, type HostSettings } from '@reheap/host-memory'
import type { HostParts } from './host-link.ts'
import { HostMappings } from './host-mappings.ts'

/** The log and the profile say what the host is. */
export const NO_HOST_SETTINGS: HostSettings = {}

/** @param arenaBytes of the allocator above it */
export const emptyHost = (profile: HostMemoryProfile, arenaBytes: number, settings: HostSettings): HostParts => ({
  memory: emptyHostMemory(profile, settings),
  mappings: new HostMappings(arenaBytes),
})
