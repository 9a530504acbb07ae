/**
 * Reads settings as PyTorch does from 2.9 on.
 *
 * A token that should be a colon or a comma is passed over, whatever it is. PyTorch's internal assertions are given without
 * their place in its source.
 *
 * @source `ConfigTokenizer`, `AcceleratorAllocatorConfig`, `CUDAAllocatorConfig`
 */
import { isPowerOfTwo, log2, stod } from './numerals.ts'
import type { DeviceMemoryProfile } from './profile.ts'
import type { SettingsDraft } from './settings.ts'
import { CLOSING_BRACKET, check, Tokenizer } from './settings-tokens.ts'

const MIB = 1024n * 1024n
const MEBIBYTES_MAX = (2n ** 64n - 1n) / MIB
const REGISTER_THREADS_MAX = 128n

/** Reads a value: `at` is the place of its key. @returns the place of its last token */
type ReadValue = (draft: SettingsDraft, tokens: Tokenizer, at: number) => number

/** A value in MiB, at least (or more than) so many. */
function mebibytes(tokens: Tokenizer, at: number, allows: (value: bigint) => boolean, message: string): number {
  const value = tokens.whole(at)
  check(allows(value), message)
  return Number((value > MEBIBYTES_MAX ? MEBIBYTES_MAX : value) * MIB)
}

const readLargeSegment: ReadValue = (draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  const message = 'CachingAllocator option large_segment_size_mb must be > 10 MB'
  draft.largeSegmentBytes = mebibytes(tokens, place, (value) => value > 10n, message)
  return place
}

const readSplit =
  (field: 'maxSplitBytes' | 'nonSplitRoundingBytes', key: string): ReadValue =>
  (draft, tokens, at) => {
    const place = tokens.pass(at + 1) + 1
    const least = BigInt(draft.largeSegmentBytes) / MIB
    const message = `CachingAllocator option ${key} too small, must be >= ${least}`
    draft[field] = mebibytes(tokens, place, (value) => value >= least, message)
    return place
  }

const readThreshold: ReadValue = (draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  const value = stod(tokens.at(place))
  check(value > 0 && value < 1, 'garbage_collect_threshold is invalid, set it in (0.0, 1.0)')
  draft.gcThreshold = value
  return place
}

const readDivisions: ReadValue = (draft, tokens, at) => {
  const { divisions } = draft
  const place = tokens.pass(at + 1) + 1
  if (tokens.at(place) === '[') return readDivisionList(draft, tokens, place)
  const value = tokens.whole(place)
  check(isPowerOfTwo(value), 'For roundups, the divisions has to be power of 2 ')
  divisions.fill(Number(value))
  return place
}

/** Entries below the first key get its value; `>` fills from behind the last key on. */
function readDivisionList({ divisions }: SettingsDraft, tokens: Tokenizer, bracket: number): number {
  let place = bracket + 1
  let isFirst = true
  let last = 0
  for (; place < tokens.size && tokens.at(place) !== ']'; place++) {
    const key = place
    place = tokens.pass(place + 1) + 1
    const value = tokens.whole(place)
    check(value === 0n || isPowerOfTwo(value), 'For roundups, the divisions has to be power of 2 or 0 to disable roundup ')
    if (tokens.at(key) === '>') divisions.fill(Number(value), last + 1)
    else {
      const boundary = tokens.whole(key)
      check(isPowerOfTwo(boundary), 'For roundups, the intervals have to be power of 2 ')
      last = Math.min(log2(boundary), divisions.length - 1)
      if (isFirst) divisions.fill(Number(value), 0, last)
      isFirst = false
      divisions[last] = Number(value)
    }
    if (tokens.at(place + 1) !== ']') place++
  }
  check(place < tokens.size, CLOSING_BRACKET)
  return place
}

const readExpandable: ReadValue = (draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  draft.expandableSegments = tokens.truth(place)
  return place
}

