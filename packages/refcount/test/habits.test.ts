import { describe, expect, test } from 'vitest'
import * as refcount from '../src/index.ts'
import { attributes, calls, freeList, reused, tracked } from './habits.ts'
import { answersTo, profileOf, readOracle } from './oracle.ts'
import { STORY_NAMES, told } from './stories.ts'

const oracle = readOracle<unknown>('habits')
/** The questions make an object or two of their own: an iterator, a tuple of counts. */
const OWN_OBJECTS = 2

/** One test for each interpreter that was asked. */
function asked<A>(question: string, rule: string, compare: (profile: refcount.RefcountProfile, real: A) => void): void {
  test.each(answersTo(oracle, question))(`${rule} ${question}: as the real %s`, (interpreter, real) =>
    compare(profileOf(refcount, interpreter), real as A),
  )
}

describe('free lists', () => {
  for (const question of Object.keys(oracle).filter((name) => name.startsWith('free list: '))) {
    asked<{ requested: number; released: number }>(question, '[R26]', (profile, real) => {
      const ours = freeList(refcount, profile, question.slice('free list: '.length))
      expect(Math.abs(ours.requested - real.requested)).toBeLessThanOrEqual(OWN_OBJECTS)
      expect(Math.abs(ours.released - real.released)).toBeLessThanOrEqual(OWN_OBJECTS)
    })
  }
})

describe('memory that is reused', () => {
  asked<number[]>('reused', '[R27]', (profile, real) => expect(reused(refcount, profile)).toEqual(real))
})

describe('what the collector is told of', () => {
  asked<boolean[]>('tracked', '[R14]', (profile, real) => expect(tracked(refcount, profile)).toEqual(real))
})

describe('objects that a program does not name', () => {
  asked<number[]>('calls', '[R29]', (profile, real) => expect(calls(refcount, profile)).toEqual(real))
  asked<[number, number][]>('attributes', '[R12]', (profile, real) => {
    for (const [place, [made, freed]] of attributes(refcount, profile).entries()) {
      expect(Math.abs(made - (real[place]?.[0] ?? 0))).toBeLessThanOrEqual(OWN_OBJECTS)
      expect(freed).toBe(real[place]?.[1])
    }
  })
})

describe('the order of ends', () => {
  test.each(STORY_NAMES)('[R19] story %s was asked of every interpreter', (story) =>
    expect(answersTo(oracle, `story: ${story}`)).toHaveLength(10),
  )
  for (const story of STORY_NAMES)
    asked<string[]>(`story: ${story}`, '[R19]', (profile, real) => expect(told(refcount, profile, story)).toEqual(real))
})
