/** Settings of the allocator that are worth trying, as strings to paste. */
import { type DeviceMemoryProfile, parseSettings } from '@reheap/device-memory'

const NONE = ''
const EXPANDABLE = [NONE, 'expandable_segments:True'] as const
const SPLIT_SIZES = [NONE, ...[24, 32, 48, 64, 96, 128, 192, 256, 512, 1024].map((megabytes) => `max_split_size_mb:${megabytes}`)] as const
const DIVISIONS = [NONE, ...[2, 4, 8, 16].map((divisions) => `roundup_power2_divisions:${divisions}`)] as const
const THRESHOLDS = [NONE, 'garbage_collection_threshold:0.6', 'garbage_collection_threshold:0.8'] as const
const ROUNDINGS = [NONE, 'max_non_split_rounding_mb:64'] as const

/** What the space is made for. */
export interface SpaceOptions {
  readonly profile: DeviceMemoryProfile
  /** Does the program limit its memory? Garbage is collected only then. */
  readonly isLimited: boolean
  /** At most so many. */
  readonly most: number
}

/** Every combination, those that change least first; the default settings are the first. */
export function settingsSpace({ profile, isLimited, most }: SpaceOptions): readonly string[] {
  const keys = [EXPANDABLE, SPLIT_SIZES, DIVISIONS, isLimited ? THRESHOLDS : [NONE], ROUNDINGS]
  const rows = keys.reduce<readonly (readonly string[])[]>(
    (before, values) => before.flatMap((row) => values.map((value) => (value === NONE ? row : [...row, value]))),
    [[]],
  )
  return rows
    .filter((row) => !row.includes('max_non_split_rounding_mb:64') || row.some((text) => text.startsWith('max_split_size_mb')))
    .map((row, place) => ({ row, place }))
    .sort((a, b) => a.row.length - b.row.length || a.place - b.place)
    .map(({ row }) => row.join(','))
    .filter((text) => parseSettings(text, profile)._tag === 'Right')
    .slice(0, most)
}
