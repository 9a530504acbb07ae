import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { columnsOf, HEADER, must, mustFail, readBatches, someRows, VOCABULARY } from '../../test/logs.ts'
import type { LogHeader } from '../header.ts'
import { type CreateOptions, createLog, indexPathOf, openLogFile } from './log-file.ts'

const OPTIONS = { vocabulary: VOCABULARY }
const ROWS = someRows(7)

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reheap-log-'))
  path = join(folder, 'run.arrows')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function written(options: CreateOptions = OPTIONS): Promise<void> {
  const writer = must(await createLog(path, HEADER, options))
  must(writer.append(columnsOf(ROWS.slice(0, 4))))
  must(writer.flush())
  must(writer.append(columnsOf(ROWS.slice(4))))
  must(writer.close())
}

describe('a log file', () => {
  it('[E6] comes back as it was written, with its index beside it', async () => {
    await written()
    expect(readdirSync(folder)).toEqual(['run.arrows', 'run.arrows.index'])
    const log = must(await openLogFile(path, OPTIONS))
    expect([log.name, log.integrity, log.isClosed, log.damage]).toEqual([path, 'indexed', true, []])
    expect((await readBatches(log)).flat()).toEqual(ROWS)
    await log.close()
    rmSync(indexPathOf(path))
    const scanned = must(await openLogFile(path, OPTIONS))
    expect(scanned.integrity).toBe('scanned')
    expect((await readBatches(scanned)).flat()).toEqual(ROWS)
    await scanned.close()
  })

  it('[E16] is not changed by opening and reading, whole or damaged', async () => {
    await written()
    const bytes = readFileSync(path)
    for (const length of [bytes.length, bytes.length - 30, 700, 3]) {
      truncateSync(path, length)
      const files = () => [path, indexPathOf(path)].map((file) => [readFileSync(file), statSync(file).mtimeMs])
      const before = files()
      const opened = await openLogFile(path, OPTIONS)
      if (opened._tag === 'Right') await readBatches(opened.right)
      if (opened._tag === 'Right') await opened.right.close()
      expect(files()).toEqual(before)
    }
    expect(readdirSync(folder)).toEqual(['run.arrows', 'run.arrows.index'])
  })

  it('[E20] that is missing, a folder or a special file is Unreadable', async () => {
    mkdirSync(join(folder, 'deep'))
    for (const [name, words] of [
      ['none.arrows', 'no such file or folder'],
      ['deep', 'not a regular file'],
      ['deep/none/x.arrows', 'no such file or folder'],
    ] as const) {
      const error = mustFail(await openLogFile(join(folder, name), OPTIONS))
      expect(error.kind).toBe('Unreadable')
      expect(error.message).toContain(`${join(folder, name)}: `)
      expect(error.message).toContain(words)
    }
  })

  it('[E20] whose index is a folder is Unreadable', async () => {
    await written()
    rmSync(indexPathOf(path))
    mkdirSync(indexPathOf(path))
    expect(mustFail(await openLogFile(path, OPTIONS))).toMatchObject({ kind: 'Unreadable' })
  })

  it('[E26] that is deleted while it is read is Vanished', async () => {
    await written()
    const log = must(await openLogFile(path, OPTIONS))
    must(await log.batch(0))
    rmSync(path)
    const error = mustFail(await log.batch(1))
    expect(error).toEqual({ kind: 'Vanished', message: `${path}: it was deleted while it was being read; restore it and read it again` })
    await log.close()
  })

  it('[E26] that is cut while it is read is Vanished', async () => {
    await written()
    const log = must(await openLogFile(path, OPTIONS))
    truncateSync(path, statSync(path).size - 20)
    must(await log.batch(0))
    expect(mustFail(await log.batch(1))).toMatchObject({ kind: 'Vanished' })
    await log.close()
  })
})

describe('creating a log', () => {
  it.each(['run.arrows', 'run.arrows.index'])('[E30] where %s exists is refused, and touches nothing', async (name) => {
    writeFileSync(join(folder, name), 'precious')
    const error = mustFail(await createLog(path, HEADER, OPTIONS))
    expect(error.kind).toBe('OutputExists')
    expect(error.message).toBe(`${join(folder, name)}: exists already; choose another name or ask to overwrite it`)
    expect(readdirSync(folder)).toEqual([name])
    expect(readFileSync(join(folder, name), 'utf8')).toBe('precious')
  })

  it('[E30] over an old one replaces both files', async () => {
    await written()
    appendFileSync(path, 'x'.repeat(9000))
    await written({ ...OPTIONS, overwrite: true })
    const log = must(await openLogFile(path, OPTIONS))
    expect([log.damage, log.length]).toEqual([[], 7])
    await log.close()
  })

  it('[E31] in a folder that is not there, or below a file, is an error', async () => {
    writeFileSync(join(folder, 'file'), '')
    for (const place of ['none/run.arrows', 'file/run.arrows']) {
      const error = mustFail(await createLog(join(folder, place), HEADER, OPTIONS))
      expect(error.kind).toBe('Unwritable')
      expect(error.message).toMatch(/cannot be written: .*; check the path$/)
    }
    expect(mustFail(await createLog(folder, HEADER, { ...OPTIONS, overwrite: true }))).toMatchObject({ kind: 'Unwritable', code: 'EISDIR' })
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it.skipIf(!existsSync('/dev/full'))('[E31] on a full disk leaves no new file behind (needs /dev/full, which Linux has)', async () => {
    symlinkSync('/dev/full', path)
    expect(mustFail(await createLog(path, HEADER, { ...OPTIONS, overwrite: true }))).toEqual({
      kind: 'Unwritable',
      code: 'ENOSPC',
      message: `${path}: cannot be written: no space left on the disk; free space or choose another place; 0 events are in the log`,
    })
    expect(readdirSync(folder)).toEqual(['run.arrows'])
  })

  it('[E34] with a wrong header leaves no file behind', async () => {
    expect(mustFail(await createLog(path, { reheap: 1 } as LogHeader, OPTIONS)).kind).toBe('WrongHeader')
    expect(readdirSync(folder)).toEqual([])
  })
})
