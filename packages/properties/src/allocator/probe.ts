import type { Request } from '@reheap/allocator'
import { blocksPerPool } from './naive-arena.ts'
import { type AllocatorProgram, nextId } from './programs.ts'

/** Blocks that a probe asks for of each class at most; pools of real profiles hold hundreds. */
const PROBE_MAX = 40
/** Above every address that a program's arenas have. */
const PROBE_BASE = 0x7fff_0000_0000

/**
 * Requests that show the order of every list of a state: each class in turn is asked for two pools'
 * worth of blocks, so that free lists, used pools, freed pools and usable arenas are all walked.
 */
export function probeOf({ setting: { profile, system }, requests }: AllocatorProgram): readonly Request[] {
  const probe: Request[] = []
  let block = nextId(requests)
  const classCount = profile.smallRequestBytes / profile.alignmentBytes
  for (let sizeClass = 0; sizeClass < classCount; sizeClass++) {
    if (system.kind === 'recorded')
      probe.push({ kind: 'ArenaMapped', address: PROBE_BASE + sizeClass * 2 * profile.arenaBytes, bytes: profile.arenaBytes })
    const blocks = Math.min(PROBE_MAX, 2 * blocksPerPool(profile, sizeClass))
    for (let asked = 0; asked < blocks; asked++)
      probe.push({ kind: 'Malloc', domain: 'obj', block: block++, bytes: (sizeClass + 1) * profile.alignmentBytes })
  }
  return probe
}
