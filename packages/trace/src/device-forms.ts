import type * as deviceMemory from '@reheap/device-memory'
import { NO_ID } from '@reheap/kernel'
import { type EventForm, form, withContext } from './event-form.ts'
import {
  fractionField,
  idField,
  idOrNullField,
  numberField,
  optionalField,
  optionalIdField,
  truthField,
  wholeField,
  wordField,
} from './field.ts'

const block = idField('block', 'id')
const pool = idField('pool', 'id')
const stream = idField('stream', 'other')
const streamOrNull = idOrNullField('stream', 'other')
const bytes = wholeField('bytes', 'size')
const device = numberField('device', 'tag')
const onDevice = numberField('device', 'tag', 0)

/** Requests to the device's memory. The columns are those of the table in `device-memory/src/events.ts`. */
export function deviceForms({ REQUEST_OPCODES: codes, ...own }: typeof deviceMemory): readonly EventForm[] {
  const opened = [device, wholeField('capacityBytes', 'size'), wholeField('contextBytes', 'address')]
  const malloc = [block, device, stream, bytes, optionalField('address', 'address', { nulled: own.REFUSED })]
  const completed = [streamOrNull, numberField('device', 'tag', own.ALL_DEVICES)]
  const copy = [wordField('direction', own.DIRECTIONS), bytes, truthField('pinned', 'other'), numberField('device', 'address', 0)]
  const segment = [stream, wholeField('address', 'address'), bytes, onDevice, optionalIdField('pool', 'id', { nulled: NO_ID })]
  const restored = [idOrNullField('block', 'id'), bytes, wholeField('requestedBytes', 'address'), wordField('state', own.BLOCK_STATES)]
  return [
    form('DeviceOpened', codes.DeviceOpened, opened, [], withContext(own.DeviceOpened)),
    form('DeviceMalloc', codes.DeviceMalloc, malloc, [], withContext(own.DeviceMalloc)),
    form('DeviceFree', codes.DeviceFree, [block], [], withContext(own.DeviceFree)),
    form('RecordStream', codes.RecordStream, [block, stream], [], withContext(own.RecordStream)),
    form('CompleteStreamEvents', codes.CompleteStreamEvents, completed, [], withContext(own.CompleteStreamEvents)),
    form('EmptyCache', codes.EmptyCache, [], [], withContext(own.EmptyCache)),
    form('ResetPeakStats', codes.ResetPeakStats, [onDevice], [], withContext(own.ResetPeakStats)),
    form('Configure', codes.Configure, [], ['settings'], withContext(own.Configure)),
    form('SetMemoryFraction', codes.SetMemoryFraction, [fractionField('fraction'), onDevice], [], withContext(own.SetMemoryFraction)),
    form('BeginPool', codes.BeginPool, [pool, streamOrNull, onDevice], [], withContext(own.BeginPool)),
    form('EndPool', codes.EndPool, [pool, onDevice], [], withContext(own.EndPool)),
    form('ReleasePool', codes.ReleasePool, [pool, onDevice], [], withContext(own.ReleasePool)),
    form('CopyMemory', codes.CopyMemory, copy, [], withContext(own.CopyMemory)),
    form('RestoreSegment', codes.RestoreSegment, segment, ['type', 'isExpandable'], withContext(own.RestoreSegment)),
    form('RestoreBlock', codes.RestoreBlock, restored, [], withContext(own.RestoreBlock)),
  ]
}
