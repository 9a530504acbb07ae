import { spawnSync } from 'node:child_process'
import { openAsBlob } from 'node:fs'
import { createLog } from '@reheap/event-log/node'
import { EventColumns, NO_ID } from '@reheap/kernel'
import { EVENT_FORMS } from '@reheap/trace'
import { afterAll, describe, expect, test } from 'vitest'
import { DAMAGED_HEADERS } from '../../../scripts/tests/damaged-headers.ts'
import { readLog } from '../src/session/log-store.ts'
import { LACKING } from './browser.ts'
import { COMMAND, Workplace } from './recordings.ts'

const VOCABULARY = Object.fromEntries(EVENT_FORMS.map(({ kind, opcode }) => [kind, opcode]))

describe.skipIf(LACKING !== null)('a header of another writer', () => {
  const place = new Workplace()
  afterAll(place.remove)

  /** A stored log of one event, whose header has these fields beside the runtime. */
  async function logWith(fields: object): Promise<string> {
    const file = place.at('log.arrows')
    const header = { reheap: 1 as const, runtime: { name: 'cpython', version: '3.11.7' }, ...fields }
    const created = await createLog(file, header, { vocabulary: VOCABULARY, overwrite: true })
    if (created._tag === 'Left') throw new Error(created.left.message)
    const rows = new EventColumns(1)
    rows.push(VOCABULARY.Malloc ?? 0, 0, 0, NO_ID, 600, Number.NaN)
    created.right.append(rows)
    created.right.close()
    return file
  }

  test.each(DAMAGED_HEADERS)('[V3] whose %s cannot be is refused with the line of the command', async (field, fields) => {
    const file = await logWith(fields)
    const read = await readLog(await openAsBlob(file), file, () => {})
    const { stderr } = spawnSync(process.execPath, [COMMAND, 'verify', file], { encoding: 'utf8' })
    expect(stderr).toContain(`header.${field}`)
    expect(read._tag === 'Left' && `reheap: ${read.left}\n`).toBe(stderr)
  })

  test('[V3] with fields that nothing here reads opens', async () => {
    const file = await logWith({ note: 'mine' })
    const read = await readLog(await openAsBlob(file), file, () => {})
    expect(read._tag === 'Right' && read.right.length).toBe(1)
  })
})
