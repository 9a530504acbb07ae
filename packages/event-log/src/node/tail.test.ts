import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subscription } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { columnsOf, flipped, HEADER, must, type Row, rowsOf, someRows, VOCABULARY } from '../../test/logs.ts'
import type { LogError } from '../error.ts'
import { createLog, indexPathOf } from './log-file.ts'
import { tail$ } from './tail.ts'

const OPTIONS = { vocabulary: VOCABULARY }

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reheap-tail-'))
  path = join(folder, 'run.arrows')
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Followed {
  readonly batches: Row[][]
  end: 'none' | 'complete' | LogError
  readonly subscription: Subscription
}

/** Follows the log and keeps what it gives. */
function follow(): Followed {
  const batches: Row[][] = []
  const followed: Followed = {
    batches,
    end: 'none',
    subscription: tail$(path, { ...OPTIONS, pollMs: 1 }).subscribe({
      next: (batch) => batches.push(rowsOf(batch)),
      error: (error: LogError) => {
        followed.end = error
      },
      complete: () => {
        followed.end = 'complete'
      },
    }),
  }
  return followed
}

describe('tail$', () => {
  it('[E41] gives each batch once it is whole and completes when the log is closed', async () => {
    const writer = must(await createLog(path, HEADER, OPTIONS))
    const early = follow()
    for (let batch = 0; batch < 3; batch++) {
      must(writer.append(columnsOf(someRows(3, batch * 3))))
      expect(early.batches.length).toBe(batch)
      must(writer.flush())
      await vi.waitFor(() => expect(early.batches.length).toBe(batch + 1))
    }
    const late = follow()
    await vi.waitFor(() => expect(late.batches.length).toBe(3))
    expect([early.end, late.end]).toEqual(['none', 'none'])
    must(writer.append(columnsOf(someRows(1, 9))))
    must(writer.close())
    await vi.waitFor(() => expect([early.end, late.end]).toEqual(['complete', 'complete']))
    for (const { batches } of [early, late]) expect(batches.flat()).toEqual(someRows(10))
  })

  it('[E41] waits for an index entry that is half written', async () => {
    const writer = must(await createLog(path, HEADER, OPTIONS))
    must(writer.append(columnsOf(someRows(3))))
    must(writer.close())
    const entries = readFileSync(indexPathOf(path))
    writeFileSync(indexPathOf(path), entries.subarray(0, 70))
    const followed = follow()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([followed.batches.length, followed.end]).toEqual([0, 'none'])
    writeFileSync(indexPathOf(path), entries.subarray(70), { flag: 'a' })
    await vi.waitFor(() => expect(followed.end).toBe('complete'))
    expect(followed.batches).toEqual([someRows(3)])
  })

  it('[E42] of a log that is not there, or has no index, is an error', async () => {
    const missing = follow()
    await vi.waitFor(() => expect(missing.end).toMatchObject({ kind: 'Unreadable' }))
    must(must(await createLog(path, HEADER, OPTIONS)).close())
    rmSync(indexPathOf(path))
    const unindexed = follow()
    await vi.waitFor(() => expect(unindexed.end).toMatchObject({ kind: 'BrokenIndex' }))
  })

  it('[E42] of a log whose index or batch is damaged is an error, after the batches before it', async () => {
    const writer = must(await createLog(path, HEADER, OPTIONS))
    for (let batch = 0; batch < 3; batch++) {
      must(writer.append(columnsOf(someRows(3))))
      must(writer.flush())
    }
    must(writer.close())
    const [log, index] = [readFileSync(path), readFileSync(indexPathOf(path))]
    writeFileSync(indexPathOf(path), flipped(index, 2 * 48 + 5))
    const first = follow()
    await vi.waitFor(() => expect(first.end).toMatchObject({ kind: 'BrokenIndex' }))
    expect(first.batches.length).toBe(1)
    writeFileSync(indexPathOf(path), index)
    writeFileSync(path, flipped(log, log.length - 40))
    const second = follow()
    await vi.waitFor(() => expect(second.end).toMatchObject({ kind: 'DamagedBatch', batch: 2 }))
    expect(second.batches.length).toBe(2)
  })

  it('[E42] of a log that is deleted or written anew is an error', async () => {
    const writer = must(await createLog(path, HEADER, OPTIONS))
    must(writer.append(columnsOf(someRows(3))))
    must(writer.flush())
    const first = follow()
    await vi.waitFor(() => expect(first.batches.length).toBe(1))
    truncateSync(indexPathOf(path), 48)
    await vi.waitFor(() => expect(first.end).toMatchObject({ kind: 'Vanished' }))
    const second = follow()
    await new Promise((resolve) => setTimeout(resolve, 10))
    rmSync(indexPathOf(path))
    await vi.waitFor(() => expect(second.end).toMatchObject({ kind: 'Vanished' }))
    must(writer.close())
  })

  it.skipIf(!existsSync('/proc/self/fd'))(
    '[E43] that is unsubscribed while it waits closes its files at once (needs /proc, which Linux has)',
    async () => {
      must(await createLog(path, HEADER, OPTIONS))
      const opened = () => readdirSync('/proc/self/fd').filter((file) => targetOf(`/proc/self/fd/${file}`).startsWith(path)).length
      const writing = opened()
      const subscription = tail$(path, { ...OPTIONS, pollMs: 600_000 }).subscribe()
      await vi.waitFor(() => expect(opened()).toBe(writing + 2))
      await new Promise((resolve) => setTimeout(resolve, 20))
      subscription.unsubscribe()
      await vi.waitFor(() => expect(opened()).toBe(writing))
    },
  )
})

/** The file that an entry of `/proc/self/fd` stands for; the one that listed the folder is gone again. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
