import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { bytesQuantity, type DecimalSteps, informationUnits, naturalUnit, parseQuantity, quantityIn, unitNamed } from './quantity.ts'

function converted(text: string, unit: string, steps: DecimalSteps = 1000): string {
  const quantity = parseQuantity(text, steps)
  const target = unitNamed(unit, steps)
  if (quantity._tag === 'Left') return quantity.left
  return target._tag === 'Left' ? target.left : quantityIn(quantity.right, target.right)
}

describe('amounts of information', () => {
  // IEC 80000-13 and the SI brochure: powers of 1024 and of 1000.
  test.each([
    ['1TB', 'bit', '8000000000000'],
    ['1 KiB', 'B', '1024'],
    ['1YiB', 'B', '1208925819614629174706176'],
    ['1YB', 'B', '1000000000000000000000000'],
    ['1ZiB', 'B', '1180591620717411303424'],
    ['1EiB', 'bit', '9223372036854775808'],
    ['1 TB', 'TiB', '0.9094947017729282379150390625'],
    ['1 bit', 'B', '0.125'],
    ['480,000,000 B', 'MiB', '457.763671875'],
    ['9007199254740993 bits', 'bit', '9007199254740993'],
    ['1.5e3 kB', 'MB', '1.5'],
    ['8 Mibit', 'KiB', '1024'],
    ['-2 bytes', 'bits', '-16'],
    ['0.1 B', 'bit', '0.8'],
    ['0 YiB', 'YB', '0'],
  ])('[K15] %s in %s are %s', (text, unit, expected) => {
    expect(converted(text, unit)).toBe(expected)
  })

  test('[K15] KB to YB in steps of 1024, as older texts write them', () => {
    expect(converted('1 KB', 'B', 1024)).toBe('1024')
    expect(converted('1 YB', 'YiB', 1024)).toBe('1')
    expect(converted('1 KiB', 'KB', 1024)).toBe('1')
  })

  property.prop([fc.bigInt({ min: 0n, max: 1n << 100n }), fc.constantFrom(...informationUnits())])(
    '[K15] every amount is read again as it was printed, in every unit',
    (bytes, unit) => {
      const amount = bytesQuantity(bytes)
      expect(parseQuantity(`${quantityIn(amount, unit)} ${unit.name}`)).toEqual({ _tag: 'Right', right: amount })
    },
  )

  test('[K15] the natural unit is the largest that leaves at least one', () => {
    const natural = (text: string, steps: 1000 | 1024): string => {
      const amount = parseQuantity(text)
      return amount._tag === 'Left' ? amount.left : naturalUnit(amount.right, steps).name
    }
    expect(natural('1000 B', 1000)).toBe('KB')
    expect(natural('1000 B', 1024)).toBe('B')
    expect(natural('1025 YiB', 1024)).toBe('YiB')
    expect(natural('3 bits', 1024)).toBe('bit')
    expect(natural('0 B', 1000)).toBe('bit')
  })

  test.each([
    ['1 b', 'write bit or B'],
    ['1 Kb', 'write KB or Kbit'],
    ['1 gib', 'write GiB or Gibit'],
    ['1', 'there is no unit; known are bit, B, KB, KiB ... YB, YiB'],
    ['1 parsec', 'there is no unit parsec; known are'],
    ['one KB', 'is no amount of memory; give a number and a unit'],
    ['1,5 GB', 'is no amount of memory'],
    ['', 'is no amount of memory'],
    ['1e999 B', 'has too many digits'],
  ])('[K16] %s is refused: %s', (text, line) => {
    expect(converted(text, 'bit')).toContain(line)
  })
})
