import { fc, test } from '@fast-check/vitest'
import { reducerOf, type Wording } from '@reheap/kernel'
import { lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { counter, emptyCount, FORBIDDEN, figures } from '../test/counter.ts'
import { columnsOf, flipped, logOf, must, open, type Row, someRows, VOCABULARY } from '../test/logs.ts'
import type { EventLog } from './event-log.ts'
import { type ReplayOptions, replay$ } from './replay.ts'
import { Snapshots } from './snapshots.ts'

const BATCHES = [someRows(5), someRows(3, 5), someRows(7, 8), someRows(1, 15), someRows(4, 16)]
const ROWS = BATCHES.flat()
const forbidden: Row = { code: VOCABULARY.Take, tag: 0, id: FORBIDDEN, other: 0, size: 0, address: 0, context: {}, detail: null }

async function logOfBatches(batches: readonly (readonly Row[])[]): Promise<EventLog> {
  const { log, index } = await logOf(batches)
  return must(await open(log, index))
}

const wording: Wording<number, number, never, number> = { write: () => {}, read: () => 0 }
const reducer = reducerOf(counter, wording, () => emptyCount)

/** The state after some rows, and the events that caused a fact: what the pure reducer says. */
function expected(rows: readonly Row[]) {
  const { state, emitted } = must(reducer.fold(emptyCount, columnsOf(rows)))
  return { state: figures(state), causes: [...emitted.cause.subarray(0, emitted.length)] }
}

/** All that a replay gives, and the error that it ends with. */
function replayed(log: EventLog, options: ReplayOptions = {}, initial = emptyCount) {
  const steps: { at: number; state: ReturnType<typeof figures> | null; causes: number[] }[] = []
  return new Promise<{ steps: typeof steps; error: unknown }>((resolve) => {
    replay$(log, counter, initial, options).subscribe({
      next: ({ at, state, facts }) => {
        steps.push({ at, state: state && figures(state), causes: [...facts.cause.subarray(0, facts.length)] })
      },
      error: (error: unknown) => resolve({ steps, error }),
      complete: () => resolve({ steps, error: null }),
    })
  })
}

describe('a replay', () => {
  it('[E45] gives the states and the facts of the reducer', async () => {
    const { steps, error } = await replayed(await logOfBatches(BATCHES))
    expect(error).toBeNull()
    expect(steps.map(({ at }) => at)).toEqual([5, 8, 15, 16, 20])
    expect(steps.at(-1)?.state).toEqual(expected(ROWS).state)
    expect(steps.flatMap(({ causes }) => causes)).toEqual(expected(ROWS).causes)
  })

  it('[E45] hands the batch on with each step', async () => {
    const steps = await lastValueFrom(replay$(await logOfBatches(BATCHES), counter, emptyCount).pipe(toArray()))
    expect(steps.map(({ batch }) => [batch.firstIndex, batch.length])).toEqual([
      [0, 5],
      [5, 3],
      [8, 7],
      [15, 1],
      [16, 4],
    ])
  })

  it('[E46] stops before `until`, and goes on from a state, whatever the event', async () => {
    const log = await logOfBatches(BATCHES)
    for (let until = 0; until <= ROWS.length + 1; until++) {
      const first = await lastValueFrom(replay$(log, counter, emptyCount, { until }), { defaultValue: null })
      const state = first?.state ?? emptyCount
      expect(figures(state)).toEqual(expected(ROWS.slice(0, until)).state)
      const rest = await replayed(log, {}, state)
      expect(rest.steps.at(-1)?.state ?? figures(state)).toEqual(expected(ROWS).state)
      expect(rest.steps.flatMap(({ causes }) => causes)).toEqual(expected(ROWS).causes.filter((cause) => cause >= until))
    }
  })

  it('[E47] seals behind multiples of `every` and at the end only', async () => {
    const log = await logOfBatches(BATCHES)
    const sealedAt = async (every: number) =>
      (await replayed(log, { every })).steps.filter(({ state }) => state !== null).map(({ at }) => at)
    expect(await sealedAt(1)).toEqual([5, 8, 15, 16, 20])
    expect(await sealedAt(8)).toEqual([8, 16, 20])
    expect(await sealedAt(6)).toEqual([8, 15, 20])
    expect(await sealedAt(1000)).toEqual([20])
    expect((await replayed(log, { every: 8 })).steps.at(1)?.state).toEqual(expected(ROWS.slice(0, 8)).state)
  })

  it('[E48] ends with the index and the reason of a rejection, after what was applied before it', async () => {
    const rows = [...someRows(2, 8), forbidden, ...someRows(3, 10)]
    const { steps, error } = await replayed(await logOfBatches([someRows(5), someRows(3, 5), rows]))
    expect(error).toEqual({
      kind: 'Rejected',
      index: 10,
      reason: `block ${FORBIDDEN} is forbidden`,
      message: `test.arrows: event 10 cannot have happened: "block ${FORBIDDEN} is forbidden"`,
    })
    expect(steps.map(({ at }) => at)).toEqual([5, 8, 10])
    expect(steps.at(-1)?.state).toEqual(expected([...ROWS.slice(0, 8), ...someRows(2, 8)]).state)
  })

  it('[E49] ends at a damaged batch, of which nothing is applied', async () => {
    const { log, index } = await logOf(BATCHES)
    const opened = must(await open(flipped(log, log.length - 50), index))
    const { steps, error } = await replayed(opened, { every: 1 })
    expect(error).toMatchObject({ kind: 'DamagedBatch', batch: 4, firstEvent: 16, lastEvent: 19 })
    expect(steps.at(-1)?.state).toEqual(expected(ROWS.slice(0, 16)).state)
  })

  it('[E50] that is muted gives no facts and the same state', async () => {
    const { steps } = await replayed(await logOfBatches(BATCHES), { muted: true })
    expect(steps.flatMap(({ causes }) => causes)).toEqual([])
    expect(steps.at(-1)?.state).toEqual(expected(ROWS).state)
  })
})

describe('snapshots', () => {
  test.prop([fc.array(fc.nat(8), { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), fc.integer({ min: 1, max: 20 }), fc.boolean()])(
    '[E51] stateAt gives the state of a replay of that many events, in any order',
    async (sizes, indexes, every, isFilled) => {
      const rows = someRows(sizes.reduce((sum, size) => sum + size, 0))
      const starts = sizes.map((_, batch) => sizes.slice(0, batch).reduce((sum, size) => sum + size, 0))
      const log = await logOfBatches(sizes.map((size, batch) => rows.slice(starts[batch] ?? 0, (starts[batch] ?? 0) + size)))
      const snapshots = new Snapshots(log, counter, emptyCount, { every })
      if (isFilled) expect(figures(must(await snapshots.fill()))).toEqual(expected(rows).state)
      for (const index of indexes.map((n) => n % (rows.length + 1))) {
        expect(figures(must(await snapshots.stateAt(index)))).toEqual(expected(rows.slice(0, index)).state)
      }
    },
  )

  it('[E51] answers several questions at once', async () => {
    const snapshots = new Snapshots(await logOfBatches(BATCHES), counter, emptyCount, { every: 4 })
    const indexes = [20, 3, 0, 11, 19, 8]
    const states = await Promise.all(indexes.map((index) => snapshots.stateAt(index)))
    expect(states.map((state) => figures(must(state)))).toEqual(indexes.map((index) => expected(ROWS.slice(0, index)).state))
  })

  it('[E51] answers up to a rejected event, and gives the rejection behind it', async () => {
    const snapshots = new Snapshots(await logOfBatches([someRows(5), [forbidden, ...someRows(3)]]), counter, emptyCount, { every: 2 })
    expect(await snapshots.fill()).toMatchObject({ _tag: 'Left', left: { kind: 'Rejected', index: 5 } })
    expect(figures(must(await snapshots.stateAt(5)))).toEqual(expected(someRows(5)).state)
    expect(await snapshots.stateAt(6)).toMatchObject({ _tag: 'Left', left: { kind: 'Rejected', index: 5 } })
  })

  it('[E51] has no state outside the log', async () => {
    const log = await logOfBatches(BATCHES)
    const snapshots = new Snapshots(log, counter, emptyCount)
    await expect(snapshots.stateAt(21)).rejects.toThrow('no state at 21')
    await expect(snapshots.stateAt(-1)).rejects.toThrow('no state at -1')
  })

  it('[E51] an answer does not change when later ones are made', async () => {
    const snapshots = new Snapshots(await logOfBatches(BATCHES), counter, emptyCount, { every: 4 })
    const early = must(await snapshots.stateAt(6))
    must(await snapshots.fill())
    must(await snapshots.stateAt(7))
    expect(figures(early)).toEqual(expected(ROWS.slice(0, 6)).state)
  })

  test.prop([fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(), { maxLength: 5 })])(
    '[E52] are at most 33, and none is more than `every` and a batch behind the one before it',
    async (events, every, steps) => {
      const batches = Array.from({ length: Math.ceil(events / 3) }, (_, i) => someRows(Math.min(3, events - i * 3), i * 3))
      const snapshots = new Snapshots(await logOfBatches(batches), counter, emptyCount, { every })
      for (const step of steps) must(await snapshots.stateAt(step % (events + 1)))
      must(await snapshots.fill())
      const { indexes } = snapshots
      const spacing = Math.max(every, Math.ceil(events / 32))
      expect(indexes.length).toBeLessThanOrEqual(33)
      for (const [i, index] of [...indexes, events].entries())
        if (i > 0) expect(index - (indexes[i - 1] ?? 0)).toBeLessThanOrEqual(spacing + 3)
    },
  )
})
