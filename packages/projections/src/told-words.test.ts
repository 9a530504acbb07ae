import { expect, test } from 'vitest'
import { fieldWords, toldWords } from './told-words.ts'

test('[P33] an event is told as its kind with its fields: addresses, sizes and counts as everywhere', () => {
  expect(toldWords({ kind: 'EmptyCache' })).toBe('EmptyCache')
  const event = { kind: 'Malloc', domain: 'obj', block: 1234, bytes: 1536, address: 0x7f0000000010 }
  expect(toldWords(event)).toBe('Malloc domain obj, block 1,234, bytes 1.50 KiB, address 0x7f0000000010')
})

test('[P33] what has no value, and what has several, is told as JSON', () => {
  expect(['address', 'thresholds', 'callback'].map((field, place) => fieldWords(field, [null, [700, 10], true][place]))).toEqual([
    'null',
    '[700,10]',
    'true',
  ])
  expect([fieldWords('poolBytes', 16_384), fieldWords('bytesReleased', 84)]).toEqual(['16.00 KiB', '84 B'])
})
