import { describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import * as refcount from '../src/index.ts'
import { type Order, orderOfDeaths } from './deaths.ts'
import { answersTo, profileOf, readOracle } from './oracle.ts'
import { RECIPES } from './recipe.ts'

const oracle = readOracle<Order>('deaths')

const cases = Object.entries(RECIPES).map(([name, recipe], turn) => ({ name, recipe, turn }))

describe.each(cases)('$name', ({ name, recipe, turn }) => {
  test.each(someOf(answersTo(oracle, name), turn, 2))('[R20] dies in the order of the real %s', (interpreter, real) => {
    expect(orderOfDeaths(refcount, profileOf(refcount, interpreter), recipe)).toEqual(real)
  })
})