const readTruth: ReadValue = (_draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  tokens.truth(place)
  return place
}

const readThreads: ReadValue = (_draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  const value = tokens.whole(place)
  check(isPowerOfTwo(value), `Number of register threads has to be power of 2, got ${value}`)
  const most = REGISTER_THREADS_MAX
  check(value <= most, `Number of register threads should be less than or equal to ${most}, got ${value}`)
  return place
}

const readReserve: ReadValue = (_draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  check(tokens.whole(place) > 0n, 'Pinned reserve segment size has to be greater than 0')
  return place
}

const readFraction: ReadValue = (draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  const value = stod(tokens.at(place))
  check(value >= 0 && value <= 1, 'per_process_memory_fraction is invalid, set it in [0.0, 1.0]')
  draft.memoryFraction = value
  return place
}

const readBackend: ReadValue = (_draft, tokens, at) => {
  const place = tokens.pass(at + 1) + 1
  const name = tokens.at(place)
  check(name === 'native' || name === 'cudaMallocAsync', 'Unknown allocator backend, options are native and cudaMallocAsync')
  const message = `Allocator backend parsed at runtime != allocator backend parsed at load time, ${name} != native`
  check(name === 'native', message)
  return place
}

/** Options of every accelerator, in `AcceleratorAllocatorConfig`. */
const SHARED: ReadonlyMap<string, ReadValue> = new Map([
  ['max_split_size_mb', readSplit('maxSplitBytes', 'max_split_size_mb')],
  ['max_non_split_rounding_mb', readSplit('nonSplitRoundingBytes', 'max_non_split_rounding_mb')],
  ['garbage_collection_threshold', readThreshold],
  ['roundup_power2_divisions', readDivisions],
  ['expandable_segments', readExpandable],
  ['pinned_use_background_threads', readTruth],
])

/** Options of CUDA alone, in `CUDAAllocatorConfig`: read when all others were. */
const CUDA_ONLY: ReadonlyMap<string, ReadValue> = new Map([
  ['backend', readBackend],
  ['release_lock_on_cudamalloc', readTruth],
  ['release_lock_on_hipmalloc', readTruth],
  ['pinned_use_cuda_host_register', readTruth],
  ['pinned_use_hip_host_register', readTruth],
  ['pinned_num_register_threads', readThreads],
  ['pinned_reserve_segment_size_mb', readReserve],
  ['graph_capture_record_stream_reuse', readTruth],
  ['per_process_memory_fraction', readFraction],
])

const LARGE_SEGMENT = 'large_segment_size_mb'

export function readWithTokenizer(draft: SettingsDraft, text: string, { largeSegmentSetting }: DeviceMemoryProfile): void {
  const tokens = new Tokenizer(text)
  if (largeSegmentSetting) {
    for (let place = 0; place < tokens.size; place++) {
      if (tokens.at(place) === LARGE_SEGMENT) place = readLargeSegment(draft, tokens, place)
    }
    draft.nonSplitRoundingBytes = draft.largeSegmentBytes
  }
  const isKnown = (key: string): boolean => SHARED.has(key) || CUDA_ONLY.has(key) || (largeSegmentSetting && key === LARGE_SEGMENT)
  readKeys(tokens, (key, place) => {
    if (largeSegmentSetting) check(isKnown(key), `Unrecognized key '${key}' in Accelerator allocator config.`)
    return SHARED.get(key)?.(draft, tokens, place) ?? tokens.skip(place)
  })
  readKeys(tokens, (key, place) => {
    check(isKnown(key), `Unrecognized key '${key}' in CUDA allocator config.`)
    return CUDA_ONLY.get(key)?.(draft, tokens, place) ?? tokens.skip(place)
  })
}

function readKeys(tokens: Tokenizer, read: (key: string, place: number) => number): void {
  for (let place = 0; place < tokens.size; place++) {
    place = read(tokens.at(place), place)
    if (place + 1 < tokens.size) place++
  }
}
