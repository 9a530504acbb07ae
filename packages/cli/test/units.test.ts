import { describe, expect, test } from 'vitest'
import { json, reheap } from './command.ts'

interface Units {
  readonly values: readonly { readonly value: string; readonly unit: string }[]
}

/** A refusal in one line, with nothing on standard output. */
function refused(args: readonly string[]): string {
  const { status, stdout, stderr } = reheap(args)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^reheap: [^\n]+\n$/)
  return stderr
}

describe('units and arrays', () => {
  // Powers of 1000 (SI) and of 1024 (IEC 80000-13).
  test.each([
    [['units', '1TB', '--to', 'bits'], '8,000,000,000,000 bit\n'],
    [['units', '1YiB', '--to', 'B'], '1,208,925,819,614,629,174,706,176 B\n'],
    [['units', '1', 'TB', '--to', 'TiB'], '0.9094947017729282379150390625 TiB\n'],
    [['units', '1KB', '--to', 'B', '--steps', '1024'], '1,024 B\n'],
    [['units', '2KiB'], '16,384 bit\n2,048 B\n2.048 KB\n2 KiB\n'],
  ])('[C90] %j', (args, printed) => {
    expect(reheap(args)).toMatchObject({ status: 0, stdout: printed, stderr: '' })
  })

  test('[C90] units --json keeps every digit as text', () => {
    expect(json<Units>(reheap(['units', '9007199254740993B', '--to', 'B', '--json'])).values).toEqual([
      { value: '9007199254740993', unit: 'B' },
    ])
  })

  test('[C91] sizeof of the array of 400 x 500 x 600 int32, and of its mask', () => {
    expect(reheap(['sizeof', '400x500x600', 'int32']).stdout).toContain('480,000,000 B = 480 MB = 457.763671875 MiB')
    expect(reheap(['sizeof', '400x500x600', 'bool']).stdout).toContain('120,000,000 B = 120 MB = 114.44091796875 MiB')
    expect(json(reheap(['sizeof', '1099511627776x1099511627776', 'complex128', '--json']))).toMatchObject({
      elements: '1208925819614629174706176',
      bytes: '19342813113834066795298816',
    })
  })

  test('[C91] sizeof alone lists every dtype with bytes and range', () => {
    const { stdout } = reheap(['sizeof'])
    expect(stdout).toMatch(/^bool +8 +1 +0 +1 /m)
    expect(stdout).toMatch(/^int64 +64 +8 +-9,223,372,036,854,775,808 +9,223,372,036,854,775,807 /m)
    expect(stdout).toMatch(/^float16 +16 +2 +-65504 +65504 /m)
    const { dtypes } = json<{ dtypes: readonly object[] }>(reheap(['sizeof', '--json']))
    expect(dtypes).toHaveLength(15)
    expect(dtypes).toContainEqual({ name: 'bool', bytes: 1, bits: 8, isComplex: false, min: '0', max: '1' })
  })

  test.each([
    [['units', '1gb'], '1gb: there is no unit gb; write GB or Gbit'],
    [['units', 'much'], 'much: is no amount of memory'],
    [['units', '1KB', '--to', 'acre'], '--to acre: there is no unit acre; known are bit'],
    [['units', '1KB', '--steps', '1000000'], "'1000000' is invalid. Allowed choices are 1000, 1024"],
    [['units'], "missing required argument 'amount'"],
    [['sizeof', '400 by 500', 'int8'], '400 by 500: is no shape; give whole numbers with x between them'],
    [['sizeof', '3x3'], 'sizeof 3x3: lacks a dtype; give one of bool'],
    [['sizeof', '3x3', 'int'], 'int: is no dtype; known are bool'],
  ])('[C92] %j is refused', (args, line) => {
    expect(refused(args)).toContain(line)
  })
})
