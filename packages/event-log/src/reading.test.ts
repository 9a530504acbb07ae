import type { EventBatch } from '@reheap/kernel'
import { firstValueFrom, lastValueFrom, Observable, Subject, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { countingSource, flipped, logOf, must, open, rowsOf, someRows, VOCABULARY } from '../test/logs.ts'
import { type EventLog, openLog } from './event-log.ts'
import { bytesSource } from './source.ts'
import { blobSource } from './streamed-source.ts'

const BATCHES = Array.from({ length: 6 }, (_, i) => someRows(3, i * 3))

/** Lets everything that can go on go on. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

async function countedLog(): Promise<{ log: EventLog; reads: () => number }> {
  const { log, index } = await logOf(BATCHES)
  const source = countingSource(log)
  const opened = must(await openLog(source, { vocabulary: VOCABULARY, index: bytesSource(index) }))
  const opening = source.reads
  return { log: opened, reads: () => source.reads - opening }
}

describe('batches$', () => {
  it('[E36] gives every batch in order, to each subscriber', async () => {
    const { log } = await countedLog()
    for (let time = 0; time < 2; time++) expect((await lastValueFrom(log.batches$.pipe(toArray()))).map(rowsOf)).toEqual(BATCHES)
  })

  it('[E36] reads the next batch after next has returned, and nothing before there is a subscriber', async () => {
    const { log, reads } = await countedLog()
    expect(reads()).toBe(0)
    const readsAtNext: number[] = []
    await lastValueFrom(
      new Observable<EventBatch>((inner) =>
        log.batches$.subscribe({ next: () => readsAtNext.push(reads()), complete: () => inner.complete() }),
      ),
      { defaultValue: null },
    )
    expect(readsAtNext).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('[E37] reads no more once it is unsubscribed', async () => {
    const { log, reads } = await countedLog()
    await lastValueFrom(log.batches$.pipe(take(2)))
    await settled()
    expect(reads()).toBe(2)
  })

  it('[E9] fails with the damaged batch, after the batches before it', async () => {
    const { log, index } = await logOf(BATCHES)
    const opened = must(await open(flipped(log, log.length - 40), index))
    const given: number[] = []
    const error = await new Promise((resolve) =>
      opened.batches$.subscribe({ next: ({ firstIndex }) => given.push(firstIndex), error: resolve }),
    )
    expect(error).toMatchObject({ kind: 'DamagedBatch', batch: 5 })
    expect(given).toEqual([0, 3, 6, 9, 12])
    const pulled: string[] = []
    for await (const batch of opened.batches(4)) pulled.push(batch._tag)
    expect(pulled).toEqual(['Right', 'Left'])
  })
})

describe('concatMap$', () => {
  it('[E38] reads the next batch when what was made of the one before has completed', async () => {
    const { log, reads } = await countedLog()
    const gates: Subject<number>[] = []
    const seen: number[] = []
    let isComplete = false
    log
      .concatMap$((batch) => {
        const gate = new Subject<number>()
        gates.push(gate)
        return new Observable<number>((inner) =>
          gate.subscribe({ next: () => inner.next(batch.firstIndex), complete: () => inner.complete() }),
        )
      })
      .subscribe({
        next: (value) => seen.push(value),
        complete: () => {
          isComplete = true
        },
      })
    for (let batch = 0; batch < BATCHES.length; batch++) {
      await settled()
      expect([gates.length, reads()]).toEqual([batch + 1, batch + 1])
      gates[batch]?.next(0)
      gates[batch]?.next(0)
      gates[batch]?.complete()
    }
    await settled()
    expect(isComplete).toBe(true)
    expect(seen).toEqual([0, 0, 3, 3, 6, 6, 9, 9, 12, 12, 15, 15])
  })

  it('[E38] takes promises and arrays, and passes their failure on', async () => {
    const { log, reads } = await countedLog()
    expect(await lastValueFrom(log.concatMap$((batch) => [batch.firstIndex, batch.length]).pipe(toArray()))).toEqual([
      0, 3, 3, 3, 6, 3, 9, 3, 12, 3, 15, 3,
    ])
    const before = reads()
    const failing = log.concatMap$((batch) => (batch.firstIndex === 3 ? Promise.reject(new Error('no')) : Promise.resolve(1)))
    await expect(lastValueFrom(failing)).rejects.toThrow('no')
    expect(reads() - before).toBe(2)
  })

  it('[E38] gives up what is going on when it is unsubscribed', async () => {
    const { log, reads } = await countedLog()
    let isGivenUp = false
    const subscription = log
      .concatMap$(
        () =>
          new Observable<never>(() => () => {
            isGivenUp = true
          }),
      )
      .subscribe()
    await settled()
    subscription.unsubscribe()
    await settled()
    expect([isGivenUp, reads()]).toEqual([true, 1])
  })
})

describe('reading', () => {
  it('[E39] ahead gives the same batches in three pieces of memory', async () => {
    const { log, index } = await logOf(BATCHES)
    const pieces = new Set<ArrayBufferLike>()
    const source = {
      ...bytesSource(log),
      read: async (offset: number, length: number, into?: Uint8Array) => {
        if (into === undefined) return log.slice(offset, offset + length)
        pieces.add(into.buffer)
        into.set(log.subarray(offset, offset + length))
        return into.subarray(0, length)
      },
    }
    const opened = must(await openLog(source, { vocabulary: VOCABULARY, index: bytesSource(index) }))
    const given: unknown[] = []
    for await (const batch of opened.readAhead(1)) {
      await settled()
      given.push(rowsOf(must(batch)))
    }
    expect(given).toEqual(BATCHES.slice(1))
    expect(pieces.size).toBe(3)
  })

  it('[E39] ahead ends after a damaged batch', async () => {
    const { log, index } = await logOf(BATCHES)
    const opened = must(await open(flipped(log, Math.floor(log.length / 2)), index))
    const tags: string[] = []
    for await (const batch of opened.readAhead()) tags.push(batch._tag)
    expect(tags.filter((tag) => tag === 'Left').length).toBe(1)
    expect(tags.at(-1)).toBe('Left')
    expect(tags.length).toBeLessThan(BATCHES.length)
  })

  it('[E40] from a Blob is the same', async () => {
    const { log, index } = await logOf(BATCHES)
    const opened = must(await openLog(blobSource(new Blob([log])), { vocabulary: VOCABULARY, index: blobSource(new Blob([index])) }))
    expect(opened.integrity).toBe('indexed')
    expect(rowsOf(await firstValueFrom(opened.batches$))).toEqual(BATCHES[0])
    await opened.close()
  })

  it('[E44] finds the batch of every event', async () => {
    const { log } = await logOf([someRows(1), someRows(4), someRows(2)])
    const opened = must(await open(log))
    expect(Array.from({ length: 8 }, (_, event) => opened.batchOf(event))).toEqual([0, 1, 1, 1, 1, 2, 2, 3])
    expect(() => opened.batch(3)).toThrow('there is no batch 3')
  })
})
