import { deviceStats } from '@reheap/device-memory'
import { DEVICE_LAYERS } from '@reheap/projections'
import { describe, expect, test } from 'vitest'
import { deviceLogOf, OUT_OF_MEMORY, readDeviceRecording } from '../../test/device-recordings.ts'
import { must } from '../../test/recordings.ts'
import { DeviceReplay, type DeviceVariation, DeviceWhatIf, deviceOutcomes, deviceVariations } from '../index.ts'

describe('what-if of a device', () => {
  test('[M82] rows are replays of their own, and part where a figure first differs', async () => {
    const { events, profile, driver } = await readDeviceRecording(OUT_OF_MEMORY)
    const log = deviceLogOf(events)
    const variations = must(deviceVariations(['settings=expandable_segments:True', 'capacity=64GiB'], profile))
    const options = { profile, driver }
    const of = (variation: DeviceVariation = {}) => ({ ...options, ...variation, profile: variation.profile ?? profile })
    const compared = new DeviceWhatIf(log.parts(), { options, variations })
    while (compared.at < log.length) must(compared.run(compared.at + 100))
    const rows = compared.rows()
    expect(rows.map(({ devices }) => devices)).toEqual(
      [{}, ...variations].map((variation) => must(deviceOutcomes(log.parts(), of(variation)))),
    )
    const parting = rows[1]?.parting?.[0]
    const figures = (at: number) =>
      [{}, variations[0]].map((variation) => {
        const replay = new DeviceReplay(log.parts(), of(variation))
        must(replay.run(at))
        return deviceStats(replay.end(), 0)
      })
    expect(parting?.reservedBytes).not.toBeNull()
    for (const layer of DEVICE_LAYERS) {
      const at = parting?.[layer] ?? null
      const [before, own] = figures(at ?? log.length)
      expect([layer, own?.[layer]]).toEqual([layer, before?.[layer]])
      if (at === null) continue
      const [after, ownAfter] = figures(at + 1)
      expect(ownAfter?.[layer]).not.toBe(after?.[layer])
    }
  })
})
