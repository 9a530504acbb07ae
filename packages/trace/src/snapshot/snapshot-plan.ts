import { defaultSettings, parseSettings, pytorchProfile } from '@reheap/device-memory'
import { NO_ID } from '@reheap/kernel'
import { getOrElse } from 'fp-ts/lib/Either.js'
import type { LogHeader } from '../header.ts'
import { KnownBlocks } from './known-blocks.ts'
import type { Plan } from './plan.ts'
import { type Beginning, Rewinding } from './rewind.ts'
import { settingsText } from './settings-text.ts'
import type { Snapshot } from './snapshot.ts'
import { misshapen } from './snapshot-fault.ts'
import { ACTIONS, OOM, SEGMENT_ALLOC, SEGMENT_FREE, SEGMENT_MAP, SEGMENT_UNMAP, SNAPSHOT, UNKNOWN } from './snapshot-keys.ts'

/** What is known before the rows are made, the header of the log, and what its reader should be told. */
export interface PlannedLog {
  readonly plan: Plan
  readonly header: LogHeader
  readonly notes: readonly string[]
}

/** The oldest version that writes all fields of the snapshot. */
function versionOf({ fields, records, segments, traces }: Snapshot): string {
  const { entries } = records
  const { length } = entries
  if (!entries.pool.isEmpty) return '2.12'
  if (!entries.metadata.isEmpty) return '2.10'
  if (!entries.compileContext.isEmpty) return '2.8'
  if (fields.has('external_annotations')) return '2.5'
  if (fields.has('allocator_settings')) return '2.3'
  if (entries.time.subarray(0, length).some((time) => !Number.isNaN(time))) return '2.2'
  if (fields.has('history') || (segments.length > 0 && !fields.has('is_expandable'))) return '2.0'
  return traces.length === 0 && segments.length === 0 ? '2.11' : '2.1'
}

/** Goes back to where the traces begin. @throws SnapshotFault */
export function planOf(snapshot: Snapshot): PlannedLog {
  const { entries } = snapshot.records
  const version = versionOf(snapshot)
  const profile = pytorchProfile(version)
  const devices = snapshot.segments.reduce((most, { device }) => Math.max(most, device + 1), snapshot.traces.length)
  if (devices > DEVICES_MAX) throw misshapen('device_traces', `at most ${DEVICES_MAX} devices`, String(devices))
  for (const [device, { from, to }] of snapshot.traces.entries()) checkEntries(snapshot, device, from, to)
  for (let entry = 0; entry < entries.length; entry++) snapshot.records.stackOf(entries.frames[entry])
  const blocks = new KnownBlocks(entries.length)
  const blockOfEntry = new Uint32Array(entries.length).fill(NO_ID)
  const beginnings = Array.from({ length: devices }, (_, device) => new Rewinding(snapshot, device, blocks, blockOfEntry).beginning())
  const settings = settingsText(snapshot, version)
  const start = startOf(snapshot)
  const plan: Plan = {
    snapshot: { ...snapshot, annotations: [...snapshot.annotations].sort((a, b) => a.time - b.time) },
    beginnings,
    blocks,
    blockOfEntry,
    capacityBytes: beginnings.map((beginning) => capacityOf(snapshot, beginning)),
    settings: getOrElse(() => defaultSettings(profile))(parseSettings(settings?.text ?? '', profile)),
    settingsText: settings?.text ?? null,
    start,
  }
  const recordedAt = Number.isFinite(start) ? isoOf(start) : undefined
  const header: LogHeader = { reheap: 1, runtime: { name: 'pytorch', version, pointerBits: 64 }, command: 'torch.cuda.memory._snapshot()' }
  return {
    plan,
    header: recordedAt === undefined ? header : { ...header, recordedAt },
    notes: notesOf(plan, version, settings?.isGuessed ?? false),
  }
}

const DEVICES_MAX = 255

