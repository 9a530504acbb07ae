/**
 * The constants and habits of PyTorch's CUDA caching allocator by version, as data.
 *
 * @source PyTorch `c10/cuda/CUDACachingAllocator.cpp`, `c10/core/AllocatorConfig.h` (2.4 to 2.13)
 */
export interface DeviceMemoryProfile {
  /** Runtime and version, `pytorch-2.11`. */
  readonly name: string
  /** Every block is a multiple of it. @source kMinBlockSize */
  readonly blockBytesMin: number
  /** The largest block of the small pool. @source kSmallSize */
  readonly smallBytesMax: number
  /** A segment of the small pool. @source kSmallBuffer */
  readonly smallSegmentBytes: number
  /** Smaller blocks of the large pool share a segment of `largeSegmentBytes`. @source kMinLargeAlloc */
  readonly ownSegmentBytesMin: number
  /** Default of `large_segment_size_mb`. @source kLargeBuffer */
  readonly largeSegmentBytes: number
  /** Larger segments are a multiple of it. @source kRoundLarge */
  readonly segmentRoundingBytes: number
  /** How the settings are read: by `lexArgs` of the first versions, or by `ConfigTokenizer`. */
  readonly settingsReader: 'lexer' | 'tokenizer'
  /** Are `large_segment_size_mb` and the bounds that follow from it known? */
  readonly largeSegmentSetting: boolean
  /** Does a fraction of 1 limit the reserved memory as well? */
  readonly fullFractionLimits: boolean
  /** Do private pools use expandable segments? pytorch/pytorch#128068 */
  readonly expandablePrivatePools: boolean
  /** Are expandable blocks passed over when room is made by freeing oversize blocks? pytorch/pytorch#123548 */
  readonly keepsExpandableOversize: boolean
  /** Of several pools that want a stream, which one gets it: the one begun first or last. */
  readonly poolMatch: 'first' | 'last'
  /** May the cache be emptied while a pool is begun? Then only released pools give memory back. */
  readonly emptiesWhileBegun: boolean
  /** Is the whole cache released for a request while a pool is begun that captures no graph? */
  readonly releasesBesidePools: boolean
  /** Name of the environment variable in the error text. */
  readonly settingsVariable: string
}

const KIB = 1024
const MIB = 1024 * KIB

const PYTORCH_2_11: DeviceMemoryProfile = {
  name: 'pytorch-2.11',
  blockBytesMin: 512,
  smallBytesMax: MIB,
  smallSegmentBytes: 2 * MIB,
  ownSegmentBytesMin: 10 * MIB,
  largeSegmentBytes: 20 * MIB,
  segmentRoundingBytes: 2 * MIB,
  settingsReader: 'tokenizer',
  largeSegmentSetting: false,
  fullFractionLimits: false,
  expandablePrivatePools: true,
  keepsExpandableOversize: true,
  poolMatch: 'last',
  emptiesWhileBegun: true,
  releasesBesidePools: false,
  settingsVariable: 'PYTORCH_ALLOC_CONF',
}

const PYTORCH_2_4: DeviceMemoryProfile = {
  ...PYTORCH_2_11,
  name: 'pytorch-2.4',
  settingsReader: 'lexer',
  fullFractionLimits: true,
  expandablePrivatePools: false,
  keepsExpandableOversize: false,
  poolMatch: 'first',
  emptiesWhileBegun: false,
  settingsVariable: 'PYTORCH_CUDA_ALLOC_CONF',
}

const PYTORCH_2_12: DeviceMemoryProfile = { ...PYTORCH_2_11, name: 'pytorch-2.12', largeSegmentSetting: true }
const PYTORCH_2_13: DeviceMemoryProfile = { ...PYTORCH_2_12, name: 'pytorch-2.13', releasesBesidePools: true }

/** Every known profile by its name. */
export const DEVICE_MEMORY_PROFILES: ReadonlyMap<string, DeviceMemoryProfile> = new Map(
  [PYTORCH_2_4, PYTORCH_2_11, PYTORCH_2_12, PYTORCH_2_13].map((profile) => [profile.name, profile]),
)

/** First minor version of each profile, newest first. */
const SINCE = [
  [13, PYTORCH_2_13],
  [12, PYTORCH_2_12],
  [5, PYTORCH_2_11],
  [0, PYTORCH_2_4],
] as const

/** The profile that a version of PyTorch follows: `2.11.0+cu128`, `2.4`; what is not known follows the nearest that is. */
export function pytorchProfile(version: string): DeviceMemoryProfile {
  const [, major = '2', minor = '11'] = /^(\d+)\.(\d+)/.exec(version) ?? []
  const release = (Number(major) - 2) * KIB + Number(minor)
  return SINCE.find(([since]) => release >= since)?.[1] ?? PYTORCH_2_4
}
