/** What a what-if varies of an interpreter's log, as `--vary` spells it. */
import { type AllocatorSizes, profileFault } from '@reheap/allocator'
import type { HostSettings } from '@reheap/host-memory'
import { formatBytes } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { MachineProfile } from '../profile.ts'
import { profileNamed } from '../runtime.ts'
import { type CollectorSettings, NO_SETTINGS } from '../settings.ts'
import { bytesOf } from './byte-size.ts'
import { rowProfile } from './row-profile.ts'

/** One row of a what-if, beside the first. */
export interface Variation {
  /** Null: the first row's. */
  readonly profile: MachineProfile | null
  readonly settings: CollectorSettings
  readonly allocator: AllocatorSizes
  readonly host: HostSettings
}

type Change = (variation: Variation) => Variation

interface Key {
  readonly example: string
  /** What one value changes. Left: what is wrong with it. */
  readonly read: (value: string) => Either<string, Change>
}

const setting = (change: CollectorSettings): Either<string, Change> =>
  right((variation) => ({ ...variation, settings: { ...variation.settings, ...change } }))

const size =
  (change: (variation: Variation, bytes: number) => Variation): Key['read'] =>
  (value) => {
    const bytes = bytesOf(value)
    return bytes._tag === 'Left' ? left(`"${value}" is no amount of memory`) : right((variation) => change(variation, bytes.right))
  }

const hostSize = (name: keyof HostSettings): Key['read'] =>
  size((variation, bytes) => ({ ...variation, host: { ...variation.host, [name]: bytes } }))

const allocatorSize = (name: keyof AllocatorSizes): Key['read'] =>
  size((variation, bytes) => ({ ...variation, allocator: { ...variation.allocator, [name]: bytes } }))

function wholeSetting(named: (value: number) => CollectorSettings): Key['read'] {
  return (value) =>
    /^\d+$/.test(value) && Number(value) < 2 ** 32 - 1 ? setting(named(Number(value))) : left(`"${value}" is no whole number`)
}

const KEYS: Readonly<Record<string, Key>> = {
  profile: {
    example: 'profile=cpython-3.9',
    read: (value) => {
      const profile = profileNamed(value)
      return profile._tag === 'Left' ? profile : right((variation) => ({ ...variation, profile: profile.right }))
    },
  },
  'allocator.arenaSize': { example: 'allocator.arenaSize=256KiB,1MiB', read: allocatorSize('arenaBytes') },
  'allocator.poolSize': { example: 'allocator.poolSize=4KiB,16KiB', read: allocatorSize('poolBytes') },
  'gc.threshold0': { example: 'gc.threshold0=700,50000', read: wholeSetting((threshold0) => ({ threshold0 })) },
  'gc.threshold1': { example: 'gc.threshold1=10,20', read: wholeSetting((threshold1) => ({ threshold1 })) },
  'gc.threshold2': { example: 'gc.threshold2=10,100', read: wholeSetting((threshold2) => ({ threshold2 })) },
  'gc.enabled': {
    example: 'gc.enabled=false',
    read: (value) =>
      value === 'true' || value === 'false' ? setting({ isEnabled: value === 'true' }) : left(`"${value}" is neither true nor false`),
  },
  'gc.freeze': { example: 'gc.freeze=20000', read: wholeSetting((freezeAt) => ({ freezeAt })) },
  'host.ram': { example: 'host.ram=512MiB,1GiB', read: hostSize('ramBytes') },
  'host.swap': { example: 'host.swap=0,2GiB', read: hostSize('swapBytes') },
  'host.system': { example: 'host.system=256MiB', read: hostSize('systemBytes') },
  'host.cache': { example: 'host.cache=128MiB', read: hostSize('cacheBytes') },
}

/** What `--vary` takes, for help and errors. */
export const KNOWN_KEYS = Object.keys(KEYS)

/**
 * Every combination of the values that `--vary` names: values of one key side by side, the first key changing slowest.
 *
 * @param base profile of the first row: sizes of the allocator must fit to it, or to the profile beside them
 * @returns Left: a key or value that is unknown, or sizes that pymalloc does not work with.
 */
