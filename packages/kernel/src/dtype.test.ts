import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { arrayBytes, DTYPES, type Dtype, dtypeNamed, type ExactFloat, imageBytes, parseShape } from './dtype.ts'

/** Sizes and limits as numpy itself has them, floats as exact fractions. */
const ASK_NUMPY = `
import json, numpy as np
from fractions import Fraction
exact = lambda value: [str(part) for part in Fraction(value.item() if hasattr(value, "item") else value).as_integer_ratio()]
told = {}
for name in "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split():
    dtype = np.dtype(name)
    row = {"bytes": dtype.itemsize, "array": str(np.zeros((3, 5, 7), dtype).nbytes)}
    if dtype.kind in "iu":
        row |= {"min": str(np.iinfo(dtype).min), "max": str(np.iinfo(dtype).max)}
    elif dtype.kind == "b":
        row |= {"min": str(int(False)), "max": str(int(True))}
    else:
        f = np.finfo(dtype)
        row |= {"max": exact(f.max), "normal": exact(f.smallest_normal), "subnormal": exact(f.smallest_subnormal), "epsilon": exact(f.eps), "bits": f.nmant + 1}
    told[name] = row
print(json.dumps(told))
`
const asked = spawnSync('python3', ['-c', ASK_NUMPY], { encoding: 'utf8' })
const numpy = asked.status === 0 ? (JSON.parse(asked.stdout) as Record<string, Record<string, unknown>>) : null

const fraction = ({ significand, exponent }: ExactFloat): readonly string[] =>
  exponent >= 0 ? [String(significand << BigInt(exponent)), '1'] : [String(significand), String(1n << BigInt(-exponent))]

function row({ bytes, range, ...dtype }: Dtype): Record<string, unknown> {
  const sizes = { bytes, array: String(arrayBytes([3n, 5n, 7n], { ...dtype, bytes, range })) }
  if (range.kind === 'whole') return { ...sizes, min: String(range.min), max: String(range.max) }
  const { max, smallestNormal, smallestSubnormal, epsilon, precisionBits } = range
  return {
    ...sizes,
    max: [String(max), '1'],
    normal: fraction(smallestNormal),
    subnormal: fraction(smallestSubnormal),
    epsilon: fraction(epsilon),
    bits: precisionBits,
  }
}

const dtype = (name: string): Dtype => {
  const found = dtypeNamed(name)
  if (found._tag === 'Left') throw new Error(found.left)
  return found.right
}

describe('element types', () => {
  test.skipIf(numpy === null)('[K17] bytes and ranges are those of the real numpy (needs python3 with numpy)', () => {
    const ours = [...DTYPES.values()].filter(({ name }) => name !== 'bfloat16').map((known) => [known.name, row(known)])
    expect(Object.fromEntries(ours)).toEqual(numpy)
  })

  // Published limits, so that the table is held to something where there is no numpy.
  test.each([
    ['bool', 1, '0', '1'],
    ['int8', 1, '-128', '127'],
    ['int64', 8, '-9223372036854775808', '9223372036854775807'],
    ['uint16', 2, '0', '65535'],
    ['uint64', 8, '0', '18446744073709551615'],
  ])('[K17] %s has %i bytes, from %s to %s', (name, bytes, min, max) => {
    expect(row(dtype(name))).toMatchObject({ bytes, min, max })
  })

  test('[K17] bfloat16 has the exponents of float32 and 8 bits of precision', () => {
    const { bytes, range } = dtype('bfloat16')
    if (range.kind !== 'float') throw new Error('bfloat16 is a float')
    // torch.finfo(torch.bfloat16)
    expect([bytes, Number(range.max), 2 ** range.epsilon.exponent, 2 ** range.smallestNormal.exponent]).toEqual([
      2, 3.3895313892515355e38, 0.0078125, 1.1754943508222875e-38,
    ])
    expect(2 ** range.smallestSubnormal.exponent).toBe(9.183549615799121e-41)
  })

  test('[K17] an unknown dtype is refused with the known ones', () => {
    expect(dtypeNamed('int23')).toMatchObject({ left: expect.stringMatching(/^int23: is no dtype; known are bool, int8, .*complex128$/) })
  })

  test('[K18] memory of arrays and images of any shape', () => {
    expect(arrayBytes([400n, 500n, 600n], dtype('int32'))).toBe(480_000_000n)
    expect(arrayBytes([400n, 500n, 600n], dtype('bool'))).toBe(120_000_000n)
    expect(arrayBytes([1n << 40n, 1n << 40n], dtype('complex128'))).toBe(1n << 84n)
    expect([arrayBytes([], dtype('int64')), arrayBytes([3n, 0n], dtype('int64'))]).toEqual([8n, 0n])
    expect(imageBytes({ width: 1920, height: 1080, channels: 3, dtype: dtype('uint8') })).toBe(6_220_800n)
  })

  test('[K18] a shape is whole numbers with x between them', () => {
    expect(parseShape('400x500×600')).toMatchObject({ right: [400n, 500n, 600n] })
    for (const text of ['', 'x', '3x', '3.5x2', '-1x2', '3 x 2']) expect(parseShape(text)._tag).toBe('Left')
  })
})
