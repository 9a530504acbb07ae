import { expect, test } from 'vitest'
import * as refcount from '../src/index.ts'
import { differenceInGarbage } from './garbage.ts'

test('[R52] garbage that nobody listens to leaves the same behind as a whole and row by row', () => {
  expect(differenceInGarbage(refcount)).toBe(null)
})
