import type { ByteWindow } from './byte-window.ts'
import type { PickleMachine } from './pickle-machine.ts'
import { OP } from './pickle-opcodes.ts'
import { damaged } from './snapshot-fault.ts'
import { DICT, INT, LIST } from './value-columns.ts'

/** Bytes of an address or a moment as LONG1: more than BININT has. */
const LONG1_BYTES_MIN = 5
const LONG1_BYTES_MAX = 8
/** The longest of the opcodes below. */
const BYTES_MAX = 2 + LONG1_BYTES_MAX
/** Longest run of memo entries that is taken in one piece. */
const RUN_MAX = 1024
/** Shortest run that it pays to know. */
const RUN_MIN = 4

const run = new Uint32Array(RUN_MAX)

/**
 * Does the opcodes that nearly all bytes of a trace are, as the machine does each of them: without asking first how long
 * their operand is, and whether all of it is there. Stops at another one, or near the end of the bytes.
 */
export function doFrequent(window: ByteWindow, machine: PickleMachine): void {
  const { bytes, view, before } = window
  const last = bytes.length - BYTES_MAX
  let { at } = window
  while (at <= last) {
    const op = bytes[at]
    if (op === OP.LONG_BINGET) at = doRun(window, at, last, machine)
    else if (op === OP.BINGET) {
      machine.get(bytes[at + 1], before + at)
      at += 2
    } else if (op === OP.BININT1) {
      machine.values.push(INT, bytes[at + 1])
      at += 2
    } else if (op === OP.BININT) {
      machine.values.push(INT, view.getInt32(at + 1, true))
      at += 5
    } else if (op === OP.LONG1) {
      const length = bytes[at + 1]
      if (length < LONG1_BYTES_MIN || length > LONG1_BYTES_MAX) break
      machine.whole(longOf(view, at + 2, length))
      at += 2 + length
    } else if (op === OP.MARK) machine.mark(before + at++)
    else if (op === OP.MEMOIZE) machine.put(machine.memo.length, before + at++)
    else if (op === OP.EMPTY_DICT) machine.empty(DICT, before + at++)
    else if (op === OP.EMPTY_LIST) machine.empty(LIST, before + at++)
    else if (op === OP.SETITEMS) machine.collect(DICT, machine.unmark(before + at), before + at++)
    else if (op === OP.APPENDS) machine.collect(LIST, machine.unmark(before + at), before + at++)
    else break
  }
  window.at = at
}

/** Does a run of LONG_BINGET, and the APPENDS behind the one of a stack. @returns where the next other opcode stands */
function doRun({ bytes, view, before }: ByteWindow, from: number, last: number, machine: PickleMachine): number {
  const { length } = machine.memo
  let at = from
  let count = 0
  do {
    const index = view.getUint32(at + 1, true)
    if (index >= length) throw damaged(before + at, `memo entry ${index} of ${length}`)
    run[count++] = index
    at += 5
  } while (at <= last && bytes[at] === OP.LONG_BINGET && count < RUN_MAX)
  if (count >= RUN_MIN && at <= last && bytes[at] === OP.APPENDS && machine.awaitsStack) {
    machine.stack(run, count, before + at)
    return at + 1
  }
  machine.getAll(run, count)
  return at
}

/** A number of 5 to 8 bytes in two's complement, lowest byte first. */
function longOf(view: DataView, at: number, length: number): number {
  const unused = 32 - (length - 4) * 8
  const high = (view.getInt32(at + 4, true) << unused) >> unused
  return high * 2 ** 32 + view.getUint32(at, true)
}
