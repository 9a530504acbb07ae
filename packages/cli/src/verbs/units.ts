import { type DecimalSteps, informationUnits, naturalUnit, parseQuantity, type Quantity, quantityIn, unitNamed } from '@reheap/kernel'
import { type Command, Option } from 'commander'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Outcome, Result } from '../outcome.ts'
import { digitGroups } from '../show/digits.ts'
import { type CommonOptions, settle, verb } from '../verb.ts'

interface UnitsOptions extends CommonOptions {
  readonly to?: string
  readonly steps: '1000' | '1024'
}

const EXAMPLE = `$ reheap units 1TB --to bits
$ reheap units 457.76MiB
$ reheap units 16GB --to GiB --steps 1024`

/** `reheap units`: one amount in other units, with every digit. */
export const unitsVerb = (): Command =>
  verb('units <amount...>', 'convert an amount of memory, from bits to YiB, with every digit', EXAMPLE)
    .option('--to <unit>', 'one unit: bit, B, KB, KiB ... YB, YiB, Kbit, Kibit ... Ybit, Yibit (default: bit, B, and the natural ones)')
    .addOption(
      new Option('--steps <steps>', 'what KB to YB mean: 1000, as the SI says, or 1024, as texts write that know no KiB')
        .choices(['1000', '1024'])
        .default('1000'),
    )
    .action((amount: string[], options: UnitsOptions) => settle(options, Promise.resolve(convert(amount.join(' '), options))))

function convert(text: string, { to, steps }: UnitsOptions): Result<Outcome> {
  const decimalSteps: DecimalSteps = steps === '1024' ? 1024 : 1000
  const amount = parseQuantity(text, decimalSteps)
  if (amount._tag === 'Left') return amount
  const chosen = to === undefined ? undefined : unitNamed(to, decimalSteps)
  if (chosen?._tag === 'Left') return left(`--to ${to}: ${chosen.left}`)
  const units = chosen === undefined ? usualUnits(amount.right, decimalSteps) : [chosen.right.name]
  const values = informationUnits(decimalSteps)
    .filter(({ name }) => units.includes(name))
    .map((unit) => ({ value: quantityIn(amount.right, unit), unit: unit.name }))
  return right({
    status: 0,
    json: { amount: text, decimalSteps, values },
    text: () => values.map(({ value, unit }) => `${digitGroups(value)} ${unit}`).join('\n'),
  })
}

/** Bits, bytes, and the unit of each family that leaves a handy number. */
const usualUnits = (amount: Quantity, decimalSteps: DecimalSteps): readonly string[] => [
  'bit',
  'B',
  naturalUnit(amount, 1000, decimalSteps).name,
  naturalUnit(amount, 1024, decimalSteps).name,
]
