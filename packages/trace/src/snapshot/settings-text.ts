import { parseSettings, pytorchProfile, type Settings } from '@reheap/device-memory'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { Snapshot } from './snapshot.ts'

const MIB = 1024 * 1024
const INTERVALS = 16

/** The settings that a snapshot reports; null where it reports none. */
interface Reported {
  readonly text: string
  readonly maxSplitBytes: number
  readonly gcThreshold: number
  readonly isExpandable: boolean
  readonly divisions: readonly number[]
}

function reported({ settings }: Snapshot): Reported | null {
  if (settings === null) return null
  const split = settings.get('max_split_size')?.number() ?? -1
  const table = settings.get('roundup_power2_divisions')?.dict()
  const divisions = Array.from({ length: INTERVALS }, (_, place) => table?.get(String(2 ** place))?.number() ?? 0)
  return {
    text: settings.get('PYTORCH_CUDA_ALLOC_CONF')?.text() ?? '',
    maxSplitBytes: split < 0 || split > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : split,
    gcThreshold: settings.get('garbage_collection_threshold')?.number() ?? 0,
    isExpandable: settings.get('expandable_segments')?.truth() ?? false,
    divisions,
  }
}

function agrees(settings: Settings, { maxSplitBytes, gcThreshold, isExpandable, divisions }: Reported): boolean {
  return (
    settings.maxSplitBytes === maxSplitBytes &&
    settings.gcThreshold === gcThreshold &&
    settings.expandableSegments === isExpandable &&
    divisions.every((value, place) => value === settings.divisions[place])
  )
}

/** A string that sets what the snapshot reports. */
function written({ maxSplitBytes, gcThreshold, isExpandable, divisions }: Reported): string {
  const parts: string[] = []
  if (Number.isFinite(maxSplitBytes)) parts.push(`max_split_size_mb:${maxSplitBytes / MIB}`)
  if (gcThreshold > 0) parts.push(`garbage_collection_threshold:${gcThreshold}`)
  if (isExpandable) parts.push('expandable_segments:True')
  if (divisions.some((value) => value > 0)) {
    const isOne = divisions.every((value) => value === divisions[0])
    const entries = divisions.slice(0, -1).map((value, place) => `${2 ** place}:${value}`)
    parts.push(`roundup_power2_divisions:${isOne ? divisions[0] : `[${entries.join(',')},>:${divisions.at(-1)}]`}`)
  }
  return parts.join(',')
}

/**
 * The settings of a snapshot as the string that sets them: the one that PyTorch was given where it says the same as the
 * figures, else one that does. Null where nothing is known of them.
 */
export function settingsText(snapshot: Snapshot, version: string): { readonly text: string; readonly isGuessed: boolean } | null {
  const own = reported(snapshot)
  if (own === null)
    return snapshot.segments.some(({ isExpandable }) => isExpandable) ? { text: 'expandable_segments:True', isGuessed: true } : null
  const parsed = parseSettings(own.text, pytorchProfile(version))
  if (!isLeft(parsed) && agrees(parsed.right, own)) return { text: own.text, isGuessed: false }
  return { text: written(own), isGuessed: false }
}
