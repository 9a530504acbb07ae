/** Amounts of memory as an option spells them. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
}

/** `24GiB`, `512MiB`, `80GB`, `1073741824`. Left: that it is no amount. */
export function bytesOf(text: string): Either<string, number> {
  const [, figure = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text) ?? []
  const each = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined
  const bytes = Math.round(Number(figure) * (each ?? Number.NaN))
  return figure !== '' && Number.isSafeInteger(bytes) ? right(bytes) : left(`"${text}" is no amount of memory; give it as in 24GiB`)
}
