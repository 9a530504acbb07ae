import { createReadStream, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DeviceMemoryProfile, type FirstFit, pytorchProfile } from '@reheap/device-memory'
import { EventColumns } from '@reheap/kernel'
import { type LogEvent, readEvent, readJsonl, writeEvent } from '@reheap/trace'
import { DeviceLog, DeviceVerification, type DeviceVerifyReport } from '../src/index.ts'
import { must } from './recordings.ts'

const FOLDER = fileURLToPath(new URL('../../device-memory/test/fixtures/', import.meta.url))

/** Recordings of the real device allocator. */
export const DEVICE_RECORDINGS = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl.gz'))
export const OUT_OF_MEMORY = 'pytorch-2.11-oomstorm-default.jsonl.gz'

export interface DeviceRecording {
  readonly profile: DeviceMemoryProfile
  /** Undefined: a real driver answered. */
  readonly driver: FirstFit | undefined
  readonly events: readonly LogEvent[]
}

export async function readDeviceRecording(name: string): Promise<DeviceRecording> {
  const log = must(await readJsonl(createReadStream(`${FOLDER}${name}`), { name }))
  const events: LogEvent[] = []
  for await (const read of log.batches) {
    const batch = must(read)
    for (let row = 0; row < batch.length; row++) events.push(must(readEvent(batch, row)))
  }
  return { profile: pytorchProfile(log.header.runtime.version), driver: log.header.driver, events }
}

export function rowsOf(events: readonly LogEvent[]): EventColumns {
  const rows = new EventColumns(events.length)
  for (const event of events) writeEvent(event, rows)
  return rows
}

export function deviceLogOf(events: readonly LogEvent[]): DeviceLog {
  const log = new DeviceLog()
  log.feed(rowsOf(events))
  return log
}

/** Verifies events in batches of so many rows. */
export function verifyDevice({ profile, driver, events }: DeviceRecording, rows = 65_536): DeviceVerifyReport {
  const verification = new DeviceVerification(profile, driver)
  for (let from = 0; from < events.length; from += rows) {
    const batch = new EventColumns(rows, from)
    for (const event of events.slice(from, from + rows)) writeEvent(event, batch)
    must(verification.feed(batch))
  }
  return must(verification.report())
}
