import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { someOf } from '../../../scripts/tests/effort.ts'
import {
  compareProgram,
  DEED_WEIGHTS,
  type Meetings,
  objectProfile,
  objectPrograms,
  packRecording,
  plainLines,
  sourceOfProgram,
  unpackRecording,
  writeProgram,
} from '../src/index.ts'
import { programs, runs } from './objects-recording.ts'

const meetings: Meetings = new Map()

describe.each(runs.map((run, turn) => ({ ...run, turn })))('$name', ({ version, pointerBits, printed, turn }) => {
  test('[P24] the simulation prints what the real interpreter printed', () => {
    const profile = objectProfile(version, pointerBits)
    const differences = someOf([...programs.entries()], turn).flatMap(([index, program]) => {
      const difference = compareProgram(program, printed[index] ?? '', profile, undefined, meetings)
      return difference === null ? [] : [{ index, ...difference }]
    })
    expect(differences).toEqual([])
  })
})

test('[P25] the recorded programs meet what the rules are about', () => {
  const kinds = [
    'callback in a collection',
    'callback in a death',
    'chain as deep as the trashcan',
    'collection at the start of a collection',
    'collection by request',
    'collection of garbage',
    'collection of generation 0',
    'collection of generation 1',
    'collection of generation 2',
    'finalizer in a collection',
    'finalizer in a collection, resurrecting',
    'finalizer in a death',
    'finalizer in a death, resurrecting',
    'full collection deferred',
    'garbage kept',
    'object from a free list',
    'object that its full free list did not take',
  ]
  expect([...meetings.keys()].sort()).toEqual(kinds)
})

test('[P25] every kind of deed is drawn, and each says something', () => {
  const drawn = new Set(programs.flatMap(({ deeds }) => deeds.map((deed) => deed.do)))
  expect([...drawn].sort()).toEqual(Object.keys(DEED_WEIGHTS).sort())
  const script = programs.map((program) => writeProgram(program, 1).lines.join('\n')).join('\n')
  const words = [
    'freeze()',
    'unfreeze()',
    'set_debug(saveall)',
    'garbage.clear()',
    'ref(*(',
    'Key(*(',
    'lambda',
    '.method',
    'close(',
    'list(*(',
  ]
  expect(words.filter((word) => !script.includes(word))).toEqual([])
})

test('[P26] a program is written twice the same, and its script does not depend on the runtime', () => {
  fc.assert(
    fc.property(objectPrograms(30), fc.integer({ min: 1, max: 50 }), (program, background) => {
      const one = writeProgram(program, 1)
      const other = writeProgram(program, background)
      expect(other.lines).toEqual(one.lines)
      expect(sourceOfProgram(program)).toContain(one.lines.join('\n'))
      expect(one.deeds).toHaveLength(one.rows.length)
      expect(other.observations.map(({ of }) => of)).toEqual(one.observations.map(({ of }) => of))
    }),
    { numRuns: 50, seed: 1 },
  )
})

test('[P27] printed values are read as numbers, statistics and frozen objects as differences', () => {
  const stats = (collections: number): string => `s [{'collections': ${collections}, 'collected': 3, 'uncollectable': 0, 'candidates': 9}]`
  const lines = [stats(4), 'c (1, 2, 3)', 't True', 'a False', 'f 12', 'r 2', 'start 0 @1', 'stop 0 1 0 @1', stats(6)]
  expect(plainLines(lines, 10)).toEqual(['s 0 0 0', 'c 1 2 3', 't 1', 'a 0', 'f 2', 'r 2', 'start 0 @1', 'stop 0 1 0 @1', 's 2 0 0'])
})

test('[P27] a recording unpacks to what was packed, times left out', () => {
  const [program] = programs
  const run = {
    name: 'a',
    version: '3.8.1',
    pointerBits: 64 as const,
    printed: ["frozen 5\ns {'collected': 1, 'duration': 1.5e-05}\nr 2\nr 2"],
  }
  const packed = packRecording(program === undefined ? [] : [program], [run])
  expect(packed.lines).toHaveLength(3)
  expect(unpackRecording(packed)).toEqual([{ ...run, printed: ["frozen 5\ns {'collected': 1}\nr 2\nr 2"] }])
})
