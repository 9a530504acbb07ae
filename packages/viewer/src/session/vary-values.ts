/** Values that a what-if may try, by key. */
import { DEVICE_MEMORY_PROFILES } from '@reheap/device-memory'
import { lettersApart } from '@reheap/kernel'
import { MACHINE_PROFILES, profileNamed } from '@reheap/machine'

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

const NEAREST = 3

/** Which profile there is none of among what is to be varied; null: all are known. The form offers every profile: of them the nearest are named. */
export function unknownProfile(isDevice: boolean, vary: readonly string[]): string | null {
  const known = varyValues(isDevice, 'profile')
  const isKnown = (name: string): boolean => (isDevice ? known.includes(name) : profileNamed(name)._tag === 'Right')
  for (const text of vary) {
    const [key, values = ''] = text.split('=', 2)
    const unknown = key === 'profile' ? values.split(',').find((name) => !isKnown(name)) : undefined
    if (unknown === undefined) continue
    const nearest = known.toSorted((a, b) => lettersApart(a, unknown) - lettersApart(b, unknown)).slice(0, NEAREST)
    return `--vary ${text}: no profile is called "${unknown}"; the nearest are ${nearest.join(', ')}`
  }
  return null
}
