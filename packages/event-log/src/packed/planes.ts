/** Whole numbers as planes of their bytes: the first bytes of all, then the second ones. They compress well. */
import { Malformed } from '../error.ts'

/** Numbers stay below 2^53. */
const PLANES_MAX = 7
const BYTE = 256

/** A byte that says how many planes there are, then they. */
export function writePlanes(values: Float64Array): readonly Uint8Array[] {
  const planes: Uint8Array[] = []
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  for (let weight = 1; weight <= largest; weight *= BYTE) planes.push(Uint8Array.from(values, (value) => Math.floor(value / weight) % BYTE))
  return [Uint8Array.of(planes.length), ...planes]
}

/** Reads what {@link writePlanes} wrote from `at` on. @returns the numbers, and the place behind @throws Malformed */
export function readPlanes(bytes: Uint8Array, at: number, length: number): { readonly values: Float64Array; readonly end: number } {
  const planes = bytes[at] ?? BYTE
  const end = at + 1 + planes * length
  if (planes > PLANES_MAX || end > bytes.length) throw new Malformed('a column is cut off')
  const values = new Float64Array(length)
  for (let plane = 0, weight = 1; plane < planes; plane++, weight *= BYTE)
    for (let place = 0; place < length; place++) values[place] += bytes[at + 1 + plane * length + place] * weight
  return { values, end }
}

/** About how many bytes planes take when they are compressed: what each byte tells, counted over the plane. */
export function packedBytes(planes: readonly Uint8Array[]): number {
  return planes.reduce((sum, plane) => {
    const counts = new Uint32Array(BYTE)
    for (const byte of plane) counts[byte]++
    return counts.reduce((bits, count) => (count === 0 ? bits : bits - count * Math.log2(count / plane.length)), 0) / 8 + sum
  }, 0)
}
