/** What a what-if varies of a device's log, as `--vary` spells it. */
import { DEVICE_MEMORY_PROFILES, type DeviceMemoryProfile, parseSettings } from '@reheap/device-memory'
import { formatBytes } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { DeviceChange } from '../device-replay.ts'
import { bytesOf } from './byte-size.ts'

/** One row of a what-if, beside the first. */
export interface DeviceVariation extends DeviceChange {
  /** Undefined: the first row's. */
  readonly profile?: DeviceMemoryProfile | undefined
}

/** The values of a key: a comma outside of brackets and of double quotes ends one, and the quotes go. */
export function valuesOf(text: string): readonly string[] {
  const values = ['']
  let depth = 0
  let isQuoted = false
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted
    else if (character === ',' && depth === 0 && !isQuoted) values.push('')
    else {
      if (character === '[') depth++
      if (character === ']') depth--
      values[values.length - 1] += character
    }
  }
  return values
}

type Read = (value: string, profile: DeviceMemoryProfile) => Either<string, DeviceVariation>

const KEYS: Readonly<Record<string, Read>> = {
  settings: (settings, profile) => {
    const parsed = parseSettings(settings, profile)
    return parsed._tag === 'Left' ? left(`PyTorch refuses "${settings}": ${parsed.left}`) : right({ settings })
  },
  capacity: (value) => {
    const bytes = bytesOf(value)
    return bytes._tag === 'Left' ? bytes : right({ capacityBytes: bytes.right })
  },
  profile: (value) => {
    const profile = DEVICE_MEMORY_PROFILES.get(value)
    return profile === undefined
      ? left(`no profile is called "${value}"; known are ${[...DEVICE_MEMORY_PROFILES.keys()].join(', ')}`)
      : right({ profile })
  },
}

/** What `--vary` takes of a device's log, for help and errors. */
export const DEVICE_KEYS = Object.keys(KEYS)

/**
 * Every combination of the values that `--vary` names: values of one key side by side, the first key changing slowest.
 *
 * @returns Left: a key or value that is unknown.
 */
export function deviceVariations(vary: readonly string[], profile: DeviceMemoryProfile): Either<string, readonly DeviceVariation[]> {
  const changes = new Map<string, DeviceVariation[]>()
  for (const text of vary) {
    const name = text.split('=', 1)[0] ?? ''
    const read = KEYS[name]
    if (read === undefined || !text.includes('='))
      return left(
        `--vary ${text}: there is no "${name}" to vary in a device's log; known are ${DEVICE_KEYS.join(', ')}, as in capacity=24GiB,40GiB`,
      )
    for (const value of valuesOf(text.slice(name.length + 1))) {
      const change = read(value, profile)
      if (change._tag === 'Left') return left(`--vary ${text}: ${change.left}`)
      changes.set(name, [...(changes.get(name) ?? []), change.right])
    }
  }
  const first: readonly DeviceVariation[] = [{}]
  return right(
    [...changes.values()].reduce((rows, values) => rows.flatMap((row) => values.map((change) => ({ ...row, ...change }))), first),
  )
}

/** A row's name: what it changes, as `--vary` spells it. */
export function variationText({ profile, settings, capacityBytes }: DeviceVariation): string {
  const parts = [
    ...(profile === undefined ? [] : [profile.name]),
    ...(settings === undefined ? [] : [settings === '' ? 'default settings' : settings]),
    ...(capacityBytes === undefined ? [] : [formatBytes(capacityBytes)]),
  ]
  return parts.join(' ')
}
