import { deviceStats, openDevices } from '@reheap/device-memory'
import { formatBytes, formatCount } from '@reheap/kernel'
import { DEVICE_LAYERS, type DeviceLayer, DeviceTimeline } from '@reheap/projections'
import { encodeFacts } from '@reheap/trace'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import { type Output, STANDARD } from '../io/output.ts'
import type { Outcome, Result } from '../outcome.ts'
import { capacityText } from '../show/capacity.ts'
import { counted, table } from '../show/table.ts'
import { deviceRejection, driverText, type LoadedDevice, loadDevice, replayOf } from './device-input.ts'

interface ReplayOptions {
  readonly until?: number | undefined
  readonly profile?: string | undefined
  readonly peaks?: boolean | undefined
  readonly facts?: string | undefined
}

/** Rows whose facts are written at once. */
const ROWS_AT_ONCE = 4096

const LABELS: Readonly<Record<DeviceLayer, string>> = {
  requestedBytes: 'asked for',
  allocatedBytes: 'allocated',
  activeBytes: 'active: and those that other streams still use',
  reservedBytes: 'reserved',
}

/** What every device's memory was in the end, and at most. */
export async function replayDevice(input: Input, options: ReplayOptions, facts: Output | null): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'replay', until: options.until, profile: options.profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options: used } = loaded.right
  const timeline = options.peaks === true ? new DeviceTimeline(2) : null
  const ran = await runTold(loaded.right, timeline, facts)
  if (ran._tag === 'Left') return ran
  const state = ran.right.end()
  const devices = openDevices(state).map(({ device, capacityBytes }) => ({
    device,
    capacityBytes,
    final: deviceStats(state, device),
    ...(timeline === null ? {} : { peaks: timeline.peaks(device) }),
  }))
  return right({
    status: 0,
    json: { events: log.length, profile: used.profile.name, driver: used.answers === undefined ? 'simulated' : 'recorded', devices },
    text: () =>
      options.facts === STANDARD
        ? ''
        : [
            `${input.name}: ${formatCount(log.length)} events replayed as ${used.profile.name}; ${driverText(used)}`,
            ...devices.flatMap(({ device, capacityBytes, final, peaks }) => [
              '',
              ...table(
                [
                  { title: `device ${device} of ${capacityText(capacityBytes)}`, align: 'left' },
                  { title: 'at the end' },
                  ...(peaks === undefined ? [] : [{ title: 'peak' }, { title: 'after event' }]),
                ],
                DEVICE_LAYERS.map((layer) => [
                  LABELS[layer],
                  formatBytes(final[layer]),
                  ...(peaks === undefined ? [] : [formatBytes(peaks[layer].value), formatCount(peaks[layer].index)]),
                ]),
              ),
              `${counted(final.segments, 'segment')}; ${counted(final.deviceAllocs, 'call')} of the driver for memory, ${counted(final.allocRetries, 'retry').replace('retrys', 'retries')}, out of memory ${counted(final.ooms, 'time')}`,
            ]),
          ].join('\n'),
  })
}

/** Replays it all; peaks need the state after every event. */
async function runTold(loaded: LoadedDevice, timeline: DeviceTimeline | null, facts: Output | null) {
  const { log, input } = loaded
  const replay = replayOf(loaded)
  for (let row = 0; row < log.length; ) {
    row = timeline === null ? Math.min(log.length, row + ROWS_AT_ONCE) : row + 1
    const texts: Uint8Array[] = []
    const ran = replay.run(row, facts === null ? undefined : (told) => texts.push(encodeFacts(told, log.rows).slice()))
    if (ran._tag === 'Left') return left(deviceRejection(input.name, ran.left))
    timeline?.enter(row - 1, replay.state)
    for (const text of texts) {
      const written = await (facts as Output).write(text)
      if (written._tag === 'Left') return written
    }
  }
  return right(replay)
}
