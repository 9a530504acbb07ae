/** What was there before a device's log begins, as requests. */
import { BLOCK_STATES, REQUEST_OPCODES } from '@reheap/device-memory'
import { ANY_LAYER_OPCODES, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import type { DeviceLogParts } from './device-log.ts'

const { DeviceMalloc, RestoreSegment, RestoreBlock } = REQUEST_OPCODES
const HELD = BLOCK_STATES.indexOf('active_allocated')

type Rows = DeviceLogParts['rows']

/**
 * Each block that a program holds is asked for, in the order of the addresses, on its segment's stream; blocks that nothing in
 * the log names get ids that no log uses. Segments, and what is free in them, follow from that.
 */
export function rebuilt(rows: Rows): Rows {
  const { length } = rows
  const [code, tag, id] = [rows.code.slice(0, length), rows.tag.slice(0, length), rows.id.slice(0, length)]
  const [other, size, address] = [rows.other.slice(0, length), rows.size.slice(0, length), rows.address.slice(0, length)]
  let device = 0
  let stream = 0
  let unnamed = NO_ID - 1
  for (let row = 0; row < length; row++) {
    if (code[row] === RestoreSegment) {
      device = tag[row]
      stream = other[row]
      code[row] = ANY_LAYER_OPCODES.Mark
    } else if (code[row] === RestoreBlock) {
      const bytes = address[row]
      const isHeld = tag[row] === HELD && bytes > 0
      code[row] = isHeld ? DeviceMalloc : ANY_LAYER_OPCODES.Mark
      tag[row] = device
      other[row] = stream
      size[row] = bytes
      address[row] = NOT_GIVEN
      if (isHeld && id[row] === NO_ID) id[row] = unnamed--
    }
  }
  return { length, code, tag, id, other, size, address }
}
