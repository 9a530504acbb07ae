import {
  arrayBytes,
  bytesQuantity,
  DTYPES,
  type Dtype,
  dtypeNamed,
  elementsOf,
  naturalUnit,
  parseShape,
  quantityIn,
  type Shape,
} from '@reheap/kernel'
import type { Command } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Outcome, Result } from '../outcome.ts'
import { digitGroups } from '../show/digits.ts'
import { dtypeLines, rangeJson } from '../show/dtypes.ts'
import { type CommonOptions, settle, verb } from '../verb.ts'

const EXAMPLE = `$ reheap sizeof 400x500x600 int32
$ reheap sizeof 1080x1920x3 uint8
$ reheap sizeof`

/** `reheap sizeof`: the memory of an array, or the table of dtypes. */
export const sizeofVerb = (): Command =>
  verb(
    'sizeof [shape] [dtype]',
    'print the memory of an array or image of a shape and dtype; without both, every dtype with its range',
    EXAMPLE,
  )
    .addHelpText('after', '\nAn image is height x width x channels of the type of one channel. The object around the data is not counted.')
    .action((shape: string | undefined, dtype: string | undefined, options: CommonOptions) =>
      settle(options, Promise.resolve(sizeof(shape, dtype))),
    )

function sizeof(shapeText: string | undefined, dtypeText: string | undefined): Result<Outcome> {
  if (shapeText === undefined) return right(dtypeTable())
  const shape = parseShape(shapeText)
  if (shape._tag === 'Left') return shape
  if (dtypeText === undefined) return left(`sizeof ${shapeText}: lacks a dtype; give one of ${[...DTYPES.keys()].join(', ')}`)
  const dtype = dtypeNamed(dtypeText)
  return dtype._tag === 'Left' ? dtype : right(arrayMemory(shape.right, dtype.right))
}

function arrayMemory(shape: Shape, dtype: Dtype): Outcome {
  const bytes = arrayBytes(shape, dtype)
  const amount = bytesQuantity(bytes)
  const elements = elementsOf(shape)
  const units = [...new Set([naturalUnit(amount, 1000), naturalUnit(amount, 1024)])].filter(({ name }) => name !== 'B' && name !== 'bit')
  const values = units.map((unit) => ({ value: quantityIn(amount, unit), unit: unit.name }))
  const amounts = [`${digitGroups(String(bytes))} B`, ...values.map(({ value, unit }) => `${digitGroups(value)} ${unit}`)]
  return {
    status: 0,
    json: {
      shape: shape.map(String),
      dtype: dtype.name,
      elements: String(elements),
      bytesPerElement: dtype.bytes,
      bytes: String(bytes),
      values,
    },
    text: () =>
      [
        `${shape.join(' x ')} of ${dtype.name}: ${digitGroups(String(elements))} ${elements === 1n ? 'element' : 'elements'} of ${dtype.bytes} B`,
        amounts.join(' = '),
      ].join('\n'),
  }
}

const dtypeTable = (): Outcome => ({
  status: 0,
  json: {
    dtypes: [...DTYPES.values()].map(({ name, bytes, isComplex, range }) => ({
      name,
      bytes,
      bits: 8 * bytes,
      isComplex,
      ...rangeJson(range),
    })),
  },
  text: () => dtypeLines([...DTYPES.values()]).join('\n'),
})
