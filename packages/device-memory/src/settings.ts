/**
 * Settings of the allocator, and how a string as in `PYTORCH_CUDA_ALLOC_CONF` changes them.
 *
 * Each string sets the split size, the divisions and the threshold anew; what else it does not name stays as it was. One
 * that is refused has done what stood before the fault, as in PyTorch.
 */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { SettingsFault } from './numerals.ts'
import type { DeviceMemoryProfile } from './profile.ts'
import { readWithLexer } from './settings-lexer.ts'
import { readWithTokenizer } from './settings-tokenizer.ts'

/** Entries of the table of divisions: from 1 MiB to 32 GiB and above. */
export const DIVISION_INTERVALS = 16

/** What `PYTORCH_ALLOC_CONF` sets, parsed. @unit bytes where a name ends so */
export interface Settings {
  /** `max_split_size_mb`: blocks as large are oversize; Infinity: none is. @unit bytes */
  readonly maxSplitBytes: number
  /** `max_non_split_rounding_mb` @unit bytes */
  readonly nonSplitRoundingBytes: number
  /** `large_segment_size_mb` @unit bytes */
  readonly largeSegmentBytes: number
  /** `garbage_collection_threshold`; 0: none */
  readonly gcThreshold: number
  /** `roundup_power2_divisions` of each interval */
  readonly divisions: readonly number[]
  readonly expandableSegments: boolean
  /** `per_process_memory_fraction` of devices opened from now on */
  readonly memoryFraction: number
  /** The string that was given last. */
  readonly text: string
}

/** Settings in the making. */
export type SettingsDraft = { -readonly [Name in keyof Settings]: Settings[Name] extends readonly number[] ? number[] : Settings[Name] }

/** The settings of a program that sets none. */
export function defaultSettings(profile: DeviceMemoryProfile): Settings {
  return {
    maxSplitBytes: Number.POSITIVE_INFINITY,
    nonSplitRoundingBytes: profile.largeSegmentBytes,
    largeSegmentBytes: profile.largeSegmentBytes,
    gcThreshold: 0,
    divisions: new Array<number>(DIVISION_INTERVALS).fill(0),
    expandableSegments: false,
    memoryFraction: 1,
    text: '',
  }
}

/** What settings become by a string, and why it was refused, if it was. @source `setAllocatorSettings` */
export function changeSettings(
  before: Settings,
  text: string,
  profile: DeviceMemoryProfile,
): { readonly settings: Settings; readonly fault: string | null } {
  const draft: SettingsDraft = {
    ...before,
    maxSplitBytes: Number.POSITIVE_INFINITY,
    divisions: new Array<number>(DIVISION_INTERVALS).fill(0),
    gcThreshold: 0,
    text,
  }
  try {
    if (profile.settingsReader === 'lexer') readWithLexer(draft, text)
    else readWithTokenizer(draft, text, profile)
    return { settings: draft, fault: null }
  } catch (error) {
    if (!(error instanceof SettingsFault)) throw error
    return { settings: draft, fault: error.message }
  }
}

/** Settings of a string alone. Left: why it is refused, in PyTorch's words. */
export function parseSettings(text: string, profile: DeviceMemoryProfile): Either<string, Settings> {
  const { settings, fault } = changeSettings(defaultSettings(profile), text, profile)
  return fault === null ? right(settings) : left(fault)
}
