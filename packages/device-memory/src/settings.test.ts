import { describe, expect, test } from 'vitest'
import { Device, MIB } from '../test/device.ts'
import { changeSettings, defaultSettings, parseSettings, pytorchProfile, settingsFault, settingsOf } from './index.ts'

/** Settings, or the text of the error. */
const read = (text: string, version = '2.11') => {
  const parsed = parseSettings(text, pytorchProfile(version))
  return parsed._tag === 'Left' ? parsed.left : parsed.right
}

/** Texts as in the sources named in SPEC.md; an assertion's place in PyTorch's files is left out. */
const FAULTS: readonly (readonly [string, string])[] = [
  ['max_split_size_mb:19', 'CachingAllocator option max_split_size_mb too small, must be >= 20'],
  ['max_split_size_mb:', 'Index out of bounds in ConfigTokenizer'],
  ['max_split_size_mb', 'Index out of bounds in ConfigTokenizer'],
  ['max_split_size_mb:x', 'stoull'],
  ['max_split_size_mb:99999999999999999999', 'stoull'],
  ['max_non_split_rounding_mb:1', 'CachingAllocator option max_non_split_rounding_mb too small, must be >= 20'],
  ['garbage_collection_threshold:0', 'garbage_collect_threshold is invalid, set it in (0.0, 1.0)'],
  ['garbage_collection_threshold:1.5', 'garbage_collect_threshold is invalid, set it in (0.0, 1.0)'],
  ['garbage_collection_threshold:x', 'stod'],
  ['roundup_power2_divisions:3', 'For roundups, the divisions has to be power of 2 '],
  ['roundup_power2_divisions:0', 'For roundups, the divisions has to be power of 2 '],
  ['roundup_power2_divisions:[1:3]', 'For roundups, the divisions has to be power of 2 or 0 to disable roundup '],
  ['roundup_power2_divisions:[3:4]', 'For roundups, the intervals have to be power of 2 '],
  ['roundup_power2_divisions:[1:4', 'Index out of bounds in ConfigTokenizer'],
  ['expandable_segments:true', "Expected 'True' or 'False' at index 2 in ConfigTokenizer but got 'true'"],
  ['max_split_size_mb:32,expandable_segments:1', "Expected 'True' or 'False' at index 6 in ConfigTokenizer but got '1'"],
  ['max_split:32', "Unrecognized key 'max_split' in CUDA allocator config."],
  ['large_segment_size_mb:32', "Unrecognized key 'large_segment_size_mb' in CUDA allocator config."],
  ['backend:other', 'Unknown allocator backend, options are native and cudaMallocAsync'],
  ['pinned_num_register_threads:3', 'Number of register threads has to be power of 2, got 3'],
  ['pinned_num_register_threads:256', 'Number of register threads should be less than or equal to 128, got 256'],
  ['pinned_reserve_segment_size_mb:0', 'Pinned reserve segment size has to be greater than 0'],
  ['per_process_memory_fraction:1.1', 'per_process_memory_fraction is invalid, set it in [0.0, 1.0]'],
  ['foo:[1:2', "Expected closing bracket ']' in ConfigTokenizer but reached end of config"],
]

describe('[D41] settings are read by tokens', () => {
  test.each(FAULTS)('%s: %s', (text, fault) => expect(read(text)).toBe(fault))

  test('every option of the allocator', () => {
    const text =
      ' max_split_size_mb : 128, max_non_split_rounding_mb:64,\tgarbage_collection_threshold:0.8,roundup_power2_divisions:[256:1,512:2,1024:4,>:8],expandable_segments:True,per_process_memory_fraction:0.5,backend:native,release_lock_on_cudamalloc:True,pinned_use_cuda_host_register:True,pinned_num_register_threads:8,graph_capture_record_stream_reuse:False,pinned_use_background_threads:True'
    expect(read(text)).toEqual({
      maxSplitBytes: 128 * MIB,
      nonSplitRoundingBytes: 64 * MIB,
      largeSegmentBytes: 20 * MIB,
      gcThreshold: 0.8,
      divisions: [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 8, 8, 8, 8],
      expandableSegments: true,
      memoryFraction: 0.5,
      text,
    })
  })

  test('entries between two keys stay 0, those below the first get its value', () => {
    expect(read('roundup_power2_divisions:[4:8,16:4,>:0]')).toMatchObject({ divisions: [8, 8, 8, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] })
  })

  test('a token that should be a colon or a comma is not looked at', () => {
    expect(read('max_split_size_mb,64')).toMatchObject({ maxSplitBytes: 64 * MIB })
    expect(read('max_split_size_mb:64:expandable_segments:True')).toMatchObject({ maxSplitBytes: 64 * MIB, expandableSegments: true })
  })
})

