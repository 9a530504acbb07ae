import { describe, expect, test } from 'vitest'
import * as refcount from '../src/index.ts'
import { type Order, orderOfDeaths } from './deaths.ts'
import { answersTo, profileOf, readOracle } from './oracle.ts'
import { RECIPES } from './recipe.ts'

const oracle = readOracle<Order>('deaths')

describe.each(Object.entries(RECIPES))('%s', (name, recipe) => {
  test.each(answersTo(oracle, name))('[R20] dies in the order of the real %s', (interpreter, real) => {
    expect(orderOfDeaths(refcount, profileOf(refcount, interpreter), recipe)).toEqual(real)
  })
})
