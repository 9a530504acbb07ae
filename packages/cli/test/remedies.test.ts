import { createReadStream } from 'node:fs'
import { pytorchProfile } from '@reheap/device-memory'
import { DeviceLog, remediesOf, trialOf } from '@reheap/machine'
import { type LogEvent, readEvent, readJsonl } from '@reheap/trace'
import { describe, expect, test } from 'vitest'
import { deviceRecording } from './device.ts'

const profile = pytorchProfile('2.11')
const MIB = 2 ** 20

async function read(name: string): Promise<{ log: DeviceLog; events: LogEvent[] }> {
  const lines = await readJsonl(createReadStream(deviceRecording(name)), { name })
  if (lines._tag === 'Left') throw new Error(lines.left.message)
  const log = new DeviceLog(false)
  const events: LogEvent[] = []
  for await (const batch of lines.right.batches) {
    if (batch._tag === 'Left') throw new Error(batch.left.message)
    log.feed(batch.right)
    for (let row = 0; row < batch.right.length; row++) {
      const event = readEvent(batch.right, row)
      if (event._tag === 'Right') events.push(event.right)
    }
  }
  return { log, events }
}

type Asked = Extract<LogEvent, { kind: 'DeviceMalloc' | 'DeviceFree' }>
/** What a search finds. */
function found<A>(search: Generator<number, A, void>): A {
  for (;;) {
    const step = search.next()
    if (step.done === true) return step.value
  }
}
const asks = (events: readonly LogEvent[]): Asked[] =>
  events.filter((event): event is Asked => event.kind === 'DeviceMalloc' || event.kind === 'DeviceFree')
const isRefused = (event: LogEvent | undefined): boolean => event?.kind === 'DeviceMalloc' && event.address === null

describe('remedies', () => {
  test('[C66] a request fits or is refused under other settings as it was by the real allocator under them', async () => {
    const plain = await read('oomstorm-default')
    const split = await read('oomstorm-mss40r')
    const settings = 'max_split_size_mb:40,max_non_split_rounding_mb:64'
    const [asked, answered] = [asks(plain.events), asks(split.events)]
    // The two programs are one until an answer differs: a refused block is never freed.
    const parted = asked.findIndex(({ kind, block }, place) => answered[place]?.kind !== kind || answered[place]?.block !== block)
    const places = asked.slice(0, parted).flatMap((event, place) => (isRefused(event) || isRefused(answered[place]) ? [place] : []))
    const given = places.map((place) =>
      found(trialOf(plain.log.parts(), { profile }, plain.events.indexOf(asked[place] as Asked), { settings })),
    )
    expect(given.map((trial) => trial.isRefused)).toEqual(places.map((place) => isRefused(answered[place])))
    expect(places.map((place) => [isRefused(asked[place]), isRefused(answered[place])])).toContainEqual([true, false])
  })

  test('[C66] the least capacity is enough, and one step less is not', async () => {
    const { log, events } = await read('oomstorm-default')
    const index = events.findIndex((event) => event.kind === 'DeviceMalloc' && event.address === null)
    const { isReproduced, settings, capacityBytes } = found(remediesOf(log.parts(), { profile }, index, 2048 * MIB))
    expect(isReproduced).toBe(true)
    const least = capacityBytes ?? Number.NaN
    const refused = (bytes: number): boolean => found(trialOf(log.parts(), { profile }, index, { capacityBytes: bytes })).isRefused
    expect([refused(least), refused(least - 2 * MIB)]).toEqual([false, true])
    expect(settings.map(({ isRefused }) => isRefused)).toEqual(settings.map(({ isRefused }) => isRefused).sort())
  })

  test('[C66] what a simulated driver does not refuse is not tried', async () => {
    const { log, events } = await read('oomstorm-default')
    const index = events.findIndex((event) => event.kind === 'DeviceMalloc' && event.address !== null)
    expect(found(remediesOf(log.parts(), { profile }, index, 2048 * MIB))).toEqual({
      isReproduced: false,
      settings: [],
      capacityBytes: null,
    })
  })
})
