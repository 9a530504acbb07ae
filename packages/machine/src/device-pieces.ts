/** Rows of devices within a log that holds more than their memory. */
import { type EventBatch, OPCODE_RANGES, sliceEvents } from '@reheap/kernel'

const { from: FIRST, to: LAST } = OPCODE_RANGES.deviceMemory

/** Is it a request of a device? */
export const isOfDevice = (code: number): boolean => code >= FIRST && code <= LAST

/** The rows before row `to`, cut behind each one of a device; one piece where there is none. */
export function* behindDevices(batch: EventBatch, to: number): Generator<EventBatch> {
  let from = 0
  for (let row = nextOfDevice(batch, 0, to); row < to; row = nextOfDevice(batch, from, to)) {
    yield sliceEvents(batch, from, row + 1)
    from = row + 1
  }
  if (from === 0) yield batch
  else if (from < to) yield sliceEvents(batch, from, to)
}

/** The first row of a device from row `from` on; `to`: there is none. */
function nextOfDevice({ code }: EventBatch, from: number, to: number): number {
  for (let row = from; row < to; row++) if (isOfDevice(code[row])) return row
  return to
}
