/** Amounts of information, exact at every size: a count of bits as a fraction of two bigints. */

import { type Either, left, right } from 'fp-ts/lib/Either.js'

/** An amount: `numerator / denominator` bits. The denominator is above 0 and has no prime factors but 2 and 5. */
export interface Quantity {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** A unit of information. */
export interface InformationUnit {
  /** As it is printed, `MiB`. */
  readonly name: string
  /** @unit bits */
  readonly bits: bigint
  /** Steps between the prefixes of its family; null for bit and byte. */
  readonly steps: 1000 | 1024 | null
}

/** What a decimal prefix means: 1000 by the SI, 1024 in texts that do not write KiB. */
export type DecimalSteps = 1000 | 1024

const PREFIXES = ['K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'] as const
const BITS_PER_BYTE = 8n
/** Digits on each side of the point beyond which a number is no amount of memory. */
const DIGITS_MAX = 200
/** Sign, whole part with or without commas between thousands, fraction, exponent, unit. */
const AMOUNT = /^\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+))(?:\.(\d+))?(?:e([+-]?\d{1,3}))?\s*([A-Za-z]*)\s*$/

const BIT: InformationUnit = { name: 'bit', bits: 1n, steps: null }
const BYTE: InformationUnit = { name: 'B', bits: BITS_PER_BYTE, steps: null }

/** Bit and byte, then each prefix with its decimal and its binary unit: KB, KiB ... YB, YiB, and the same of bits. @source IEC 80000-13 */
export function informationUnits(decimalSteps: DecimalSteps = 1000): readonly InformationUnit[] {
  const prefixed = [BYTE, BIT].flatMap(({ name, bits }) =>
    PREFIXES.flatMap((prefix, place): InformationUnit[] => {
      const power = BigInt(place + 1)
      return [
        { name: `${prefix}${name}`, bits: bits * BigInt(decimalSteps) ** power, steps: 1000 },
        { name: `${prefix}i${name}`, bits: bits * 1024n ** power, steps: 1024 },
      ]
    }),
  )
  return [BIT, BYTE, ...prefixed]
}

/** The unit of this name; `bits`, `byte`, `bytes` and `kB` are known too. Left: why there is none. */
export function unitNamed(name: string, decimalSteps: DecimalSteps = 1000): Either<string, InformationUnit> {
  const spelling = name
    .replace(/bits$/, 'bit')
    .replace(/bytes?$/, 'B')
    .replace(/^k/, 'K')
  const units = informationUnits(decimalSteps)
  const unit = units.find((known) => known.name === spelling)
  if (unit !== undefined) return right(unit)
  const alike = units.filter((known) => known.name.replace(/bit$/i, 'B').toLowerCase() === name.toLowerCase())
  const near = alike.length > 0 ? `write ${alike.map((known) => known.name).join(' or ')}` : 'known are bit, B, KB, KiB ... YB, YiB'
  return left(`${name === '' ? 'there is no unit' : `there is no unit ${name}`}; ${near}`)
}

/** Reads `1.5 GiB`, `1TB`, `12 bits`. Nothing is rounded. Left: what is wrong with it. */
export function parseQuantity(text: string, decimalSteps: DecimalSteps = 1000): Either<string, Quantity> {
  const found = AMOUNT.exec(text)
  if (found === null) return left(`${text}: is no amount of memory; give a number and a unit, such as 1.5GiB`)
  const [, whole = '', fraction = '', exponent = '0', name = ''] = found
  const unit = unitNamed(name, decimalSteps)
  if (unit._tag === 'Left') return left(`${text}: ${unit.left}`)
  const places = fraction.length - Number(exponent)
  if (Math.abs(places) > DIGITS_MAX || whole.length > DIGITS_MAX) return left(`${text}: has too many digits; give at most ${DIGITS_MAX}`)
  const digits = BigInt(whole.replaceAll(/[,+]/g, '') + fraction) * unit.right.bits
  return right(places > 0 ? reduced(digits, 10n ** BigInt(places)) : { numerator: digits * 10n ** BigInt(-places), denominator: 1n })
}

/** So many bytes. */
export const bytesQuantity = (bytes: bigint): Quantity => ({ numerator: bytes * BITS_PER_BYTE, denominator: 1n })

/** Every digit of an amount in a unit: `0.9094947017729282379150390625` TiB are one TB. It always ends, since no denominator has other primes than 2 and 5. */
export function quantityIn({ numerator, denominator }: Quantity, { bits }: InformationUnit): string {
  const amount = reduced(numerator, denominator * bits)
  const isNegative = amount.numerator < 0n
  const digits = isNegative ? -amount.numerator : amount.numerator
  let fraction = ''
  for (let rest = digits % amount.denominator; rest > 0n; rest %= amount.denominator) {
    rest *= 10n
    fraction += String(rest / amount.denominator)
  }
  return `${isNegative ? '-' : ''}${digits / amount.denominator}${fraction === '' ? '' : `.${fraction}`}`
}

/** The largest unit of a family in which the amount is at least 1; bytes where it is none, bits below one byte. */
export function naturalUnit({ numerator, denominator }: Quantity, steps: 1000 | 1024, decimalSteps: DecimalSteps = 1000): InformationUnit {
  const size = numerator < 0n ? -numerator : numerator
  const family = informationUnits(decimalSteps).filter((unit) => unit.steps === null || (unit.steps === steps && unit.name.endsWith('B')))
  return family.filter(({ bits }) => size >= bits * denominator).at(-1) ?? BIT
}

function reduced(numerator: bigint, denominator: bigint): Quantity {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator]
  while (b > 0n) [a, b] = [b, a % b]
  return a === 0n ? { numerator: 0n, denominator: 1n } : { numerator: numerator / a, denominator: denominator / a }
}
