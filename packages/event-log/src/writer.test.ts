import { describe, expect, it } from 'vitest'
import { columnsOf, HEADER, logOf, must, mustFail, open, readBatches, someRows, VOCABULARY } from '../test/logs.ts'
import { fullAfter } from '../test/sinks.ts'
import { openLog } from './event-log.ts'
import type { LogHeader } from './header.ts'
import { type MemorySink, memorySink } from './sink.ts'
import type { ByteSource } from './source.ts'
import { writeLog } from './writer.ts'

const OPTIONS = { vocabulary: VOCABULARY }

describe('a writer', () => {
  it('[E32] whose disk is full, at any byte, keeps every whole batch and gives the same error again', async () => {
    const batches = [someRows(2), someRows(3, 2), someRows(4, 5)]
    const { log: whole, index } = await logOf(batches)
    const empty = await logOf([])
    const prefix = empty.log.length - 8
    for (let capacity = prefix; capacity < whole.length; capacity += 7) {
      const disk = fullAfter(capacity)
      const entries = memorySink()
      const writer = must(await writeLog(disk, entries, HEADER, OPTIONS))
      const answers = [...batches.flatMap((batch) => [writer.append(columnsOf(batch)), writer.flush()]), writer.close()]
      const errors = answers.filter((answer) => answer._tag === 'Left').map(mustFail)
      expect(errors.length).toBeGreaterThan(0)
      expect(new Set(errors).size).toBe(1)
      expect(errors[0]).toMatchObject({ kind: 'Unwritable', code: 'ENOSPC' })
      const opened = must(await open(disk.bytes(), entries.bytes()))
      expect(opened.damage).toEqual([])
      expect(await readBatches(opened)).toEqual(batches.slice(0, opened.batchCount))
      expect(errors[0]?.message).toContain(`${opened.length} events are in the log`)
      expect(whole.slice(0, disk.bytes().length)).toEqual(disk.bytes())
      expect(index.slice(0, entries.bytes().length)).toEqual(entries.bytes())
    }
  })

  it('[E32] whose index cannot be written, and which cannot even take back, leaves a log that opens', async () => {
    const rows = someRows(3)
    const refused = () => {
      throw Object.assign(new Error('EIO: ftruncate'), { code: 'EIO' })
    }
    const disk = { ...memorySink(), cut: refused }
    const entries = { ...fullAfter(60), cut: refused }
    const writer = must(await writeLog(disk, entries, HEADER, OPTIONS))
    must(writer.append(columnsOf(rows)))
    expect(mustFail(writer.flush()).message).toContain('no space left on the disk; free space')
    const opened = must(await open(disk.bytes(), entries.bytes()))
    expect(opened.damage).toMatchObject([{ kind: 'Index', entry: 1 }])
    expect(await readBatches(opened)).toEqual([rows])
  })

  it('[E31] whose disk is full from the start gives an error', async () => {
    expect(mustFail(await writeLog(fullAfter(50), memorySink(), HEADER, OPTIONS))).toMatchObject({ kind: 'Unwritable', code: 'ENOSPC' })
    expect(mustFail(await writeLog(memorySink(), fullAfter(10), HEADER, OPTIONS))).toMatchObject({ kind: 'Unwritable', code: 'ENOSPC' })
  })

  it('[E33] that has flushed can be read, though it goes on', async () => {
    const log = memorySink()
    const index = memorySink()
    const writer = must(await writeLog(log, index, HEADER, OPTIONS))
    must(writer.append(columnsOf(someRows(3))))
    expect(must(await open(log.bytes(), index.bytes())).length).toBe(0)
    must(writer.flush())
    must(writer.flush())
    const opened = must(await open(log.bytes(), index.bytes()))
    expect([opened.length, opened.batchCount, opened.isClosed, opened.damage]).toEqual([3, 1, false, []])
    must(writer.append(columnsOf(someRows(2, 3))))
    expect(writer.length).toBe(5)
    must(writer.close())
    expect((await readBatches(must(await open(log.bytes(), index.bytes())))).flat()).toEqual(someRows(5))
  })

  it('[E33] that flushes while the log is being opened makes no damage of it', async () => {
    const log = memorySink()
    const index = memorySink()
    const writer = must(await writeLog(log, index, HEADER, OPTIONS))
    const growing = (sink: MemorySink): ByteSource => ({
      name: sink.name,
      size: async () => sink.bytes().length,
      read: async (offset, length) => sink.bytes().slice(offset, offset + length),
      close: async () => {},
    })
    const slow = growing(index)
    const opened = must(
      await openLog(growing(log), {
        ...OPTIONS,
        index: {
          ...slow,
          read: (offset, length) => {
            if (writer.length === 0) must(writer.append(columnsOf(someRows(3))))
            must(writer.flush())
            return slow.read(offset, length)
          },
        },
      }),
    )
    expect([opened.length, opened.damage]).toEqual([3, []])
  })

  it.each<[string, unknown, Record<string, number>, string]>([
    ['a header without runtime', { reheap: 1 }, VOCABULARY, 'header: runtime'],
    ['another version', { ...HEADER, reheap: 2 }, VOCABULARY, 'header: reheap: expected reheap (format version 1)'],
    ['two names of one opcode', HEADER, { Give: 1, Take: 1 }, 'vocabulary: expected vocabulary'],
    ['a header that is too long to be read', { ...HEADER, note: 'x'.repeat(1 << 24) }, VOCABULARY, 'longer than 16 MiB'],
    ['opcode 0', HEADER, { Give: 0 }, 'vocabulary: Give: expected opcode'],
    ['an opcode above 255', HEADER, { Give: 256 }, 'vocabulary: Give: expected opcode'],
  ])('[E34] refuses %s and writes nothing', async (_, header, vocabulary, words) => {
    const log = memorySink()
    const index = memorySink()
    const error = mustFail(await writeLog(log, index, header as LogHeader, { vocabulary }))
    expect(error.kind).toBe('WrongHeader')
    expect(error.message).toContain(words)
    expect([log.bytes().length, index.bytes().length]).toEqual([0, 0])
  })

  it('[E35] throws for an opcode that is not in the vocabulary, and has appended nothing then', async () => {
    const rows = columnsOf(someRows(2))
    rows.push(3, 0, 0, 0, 0, 0)
    const writer = must(await writeLog(memorySink(), memorySink(), HEADER, OPTIONS))
    expect(() => writer.append(rows)).toThrow('opcode 3 is not in the vocabulary')
    expect(writer.length).toBe(0)
  })

  it('[E35] throws once it is closed; closing it again does nothing', async () => {
    const log = memorySink()
    const writer = must(await writeLog(log, memorySink(), HEADER, OPTIONS))
    must(writer.close())
    const { length } = log.bytes()
    must(writer.close())
    expect(log.bytes().length).toBe(length)
    expect(() => writer.append(columnsOf(someRows(1)))).toThrow('closed')
    expect(() => writer.flush()).toThrow('closed')
  })
})
