/**
 * The constants of pymalloc in every CPython from 3.6 to 3.15, as data.
 *
 * @source CPython `Objects/obmalloc.c` (3.6 to 3.15), `Include/internal/pycore_obmalloc.h` (3.12 on)
 */
export interface AllocatorProfile {
  /** Runtime and version, `cpython-3.11`. */
  readonly name: string
  readonly pointerBits: 32 | 64
  /** Step between size classes in bytes; every block is aligned to it. */
  readonly alignmentBytes: number
  /** The largest request that a pool serves, in bytes. */
  readonly smallRequestBytes: number
  /** Bytes at the start of each pool that hold its header. */
  readonly poolHeaderBytes: number
  readonly poolBytes: number
  readonly arenaBytes: number
  /** Does the last usable arena stay mapped when all its pools are free? From 3.9 on. */
  readonly keepsLastArena: boolean
  /** Does a sub-interpreter with its own state have arenas of its own? From 3.12 on. */
  readonly heapPerInterpreter: boolean
}

export const CPYTHON_VERSIONS = ['3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'] as const
export type CpythonVersion = (typeof CPYTHON_VERSIONS)[number]

const KIB = 1024

/** The profile of one CPython version on 32-bit or 64-bit pointers. */
export function cpythonProfile(version: CpythonVersion, pointerBits: 32 | 64 = 64): AllocatorProfile {
  const minor = Number(version.slice(2))
  const largePools = minor >= 10
  return {
    name: `cpython-${version}`,
    pointerBits,
    alignmentBytes: pointerBits === 64 ? 16 : 8,
    smallRequestBytes: 512,
    poolHeaderBytes: pointerBits === 64 ? 48 : 32,
    poolBytes: (largePools ? 16 : 4) * KIB,
    arenaBytes: (largePools ? 1024 : 256) * KIB,
    keepsLastArena: minor >= 9,
    heapPerInterpreter: minor >= 12,
  }
}

/** Every known profile by its name; 32-bit ones end in `-32`. */
export const ALLOCATOR_PROFILES: ReadonlyMap<string, AllocatorProfile> = new Map(
  CPYTHON_VERSIONS.flatMap((version) => [
    [`cpython-${version}`, cpythonProfile(version, 64)] as const,
    [`cpython-${version}-32`, cpythonProfile(version, 32)] as const,
  ]),
)

/**
 * What is wrong with a profile, or null. A profile of one's own may have any sizes that pymalloc's
 * arithmetic works for: powers of two, and two blocks of the largest class in a pool.
 */
export function profileFault(profile: AllocatorProfile): string | null {
  const { alignmentBytes, smallRequestBytes, poolHeaderBytes, poolBytes, arenaBytes } = profile
  const powers = { alignmentBytes, poolBytes, arenaBytes }
  for (const [name, value] of Object.entries(powers)) {
    if (!Number.isInteger(Math.log2(value))) return `${name} must be a power of two, got ${value}`
  }
  if (smallRequestBytes % alignmentBytes !== 0 || smallRequestBytes < alignmentBytes)
    return `smallRequestBytes must be a multiple of alignmentBytes, got ${smallRequestBytes}`
  if (smallRequestBytes / alignmentBytes > 255) return `at most 255 size classes, got ${smallRequestBytes / alignmentBytes}`
  if (poolHeaderBytes % alignmentBytes !== 0 || poolHeaderBytes < alignmentBytes)
    return `poolHeaderBytes must be a multiple of alignmentBytes, got ${poolHeaderBytes}`
  if (poolBytes / alignmentBytes > 0x1_0000) return `a pool holds at most 65536 alignment units, got ${poolBytes / alignmentBytes}`
  if (poolHeaderBytes + 2 * smallRequestBytes > poolBytes) return `a pool must hold two blocks of ${smallRequestBytes} bytes`
  if (arenaBytes < 2 * poolBytes) return `an arena must hold two pools of ${poolBytes} bytes`
  return null
}
