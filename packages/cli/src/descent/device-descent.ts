/** One request on its way down in a GPU's log: the block, its segment, the driver. */
import { deviceStats, openDevices } from '@reheap/device-memory'
import { formatBytes, formatCount } from '@reheap/kernel'
import { deviceRequestSteps } from '@reheap/machine'
import { toldWords } from '@reheap/projections'
import { FORM_BY_OPCODE, readEvent } from '@reheap/trace'
import { left, right } from 'fp-ts/lib/Either.js'
import { driverText, loadDevice } from '../device/device-input.ts'
import { momentAt } from '../device/moment.ts'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { capacityText } from '../show/capacity.ts'
import { counted } from '../show/table.ts'
import { stepLines } from './descent.ts'

interface DeviceDescentOptions {
  readonly index: number
  readonly profile?: string | undefined
}

/** Follows one event of a GPU's log. */
export async function traceDeviceRequest(input: Input, { index, profile }: DeviceDescentOptions): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'trace-request', profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  if (index >= log.length)
    return left(`--index ${index}: ${input.name} has ${counted(log.length, 'event')}; give a number below ${log.length}`)
  const moment = momentAt(loaded.right, index, 0)
  if (moment._tag === 'Left') return moment
  const { facts, before, state, segments } = moment.right
  const read = readEvent(log.rows, index)
  // Of what is no request the log in memory holds no details.
  const request = read._tag === 'Right' ? read.right : { kind: FORM_BY_OPCODE[log.rows.code[index]]?.kind ?? 'event' }
  const steps = deviceRequestSteps(facts, before, segments)
  const devices = openDevices(state).map(({ device, capacityBytes }) => ({ device, capacityBytes, ...deviceStats(state, device) }))
  return right({
    status: 0,
    json: { profile: options.profile.name, index, request, steps, devices },
    text: () =>
      [
        `${input.name}: event ${formatCount(index)}, replayed as ${options.profile.name}; ${driverText(options)}`,
        toldWords(request),
        '',
        ...(facts.length === 0 ? ['no layer answered: the event asks for no memory'] : steps.flatMap(stepLines)),
        '',
        'just after it:',
        ...devices.map(
          ({ device, capacityBytes, requestedBytes, allocatedBytes, reservedBytes }) =>
            `GPU ${device} of ${capacityText(capacityBytes)}: ${formatBytes(requestedBytes)} asked for, ${formatBytes(allocatedBytes)} allocated, ${formatBytes(reservedBytes)} reserved`,
        ),
      ].join('\n'),
  })
}
