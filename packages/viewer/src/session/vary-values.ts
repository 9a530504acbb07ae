/** Values that a what-if may try, by key. */
import { DEVICE_MEMORY_PROFILES } from '@reheap/device-memory'
import { MACHINE_PROFILES } from '@reheap/machine'

const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'allocator.arenaSize': ['256KiB', '1MiB', '2MiB'],
  'allocator.poolSize': ['4KiB', '16KiB', '64KiB'],
  'gc.threshold0': ['700', '2000', '50000'],
  'gc.threshold1': ['10', '20'],
  'gc.threshold2': ['10', '100'],
  'gc.enabled': ['true', 'false'],
  'gc.freeze': ['20000'],
  'host.ram': ['512MiB', '1GiB', '4GiB'],
  'host.swap': ['0', '2GiB'],
  'host.system': ['256MiB'],
  'host.cache': ['128MiB'],
  settings: [
    'expandable_segments:True',
    'max_split_size_mb:128',
    'roundup_power2_divisions:4',
    '"max_split_size_mb:128,garbage_collection_threshold:0.8"',
  ],
  capacity: ['16GiB', '24GiB', '40GiB', '80GiB'],
}

/** Profiles by name; of another key examples. */
export const varyValues = (isDevice: boolean, key: string): readonly string[] =>
  key === 'profile' ? [...(isDevice ? DEVICE_MEMORY_PROFILES : MACHINE_PROFILES).keys()] : (EXAMPLES[key] ?? [])
