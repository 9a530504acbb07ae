/** What a what-if varies of an interpreter's log, as `--vary` spells it. */
import type { HostSettings } from '@reheap/host-memory'
import { formatBytes } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { MachineProfile } from '../profile.ts'
import { profileNamed } from '../runtime.ts'
import { type CollectorSettings, NO_SETTINGS } from '../settings.ts'
import { bytesOf } from './byte-size.ts'

/** One row of a what-if, beside the first. */
export interface Variation {
  /** Null: the first row's. */
  readonly profile: MachineProfile | null
  readonly settings: CollectorSettings
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

const hostSize =
  (size: keyof HostSettings): Key['read'] =>
  (value) => {
    const bytes = bytesOf(value)
    return bytes._tag === 'Left' ? bytes : right((variation) => ({ ...variation, host: { ...variation.host, [size]: bytes.right } }))
  }

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
 * @returns Left: a key or value that is unknown.
 */
export function variationsOf(vary: readonly string[]): Either<string, readonly Variation[]> {
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
  const first: readonly Variation[] = [{ profile: null, settings: NO_SETTINGS, host: {} }]
  return right([...changes.values()].reduce((rows, values) => rows.flatMap((row) => values.map((change) => change(row))), first))
}

/** Do any of them change what only the object layers answer? */
export const varyCollector = (variations: readonly Variation[]): boolean =>
  variations.some(({ settings }) => Object.keys(settings).length > 0)

/** Do any of them change the machine below? */
export const varyHost = (variations: readonly Variation[]): boolean => variations.some(({ host }) => Object.keys(host).length > 0)

const HOST_WORDS: readonly (readonly [keyof HostSettings, string])[] = [
  ['ramBytes', 'host.ram'],
  ['swapBytes', 'host.swap'],
  ['systemBytes', 'host.system'],
  ['cacheBytes', 'host.cache'],
]

/** Sizes of a host as `--vary` spells them. */
export const hostText = (host: HostSettings): string =>
  HOST_WORDS.flatMap(([field, key]) => (host[field] === undefined ? [] : [`${key}=${formatBytes(host[field]).replace(' ', '')}`])).join(' ')

const WORDS: readonly (readonly [keyof CollectorSettings, string])[] = [
  ['threshold0', 'gc.threshold0'],
  ['threshold1', 'gc.threshold1'],
  ['threshold2', 'gc.threshold2'],
  ['isEnabled', 'gc.enabled'],
  ['freezeAt', 'gc.freeze'],
]

/** Settings as `--vary` spells them. */
export const settingsText = (settings: CollectorSettings): string =>
  WORDS.flatMap(([field, key]) => (settings[field] === undefined ? [] : [`${key}=${settings[field]}`])).join(' ')

/** A row of a what-if as people name it. */
export const rowName = (profile: string, settings: CollectorSettings): string => [profile, settingsText(settings)].join(' ').trimEnd()