describe('[D42] 2.4 has texts of its own', () => {
  test.each([
    ['max_split_size_mb:20', 'CachingAllocator option max_split_size_mb too small, must be > 20'],
    ['max_split_size_mb', 'Error parsing CachingAllocator settings, expected :'],
    ['max_split_size_mb:', 'Error, expecting max_split_size_mb value'],
    ['max_split_size_mb:21 expandable_segments:True', 'Error parsing CachingAllocator settings, expected ,'],
    ['garbage_collection_threshold:0', 'garbage_collect_threshold too small, set it 0.0~1.0'],
    ['garbage_collection_threshold:1', 'garbage_collect_threshold too big, set it 0.0~1.0'],
    ['roundup_power2_divisions:3', 'For roundups, the divisons has to be power of 2 '],
    ['roundup_power2_divisions:[1:2:2:4]', 'Error parsing CachingAllocator settings, expected ,'],
    ['expandable_segments:1', 'Expected a single True/False argument for expandable_segments'],
    ['backend:other', 'Unknown allocator backend, options are native and cudaMallocAsync'],
    ['max_non_split_rounding_mb:64', 'Unrecognized CachingAllocator option: max_non_split_rounding_mb'],
  ])('%s', (text, fault) => expect(read(text, '2.4')).toBe(fault))

  test('">" fills from the last key on', () => {
    expect(read('roundup_power2_divisions:[1:8,4:4,>:2]', '2.4')).toMatchObject({
      divisions: [8, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
    })
  })
})

test('[D43] each string sets split size, divisions and threshold anew', () => {
  const profile = pytorchProfile('2.11')
  const text =
    'max_split_size_mb:64,garbage_collection_threshold:0.5,roundup_power2_divisions:4,expandable_segments:True,max_non_split_rounding_mb:64'
  const { settings } = changeSettings(defaultSettings(profile), text, profile)
  expect(changeSettings(settings, '', profile).settings).toEqual({
    ...defaultSettings(profile),
    expandableSegments: true,
    nonSplitRoundingBytes: 64 * MIB,
  })
})

describe('[D44] numbers are read as C++ reads them', () => {
  test.each([
    ['64MB', 64 * MIB],
    ['+64', 64 * MIB],
    ['064', 64 * MIB],
    // 2^64 - 1 counted down from above, and bounded to what is left of a 64-bit number of bytes.
    ['-1', (2 ** 44 - 1) * MIB],
  ])('max_split_size_mb:%s', (number, maxSplitBytes) => expect(read(`max_split_size_mb:${number}`)).toMatchObject({ maxSplitBytes }))

  test.each([
    ['.5', 0.5],
    ['5e-1', 0.5],
    ['0x1p-1', 0.5],
    ['0.25x', 0.25],
  ])('garbage_collection_threshold:%s', (number, gcThreshold) =>
    expect(read(`garbage_collection_threshold:${number}`)).toMatchObject({ gcThreshold }),
  )

  test('what is too small to be held is refused, what is no number is', () => {
    expect(read('garbage_collection_threshold:1e-400')).toBe('stod')
    expect(read('garbage_collection_threshold:nan')).toBe('garbage_collect_threshold is invalid, set it in (0.0, 1.0)')
    expect(read('garbage_collection_threshold:1e400')).toBe('stod')
    expect(read('garbage_collection_threshold:-.5')).toBe('garbage_collect_threshold is invalid, set it in (0.0, 1.0)')
    expect(read('garbage_collection_threshold:inf')).toBe('garbage_collect_threshold is invalid, set it in (0.0, 1.0)')
    expect(read('max_split_size_mb:-3000000000', '2.4')).toBe('stoi')
    expect(read('max_split_size_mb:x', '2.4')).toBe('stoi')
  })
})

describe('[D45] large_segment_size_mb', () => {
  test('bounds the split size, wherever it stands', () => {
    expect(read('max_split_size_mb:30,large_segment_size_mb:40', '2.12')).toBe(
      'CachingAllocator option max_split_size_mb too small, must be >= 40',
    )
    expect(read('large_segment_size_mb:10', '2.12')).toBe('CachingAllocator option large_segment_size_mb must be > 10 MB')
    expect(read('large_segment_size_mb:11,max_split_size_mb:12', '2.12')).toMatchObject({
      largeSegmentBytes: 11 * MIB,
      maxSplitBytes: 12 * MIB,
      nonSplitRoundingBytes: 11 * MIB,
    })
    expect(read('x:1', '2.12')).toBe("Unrecognized key 'x' in Accelerator allocator config.")
  })

  test('the non-split rounding begins anew with each string', () => {
    const profile = pytorchProfile('2.12')
    const { settings } = changeSettings(defaultSettings(profile), 'max_non_split_rounding_mb:64', profile)
    expect(changeSettings(settings, '', profile).settings.nonSplitRoundingBytes).toBe(20 * MIB)
  })

  test('is the size of shared segments and of large pages', () => {
    const device = new Device('2.12')
    device.configure('large_segment_size_mb:32')
    expect(device.do({ kind: 'DeviceMalloc', block: 1, device: 0, stream: 0, bytes: 9 * MIB })[0]).toMatchObject({ bytes: 32 * MIB })
    device.configure('large_segment_size_mb:32,expandable_segments:True')
    expect(device.do({ kind: 'DeviceMalloc', block: 2, device: 0, stream: 1, bytes: 33 * MIB })[0]).toMatchObject({
      kind: 'SegmentMapped',
      bytes: 64 * MIB,
    })
  })
})

test('[D46] refused settings have done what stood before the fault', () => {
  const device = new Device()
  device.configure('max_split_size_mb:64')
  expect(device.configure('expandable_segments:True,max_split_size_mb:1')).toEqual([{ kind: 'SettingsRefused' }])
  expect(settingsFault(device.state)).toBe('CachingAllocator option max_split_size_mb too small, must be >= 20')
  expect(settingsOf(device.state)).toMatchObject({ expandableSegments: true, maxSplitBytes: Number.POSITIVE_INFINITY })
  device.configure('')
  expect(settingsFault(device.state)).toBeNull()
})
