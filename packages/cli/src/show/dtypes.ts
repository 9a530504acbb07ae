import type { Dtype, ExactFloat, ValueRange } from '@reheap/kernel'
import { digitGroups } from './digits.ts'
import { table } from './table.ts'

const power = ({ exponent }: ExactFloat): string => `2^${exponent}`

/** A range as a document: whole numbers with every digit, as text; powers of two as such. */
export const rangeJson = (range: ValueRange): object =>
  range.kind === 'whole'
    ? { min: String(range.min), max: String(range.max) }
    : {
        min: String(-range.max),
        max: String(range.max),
        precisionBits: range.precisionBits,
        smallestNormal: power(range.smallestNormal),
        smallestSubnormal: power(range.smallestSubnormal),
        epsilon: power(range.epsilon),
      }

/** Every dtype with its memory and its values, which are two things. */
export function dtypeLines(dtypes: readonly Dtype[]): readonly string[] {
  const rows = dtypes.map(({ name, bytes, range, isComplex }) => [name, String(8 * bytes), String(bytes), ...valuesOf(range, isComplex)])
  return table(
    [
      { title: 'dtype', align: 'left' },
      { title: 'bits' },
      { title: 'bytes' },
      { title: 'smallest value' },
      { title: 'largest value' },
      { title: 'steps', align: 'left' },
    ],
    rows,
  )
}

function valuesOf(range: ValueRange, isComplex: boolean): readonly string[] {
  if (range.kind === 'whole') return [digitGroups(String(range.min)), digitGroups(String(range.max)), 'whole numbers']
  const { max, precisionBits, smallestSubnormal } = range
  const largest = String(Number(Number(max).toPrecision(8)))
  const steps = `${precisionBits} bits of precision, from ${power(smallestSubnormal)}`
  return [`-${largest}`, largest, isComplex ? `two parts, each with ${steps}` : steps]
}
