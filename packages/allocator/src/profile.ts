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
  /** Does such a sub-interpreter give its arenas back when it ends and leaves no block behind? From 3.13 on. */
  readonly releasesHeaps: boolean
  /** The radix tree over arena addresses, which answers "is this address mine?"; null before 3.10. */
  readonly arenaMap: ArenaMap | null
}

/** Bits of an address that select within each level, above the arena's own bits. */
export interface ArenaMap {
  readonly rootBytes: number
  /** A 32-bit build has one flat table: no levels below the root. */
  readonly levels: { readonly midBits: number; readonly botBits: number; readonly midBytes: number; readonly botBytes: number } | null
}

/** Versions that have a profile, the oldest first. */
export const CPYTHON_VERSIONS = ['3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'] as const
/** A version as `cpythonProfile` takes it: `3.13`. */
export type CpythonVersion = (typeof CPYTHON_VERSIONS)[number]

const KIB = 1024

/** Bits of an address that the map of 3.10 looks at; later ones look at all. */
const ADDRESS_BITS_310 = 48
/** Of a leaf of the map: how far arenas reach into both of its halves. */
const COVERAGE_BYTES = 8

/** @source `arena_map_get`, `INTERIOR_BITS`, `MAP_BOT_BITS` */
function arenaMapOf(addressBits: number, pointerBits: 32 | 64, arenaBytes: number): ArenaMap {
  const arenaBits = Math.log2(arenaBytes)
  if (pointerBits === 32) return { rootBytes: COVERAGE_BYTES * 2 ** (addressBits - arenaBits), levels: null }
  const midBits = Math.floor((addressBits - arenaBits + 2) / 3)
  const botBits = addressBits - arenaBits - 2 * midBits
  const midBytes = (pointerBits / 8) * 2 ** midBits
  return { rootBytes: midBytes, levels: { midBits, botBits, midBytes, botBytes: COVERAGE_BYTES * 2 ** botBits } }
}

/** The profile of one CPython version, as most builds of it are. */
export function cpythonProfile(version: CpythonVersion, pointerBits: 32 | 64 = 64): AllocatorProfile {
  const minor = Number(version.slice(2))
  // Large arenas and pools came with 3.10, for 64-bit pointers only.
  const large = minor >= 10 && pointerBits === 64
  const arenaBytes = (large ? 1024 : 256) * KIB
  return {
    name: pointerBits === 64 ? `cpython-${version}` : `cpython-${version}-32`,
    pointerBits,
    alignmentBytes: pointerBits === 64 ? 16 : 8,
    smallRequestBytes: 512,
    poolHeaderBytes: pointerBits === 64 ? 48 : 32,
    poolBytes: (large ? 16 : 4) * KIB,
    arenaBytes,
    keepsLastArena: minor >= 9,
    heapPerInterpreter: minor >= 12,
    releasesHeaps: minor >= 13,
    arenaMap: minor < 10 ? null : arenaMapOf(minor === 10 ? Math.min(pointerBits, ADDRESS_BITS_310) : pointerBits, pointerBits, arenaBytes),
  }
}

/** 64-bit builds aligned blocks to 8 bytes before bpo-27987: unpatched 3.6, and 3.7.0 to 3.7.3. */
function align8(version: '3.6' | '3.7'): AllocatorProfile {
  return { ...cpythonProfile(version), name: `cpython-${version}-align8`, alignmentBytes: 8 }
}

/** Sizes that a build of CPython may choose, in bytes; left out: the profile's. */
export interface AllocatorSizes {
  readonly arenaBytes?: number | undefined
  readonly poolBytes?: number | undefined
}

/** The same version built with other sizes. Ask {@link profileFault} whether pymalloc works with them. */
export function withSizes(
  profile: AllocatorProfile,
  { arenaBytes = profile.arenaBytes, poolBytes = profile.poolBytes }: AllocatorSizes,
): AllocatorProfile {
  const { pointerBits, arenaMap } = profile
  const levels = arenaMap?.levels
  const addressBits = levels ? Math.log2(profile.arenaBytes) + 2 * levels.midBits + levels.botBits : pointerBits
  return { ...profile, arenaBytes, poolBytes, arenaMap: arenaMap && arenaMapOf(addressBits, pointerBits, arenaBytes) }
}

/** 3.15 configured with `--with-pymalloc-hugepages`. */
const HUGE_PAGES: AllocatorProfile = {
  ...withSizes(cpythonProfile('3.15'), { arenaBytes: 2048 * KIB }),
  name: 'cpython-3.15-hugepages',
}

/** Every known profile by its name: `cpython-3.11`, `cpython-3.11-32`, and the variants above. */
export const ALLOCATOR_PROFILES: ReadonlyMap<string, AllocatorProfile> = new Map(
  [
    ...CPYTHON_VERSIONS.map((version) => cpythonProfile(version, 64)),
    ...CPYTHON_VERSIONS.map((version) => cpythonProfile(version, 32)),
    align8('3.6'),
    align8('3.7'),
    HUGE_PAGES,
  ].map((profile) => [profile.name, profile]),
)

/** The bytes asked for are kept in 16 bits. */
const SMALL_REQUEST_MAX = 0xffff
/** Places in a pool, the one behind its end among them, are kept in 16 bits. */
const POOL_UNITS_MAX = 0x8000
/** So many units of all arenas together have a number. */
const ARENA_UNITS_MAX = 2 ** 31
/** A power of two that leaves two pools to an arena whose base is not aligned: one pool cannot be the first and the last to be free. */
const ARENA_POOLS_MIN = 4

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
  if (smallRequestBytes > SMALL_REQUEST_MAX) return `smallRequestBytes is at most ${SMALL_REQUEST_MAX}, got ${smallRequestBytes}`
  if (poolHeaderBytes % alignmentBytes !== 0 || poolHeaderBytes < alignmentBytes)
    return `poolHeaderBytes must be a multiple of alignmentBytes, got ${poolHeaderBytes}`
  if (poolBytes / alignmentBytes > POOL_UNITS_MAX)
    return `a pool holds at most ${POOL_UNITS_MAX} alignment units, got ${poolBytes / alignmentBytes}`
  if (poolHeaderBytes + 2 * smallRequestBytes > poolBytes) return `a pool must hold two blocks of ${smallRequestBytes} bytes`
  if (arenaBytes / alignmentBytes >= ARENA_UNITS_MAX)
    return `an arena holds fewer than 2^31 alignment units, got ${arenaBytes / alignmentBytes}`
  if (arenaBytes < ARENA_POOLS_MIN * poolBytes) return `an arena must hold ${ARENA_POOLS_MIN} pools of ${poolBytes} bytes`
  return null
}
