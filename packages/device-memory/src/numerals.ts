/** Numbers as the C++ library reads them: the longest prefix that is one. The error's text is the function's name. */

/** Why settings were refused, in PyTorch's words. */
export class SettingsFault extends Error {}

const ULLONG_MAX = 2n ** 64n - 1n
const INT_MAX = 2n ** 31n - 1n

/** @source `std::stoull`: a minus sign counts down from 2^64 */
export function stoull(text: string, name = 'stoull'): bigint {
  const [, sign, digits] = /^([+-]?)(\d+)/.exec(text) ?? []
  if (digits === undefined) throw new SettingsFault(name)
  const value = BigInt(digits)
  if (value > ULLONG_MAX) throw new SettingsFault(name)
  return sign === '-' && value > 0n ? ULLONG_MAX + 1n - value : value
}

/** @source `std::stoi`, assigned to a `size_t` */
export function stoi(text: string): bigint {
  const [, sign, digits] = /^([+-]?)(\d+)/.exec(text) ?? []
  if (digits === undefined) throw new SettingsFault('stoi')
  const value = BigInt(digits)
  if (value > (sign === '-' ? INT_MAX + 1n : INT_MAX)) throw new SettingsFault('stoi')
  return sign === '-' && value > 0n ? ULLONG_MAX + 1n - value : value
}

/** @source `std::stod` */
export function stod(text: string): number {
  const [, sign = '', magnitude] =
    /^([+-]?)(0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)/i.exec(text) ?? []
  if (magnitude === undefined) throw new SettingsFault('stod')
  const value = magnitudeOf(magnitude.toLowerCase())
  const isTooLarge = value === Number.POSITIVE_INFINITY && !magnitude.toLowerCase().startsWith('inf')
  const isTooSmall = value < 2 ** -1022 && /[1-9a-f]/i.test(magnitude.replace(/^0x/i, '').replace(/[ep].*$/i, ''))
  if (isTooLarge || isTooSmall) throw new SettingsFault('stod')
  return sign === '-' ? -value : value
}

function magnitudeOf(text: string): number {
  if (text.startsWith('inf')) return Number.POSITIVE_INFINITY
  if (text === 'nan') return Number.NaN
  if (!text.startsWith('0x')) return Number(text)
  const [mantissa = '', exponent = '0'] = text.slice(2).split('p')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return Number.parseInt(`${whole}${fraction}`, 16) * 2 ** (Number(exponent) - 4 * fraction.length)
}

/** @source `llvm::isPowerOf2_64` */
export const isPowerOfTwo = (value: bigint): boolean => value > 0n && (value & (value - 1n)) === 0n

/** Position of the highest bit. */
export const log2 = (value: bigint): number => value.toString(2).length - 1
