/** Element types of arrays: their bytes and the exact range of their values, and the memory of an array. */

import { type Either, left, right } from 'fp-ts/lib/Either.js'

/** A number `significand * 2 ** exponent`, exactly. */
export interface ExactFloat {
  readonly significand: bigint
  readonly exponent: number
}

/** The values of a float, all exact. @source IEEE 754-2019, table 3.5; bfloat16 has the exponents of float32 */
export interface FloatRange {
  /** Bits of precision, the hidden one included. */
  readonly precisionBits: number
  /** The largest finite value; the smallest is its negative. A whole number in every type. */
  readonly max: bigint
  /** Smallest positive value with full precision. */
  readonly smallestNormal: ExactFloat
  /** Smallest positive value. */
  readonly smallestSubnormal: ExactFloat
  /** Distance of 1 to the next value. */
  readonly epsilon: ExactFloat
}

/** The values that an element can have: whole numbers from `min` to `max`, or floats. */
export type ValueRange = { readonly kind: 'whole'; readonly min: bigint; readonly max: bigint } | ({ readonly kind: 'float' } & FloatRange)

/** An element type under numpy's name of it. */
export interface Dtype {
  readonly name: string
  /** One element in an array. */
  readonly bytes: number
  /** Of a complex number the range of each of its two parts. */
  readonly range: ValueRange
  readonly isComplex: boolean
}

const whole = (name: string, bytes: number, min: bigint, max: bigint): Dtype => ({
  name,
  bytes,
  range: { kind: 'whole', min, max },
  isComplex: false,
})

const signed = (bits: number): Dtype => whole(`int${bits}`, bits / 8, -(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n)
const unsigned = (bits: number): Dtype => whole(`uint${bits}`, bits / 8, 0n, (1n << BigInt(bits)) - 1n)

/** @param exponentMax of the largest power of two in the type; the smallest normal one has `1 - exponentMax` */
function float(name: string, bytes: number, precisionBits: number, exponentMax: number): Dtype {
  const power = (exponent: number): ExactFloat => ({ significand: 1n, exponent })
  const range: ValueRange = {
    kind: 'float',
    precisionBits,
    max: ((1n << BigInt(precisionBits)) - 1n) << BigInt(exponentMax - precisionBits + 1),
    smallestNormal: power(1 - exponentMax),
    smallestSubnormal: power(2 - exponentMax - precisionBits),
    epsilon: power(1 - precisionBits),
  }
  return { name, bytes, range, isComplex: false }
}

const complexOf = ({ bytes, range }: Dtype): Dtype => ({ name: `complex${16 * bytes}`, bytes: 2 * bytes, range, isComplex: true })

const FLOAT32 = float('float32', 4, 24, 127)
const FLOAT64 = float('float64', 8, 53, 1023)

/** Every element type by its name. A bool takes a whole byte. */
export const DTYPES: ReadonlyMap<string, Dtype> = new Map(
  [
    whole('bool', 1, 0n, 1n),
    ...[8, 16, 32, 64].map(signed),
    ...[8, 16, 32, 64].map(unsigned),
    float('float16', 2, 11, 15),
    float('bfloat16', 2, 8, 127),
    FLOAT32,
    FLOAT64,
    complexOf(FLOAT32),
    complexOf(FLOAT64),
  ].map((dtype) => [dtype.name, dtype]),
)

/** The element type of this name. Left: what is known. */
export function dtypeNamed(name: string): Either<string, Dtype> {
  const dtype = DTYPES.get(name)
  return dtype === undefined ? left(`${name}: is no dtype; known are ${[...DTYPES.keys()].join(', ')}`) : right(dtype)
}

/** Lengths of an array's dimensions. */
export type Shape = readonly bigint[]

/** Reads `400x500x600`; `1` is an array of one element. Left: what is wrong with it. */
export function parseShape(text: string): Either<string, Shape> {
  if (/^\d+(?:[x×]\d+)*$/.test(text)) return right(text.split(/[x×]/).map(BigInt))
  return left(`${text}: is no shape; give whole numbers with x between them, such as 400x500x600`)
}

/** Elements of an array of this shape: the product of its lengths, 1 without any. */
export const elementsOf = (shape: Shape): bigint => shape.reduce((product, length) => product * length, 1n)

/** Bytes of an array's data. Its object, 112 or more bytes beside them in numpy, is not counted. */
export const arrayBytes = (shape: Shape, { bytes }: Dtype): bigint => elementsOf(shape) * BigInt(bytes)

/** An image that is not compressed. */
export interface ImageFormat {
  readonly width: number
  readonly height: number
  /** 1 for grey, 3 for RGB, 4 for RGBA. */
  readonly channels: number
  /** Of one channel of one pixel. */
  readonly dtype: Dtype
}

/** Width times height times channels times bytes of a channel. */
export const imageBytes = ({ width, height, channels, dtype }: ImageFormat): bigint =>
  arrayBytes([BigInt(height), BigInt(width), BigInt(channels)], dtype)