/** Every entry says what its action needs. @throws SnapshotFault */
function checkEntries({ records }: Snapshot, device: number, from: number, to: number): void {
  const { action, address, bytes } = records.entries
  for (let entry = from; entry < to; entry++) {
    if (action[entry] === UNKNOWN || action[entry] === SNAPSHOT) continue
    const lacks = Number.isNaN(address[entry])
      ? action[entry] === OOM
        ? 'device_free'
        : 'addr'
      : Number.isNaN(bytes[entry])
        ? 'size'
        : null
    if (lacks !== null)
      throw misshapen(`device_traces[${device}][${entry - from}]`, `a field ${lacks} of ${ACTIONS[action[entry]]}`, 'none')
  }
}

/** The first moment; NaN: the snapshot has no times. */
function startOf({ records, annotations }: Snapshot): number {
  let first = Number.POSITIVE_INFINITY
  const { time, length } = records.entries
  for (let entry = 0; entry < length; entry++) if (time[entry] < first) first = time[entry]
  for (const annotation of annotations) if (annotation.time < first) first = annotation.time
  return Number.isFinite(first) ? first : Number.NaN
}

/** Microseconds since 1970 as ISO 8601, to the microsecond; undefined where no date is that far. */
export function isoOf(microseconds: number): string | undefined {
  const milliseconds = Math.floor(microseconds / 1000)
  if (milliseconds > 8.64e15) return undefined
  const rest = String(microseconds - milliseconds * 1000).padStart(3, '0')
  return new Date(milliseconds).toISOString().replace('Z', `${rest}Z`)
}

/** What a device could hold: where it ran out of memory, what was reserved then and free; else it is not known. */
function capacityOf(snapshot: Snapshot, { device, segments }: Beginning): number {
  const { action, address, bytes } = snapshot.records.entries
  const { from, to } = snapshot.traces[device] ?? { from: 0, to: 0 }
  let reserved = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  let most = 0
  for (let entry = from; entry < to; entry++) {
    if (action[entry] === SEGMENT_ALLOC || action[entry] === SEGMENT_MAP) reserved += bytes[entry]
    else if (action[entry] === SEGMENT_FREE || action[entry] === SEGMENT_UNMAP) reserved -= bytes[entry]
    else if (action[entry] === OOM) most = Math.max(most, reserved + address[entry])
  }
  return most > 0 ? most : Number.MAX_SAFE_INTEGER
}

/** What a reader of the log should know of how it came about. */
function notesOf({ snapshot, beginnings, blocks, capacityBytes, settingsText: text }: Plan, version: string, isGuessed: boolean): string[] {
  const notes: string[] = []
  const { settings, traces, records } = snapshot
  const isOverflowed = settings?.get('trace_alloc_overflowed')?.kind === 2
  for (const { device, segments, live, skipped } of beginnings) {
    const { from, to } = traces[device] ?? { from: 0, to: 0 }
    const place = `device ${device}`
    if (from === to) {
      if (segments.length > 0) notes.push(`${place}: no trace was recorded: only the state at the end is known`)
      continue
    }
    if (skipped > 0 || isOverflowed)
      notes.push(`${place}: the ring of ${to - from} entries was full: older ones are overwritten (a larger max_entries keeps them)`)
    else if (segments.length > 0)
      notes.push(
        `${place}: the trace does not reach back to the program's start (it was recorded from later on, or its ring overflowed): ${segments.length} segments with ${live.length} live blocks were there before`,
      )
    const pending = live.filter((block) => blocks.state[block] === 1).length
    if (pending > 0) notes.push(`${place}: ${pending} blocks waited for another stream before the trace, which stream is not recorded`)
    if (capacityBytes[device] === Number.MAX_SAFE_INTEGER) notes.push(`${place}: the snapshot does not say how much memory the device has`)
    let unknown = 0
    for (let entry = from; entry < to; entry++) if (records.entries.action[entry] === UNKNOWN) unknown += 1
    if (unknown > 0) notes.push(`${place}: ${unknown} entries have an action that this version does not know; they are passed over`)
  }
  if (isGuessed) notes.push('settings are not recorded; expandable segments were seen, so they are taken as on')
  else if (text === null && snapshot.segments.length > 0) notes.push('settings are not recorded; the defaults are taken')
  notes.push(`the version of PyTorch is not recorded; by its fields the file is from ${version} or a little newer`)
  return notes
}
