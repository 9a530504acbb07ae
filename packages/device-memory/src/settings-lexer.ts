/** Reads settings as PyTorch did in 2.4. @source `CUDAAllocatorConfig::parseArgs` with `lexArgs` and `consumeToken` */
import { isPowerOfTwo, log2, SettingsFault, stod, stoi, stoull } from './numerals.ts'
import type { SettingsDraft } from './settings.ts'

const MIB = 1024 * 1024
const LARGE_MEBIBYTES = 20n
const REGISTER_THREADS_MAX = 128n

type Tokens = readonly string[]
/** Reads a value: `at` is the place of its key. @returns the place of its last token */
type ReadValue = (draft: SettingsDraft, tokens: Tokens, at: number) => number

function check(holds: boolean, message: string): void {
  if (!holds) throw new SettingsFault(message)
}

function consume(tokens: Tokens, place: number, token: string): number {
  check(tokens[place] === token, `Error parsing CachingAllocator settings, expected ${token}`)
  return place
}

/** The value of a key, or the error that says it is missing. */
function textOf(tokens: Tokens, at: number, missing: string): string {
  const value = tokens[consume(tokens, at + 1, ':') + 1]
  if (value === undefined) throw new SettingsFault(missing)
  return value
}

const readSplit: ReadValue = (draft, tokens, at) => {
  const value = stoi(textOf(tokens, at, 'Error, expecting max_split_size_mb value'))
  const message = `CachingAllocator option max_split_size_mb too small, must be > ${LARGE_MEBIBYTES}`
  check(value > LARGE_MEBIBYTES, message)
  draft.maxSplitBytes = Math.min(Number(value), 2 ** 44 - 1) * MIB
  return at + 2
}

const readThreshold: ReadValue = (draft, tokens, at) => {
  const value = stod(textOf(tokens, at, 'Error, expecting garbage_collection_threshold value'))
  check(value > 0, 'garbage_collect_threshold too small, set it 0.0~1.0')
  check(value < 1, 'garbage_collect_threshold too big, set it 0.0~1.0')
  draft.gcThreshold = value
  return at + 2
}

const readDivisions: ReadValue = (draft, tokens, at) => {
  const first = textOf(tokens, at, 'Error, expecting roundup_power2_divisions value')
  if (first === '[') return readDivisionList(draft, tokens, at + 2)
  const value = stoi(first)
  check(isPowerOfTwo(value), 'For roundups, the divisons has to be power of 2 ')
  draft.divisions.fill(Number(value))
  return at + 2
}

/** Entries below the first key get its value; `>` fills from the last key on. */
function readDivisionList({ divisions }: SettingsDraft, tokens: Tokens, bracket: number): number {
  let place = bracket + 1
  let isFirst = true
  let last = 0
  for (; place < tokens.length && tokens[place] !== ']'; place++) {
    const key = tokens[place] as string
    const value = stoi(textOf(tokens, place, 'Error parsing roundup_power2_divisions value'))
    place += 2
    check(value === 0n || isPowerOfTwo(value), 'For roundups, the divisons has to be power of 2 or 0 to disable roundup ')
    if (key === '>') divisions.fill(Number(value), last)
    else {
      const boundary = stoull(key, 'stoul')
      check(isPowerOfTwo(boundary), 'For roundups, the intervals have to be power of 2 ')
      last = Math.min(log2(boundary), divisions.length - 1)
      if (isFirst) divisions.fill(Number(value), 0, last)
      isFirst = false
      divisions[last] = Number(value)
    }
    if (tokens[place + 1] !== ']') place = consume(tokens, place + 1, ',')
  }
  return place
}

function readTruth(tokens: Tokens, at: number, key: string): boolean {
  const value = tokens[consume(tokens, at + 1, ':') + 1]
  check(value === 'True' || value === 'False', `Expected a single True/False argument for ${key}`)
  return value === 'True'
}

const passTruth =
  (key: string): ReadValue =>
  (_draft, tokens, at) => {
    readTruth(tokens, at, key)
    return at + 2
  }

/** Here a missing value has a text of its own. */
const passHostTruth =
  (key: string): ReadValue =>
  (draft, tokens, at) => {
    textOf(tokens, at, `Error, expecting ${key} value`)
    return passTruth(key)(draft, tokens, at)
  }

const readExpandable: ReadValue = (draft, tokens, at) => {
  draft.expandableSegments = readTruth(tokens, at, 'expandable_segments')
  return at + 2
}

const readThreads: ReadValue = (_draft, tokens, at) => {
  const value = stoi(textOf(tokens, at, 'Error, expecting pinned_num_register_threads value'))
  check(isPowerOfTwo(value), 'Number of register threads has to be power of 2 ')
  check(value <= REGISTER_THREADS_MAX, `Number of register threads should be less than or equal to ${REGISTER_THREADS_MAX}`)
  return at + 2
}

const readBackend: ReadValue = (_draft, tokens, at) => {
  const value = textOf(tokens, at, 'Error parsing backend value')
  check(value === 'native' || value === 'cudaMallocAsync', 'Unknown allocator backend, options are native and cudaMallocAsync')
  check(value === 'native', 'Allocator backend parsed at runtime != allocator backend parsed at load time')
  return at + 2
}

const OPTIONS: ReadonlyMap<string, ReadValue> = new Map([
  ['max_split_size_mb', readSplit],
  ['garbage_collection_threshold', readThreshold],
  ['roundup_power2_divisions', readDivisions],
  ['backend', readBackend],
  ['expandable_segments', readExpandable],
  ['release_lock_on_cudamalloc', passTruth('release_lock_on_cudamalloc')],
  ['release_lock_on_hipmalloc', passTruth('release_lock_on_cudamalloc')],
  ['pinned_use_cuda_host_register', passHostTruth('pinned_use_cuda_host_register')],
  ['pinned_use_hip_host_register', passHostTruth('pinned_use_cuda_host_register')],
  ['pinned_num_register_threads', readThreads],
  ['pinned_use_background_threads', passHostTruth('pinned_use_background_threads')],
])

export function readWithLexer(draft: SettingsDraft, text: string): void {
  const tokens = text.replaceAll(' ', '').match(/[,:[\]]|[^,:[\]]+/g) ?? []
  for (let place = 0; place < tokens.length; place++) {
    const key = tokens[place] as string
    const read = OPTIONS.get(key)
    if (read === undefined) throw new SettingsFault(`Unrecognized CachingAllocator option: ${key}`)
    place = read(draft, tokens, place)
    if (place + 1 < tokens.length) place = consume(tokens, place + 1, ',')
  }
}