export function variationsOf(vary: readonly string[], base: MachineProfile): Either<string, readonly Variation[]> {
  const changes = new Map<string, Change[]>()
  for (const text of vary) {
    const [name = '', values = ''] = text.split('=', 2)
    const key = KEYS[name]
    if (key === undefined)
      return left(`--vary ${text}: there is no "${name}" to vary; known are ${KNOWN_KEYS.join(', ')}, as in ${KEYS.profile?.example}`)
    for (const value of values.split(',')) {
      const change = key.read(value)
      if (change._tag === 'Left') return left(`--vary ${text}: ${change.left}${name === 'profile' ? '' : `; give it as in ${key.example}`}`)
      changes.set(name, [...(changes.get(name) ?? []), change.right])
    }
  }
  const first: readonly Variation[] = [{ profile: null, settings: NO_SETTINGS, allocator: {}, host: {} }]
  const rows = [...changes.values()].reduce((before, values) => before.flatMap((row) => values.map((change) => change(row))), first)
  const fault = rows.map((row) => sizesFault(row, base)).find((each) => each !== null)
  return fault === undefined ? right(rows) : left(fault)
}

/** Why pymalloc does not work with a row's sizes; null: it does. */
function sizesFault(row: Variation, base: MachineProfile): string | null {
  const profile = rowProfile(row, base)
  const fault = varySizes([row]) ? profileFault(profile.allocator) : null
  return (
    fault && `--vary ${sizesText(row.allocator)}: of ${profile.name} ${fault}; give sizes as in ${KEYS['allocator.arenaSize']?.example}`
  )
}

/** Do any of them change what only the object layers answer? */
export const varyCollector = (variations: readonly Variation[]): boolean =>
  variations.some(({ settings }) => Object.keys(settings).length > 0)

/** Do any of them change sizes of the allocator? */
export const varySizes = (variations: readonly Variation[]): boolean =>
  variations.some(({ allocator }) => Object.keys(allocator).length > 0)

/** Do any of them change the machine below? */
export const varyHost = (variations: readonly Variation[]): boolean => variations.some(({ host }) => Object.keys(host).length > 0)

const SIZE_WORDS: readonly (readonly [keyof AllocatorSizes, string])[] = [
  ['arenaBytes', 'allocator.arenaSize'],
  ['poolBytes', 'allocator.poolSize'],
]

const HOST_WORDS: readonly (readonly [keyof HostSettings, string])[] = [
  ['ramBytes', 'host.ram'],
  ['swapBytes', 'host.swap'],
  ['systemBytes', 'host.system'],
  ['cacheBytes', 'host.cache'],
]

const COLLECTOR_WORDS: readonly (readonly [keyof CollectorSettings, string])[] = [
  ['threshold0', 'gc.threshold0'],
  ['threshold1', 'gc.threshold1'],
  ['threshold2', 'gc.threshold2'],
  ['isEnabled', 'gc.enabled'],
  ['freezeAt', 'gc.freeze'],
]

/** What is set, as `--vary` spells it. */
const words = <Settings extends object>(
  settings: Settings,
  names: readonly (readonly [keyof Settings, string])[],
  spell: (value: unknown) => string,
): readonly string[] => names.flatMap(([field, key]) => (settings[field] === undefined ? [] : [`${key}=${spell(settings[field])}`]))

const spelledBytes = (value: unknown): string =>
  formatBytes(Number(value))
    .replace(' ', '')
    .replace(/\.0+(?=\D)/, '')
const sizesText = (sizes: AllocatorSizes): string => words(sizes, SIZE_WORDS, spelledBytes).join(' ')

/** What a row changes beside the profile, as `--vary` spells it. */
export const variationText = ({ allocator, settings, host }: Variation): readonly string[] => [
  ...words(allocator, SIZE_WORDS, spelledBytes),
  ...words(settings, COLLECTOR_WORDS, String),
  ...words(host, HOST_WORDS, (value) => formatBytes(Number(value)).replace(' ', '')),
]
