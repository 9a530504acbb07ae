import { readFileSync } from 'node:fs'
import { isLeft } from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { decodeHeader, headerLine } from '../src/header.ts'
import { encodeEvents } from '../src/jsonl-writer.ts'
import { EVENT_FORMS } from '../src/vocabulary.ts'
import { HEADER, outcomeOfText } from './lines.ts'

const page = readFileSync(new URL('../../../docs/jsonl.md', import.meta.url), 'utf8')
const lines = [...page.matchAll(/```jsonl\n(.*?)```/gs)].flatMap(([, block = '']) => block.trimEnd().split('\n'))
const events = lines.filter((line) => line.startsWith('{"kind"'))
const headers = lines.filter((line) => !line.startsWith('{"kind"'))

test('[T6] every event of docs/jsonl.md is read, and written as it stands there', async () => {
  const { batches, errors } = await outcomeOfText([HEADER, ...events].join('\n'))
  expect(errors).toEqual([])
  const encoded = batches.map((batch) => encodeEvents(batch, { name: 'docs/jsonl.md' }))
  expect(encoded.map((text) => (isLeft(text) ? text.left.message : new TextDecoder().decode(text.right))).join('')).toBe(
    `${events.join('\n')}\n`,
  )
})

test('[T6] docs/jsonl.md shows every kind', () => {
  const shown = new Set(events.map((line) => JSON.parse(line).kind))
  expect([...shown].sort()).toEqual(EVENT_FORMS.map((form) => form.kind).sort())
})

test('[T19] every header of docs/jsonl.md is read, and written as it stands there', () => {
  expect(headers.length).toBeGreaterThan(0)
  for (const line of headers) {
    const header = decodeHeader(JSON.parse(line))
    expect(isLeft(header) ? header.left : headerLine(header.right)).toBe(`${line}\n`)
  }
})
