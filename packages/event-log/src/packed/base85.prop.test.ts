import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { base85, fromBase85 } from './base85.ts'

async function textOf(chunks: readonly Uint8Array[]): Promise<string> {
  async function* each() {
    yield* chunks
  }
  let text = ''
  for await (const piece of base85(each())) text += piece
  return text
}

test.prop([fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 6 })])(
  '[E65] bytes come back from their text, however they were cut, and no character of it means anything in a page',
  async (chunks) => {
    const bytes = chunks.flatMap((chunk) => [...chunk])
    const text = await textOf(chunks)
    expect([...fromBase85(text)]).toEqual(bytes)
    expect(text).not.toMatch(/[<>&"'\\\s]/)
    expect(text.length).toBe(Math.ceil((bytes.length * 5) / 4))
  },
)

test('[E65] the largest and the smallest groups come back', async () => {
  const bytes = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255)
  expect(await textOf([bytes])).toMatch(/^.{14}$/)
  expect(fromBase85(await textOf([bytes]))).toEqual(bytes)
})
