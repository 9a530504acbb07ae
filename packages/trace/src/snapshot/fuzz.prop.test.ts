import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tries } from '../../../../scripts/tests/effort.ts'
import { deviceProgram } from '../../test/device-program.ts'
import { pickled } from '../../test/pickle.ts'
import { AT, block, entry, exported, freed, MIB, refusalOf, segment } from '../../test/snapshots.ts'

const frames = [{ filename: 'a.py', line: 1, name: 'f' }]
const SMALL = pickled({
  segments: [segment(AT, [block(AT, 4 * MIB, 'active_allocated', { frames }), block(AT + 4 * MIB, 16 * MIB, 'inactive')])],
  device_traces: [
    [
      entry('segment_alloc', AT, 20 * MIB),
      entry('alloc', AT + 4 * MIB, 512, { frames }),
      ...freed(AT + 4 * MIB, 512),
      entry('alloc', AT, 4 * MIB),
    ],
  ],
  allocator_settings: { max_split_size: -1, roundup_power2_divisions: { '1': 0 } },
  external_annotations: [{ stage: 'START', name: 'x', device: 0, time_us: 5 }],
})

/** What an error must look like: one line, where, what, how to mend. */
const ERROR = /^snapshot\.pickle: [^\n]+; [^\n]+$/
const isAnswer = (message: string): boolean => message === 'accepted' || ERROR.test(message)

const edit = fc.record({ at: fc.nat(), cut: fc.nat({ max: 4 }), put: fc.uint8Array({ maxLength: 4 }) })
type Edit = { readonly at: number; readonly cut: number; readonly put: Uint8Array }
function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce((file, { at, cut, put }) => {
    const place = at % file.length
    return Buffer.concat([file.subarray(0, place), put, file.subarray(place + cut)])
  }, bytes)
}

test('[T54] no mutation of a snapshot makes reading throw or hang', async () => {
  const { header, rows } = deviceProgram({ seed: 5, requests: 60, devices: 2, streams: 2, recordStream: 5 })
  const large = await exported(header, [rows])
  const seen = { accepted: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(SMALL, large),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (file, edits, isPacked) => {
        const bytes = edited(file, edits)
        const message = await refusalOf(isPacked ? gzipSync(bytes) : bytes)
        seen[message === 'accepted' ? 'accepted' : 'refused'] += 1
        expect(isAnswer(message) ? '' : message).toBe('')
      },
    ),
    { numRuns: tries(1500) },
  )
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(0)
})

test('[T54] no bytes at all make reading throw or hang', async () => {
  const ops = fc.constantFrom(
    ...[...'(.NJKMXB]aesu})tqrhjG'].map((letter) => letter.charCodeAt(0)),
    0x94,
    0x8c,
    0x8a,
    0x86,
    0x95,
    0x88,
    1,
    0,
  )
  await fc.assert(
    fc.asyncProperty(fc.array(ops, { maxLength: 60 }), async (codes) => {
      const message = await refusalOf(Uint8Array.from([0x80, 4, ...codes, 0x2e]))
      expect(isAnswer(message) ? '' : message).toBe('')
    }),
    { numRuns: tries(3000) },
  )
})
