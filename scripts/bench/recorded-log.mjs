/** A recorded log in memory: as batches for our reducer, as plain columns for the native replay. */
import { createReadStream } from 'node:fs'
import { REQUEST_OPCODES } from '../../packages/allocator/dist/index.js'
import { NO_ID } from '../../packages/kernel/dist/index.js'
import { profileOfRuntime } from '../../packages/machine/dist/index.js'
import { readJsonl } from '../../packages/trace/dist/index.js'

const { Malloc, Calloc, Realloc, Free } = REQUEST_OPCODES
/** More events than these are left out: every pass replays the whole of what is in memory. */
export const EVENTS_MAX = 4_194_304
/** What the native replay passes over. */
const NO_REQUEST = 0
const RAW = 8

/**
 * Reads a log of CPython's allocator, as JSON Lines, plain or gzip.
 *
 * @throws with one line for the user
 */
export async function readRecordedLog(path) {
  const opened = await readJsonl(createReadStream(path), { name: path })
  if (opened._tag === 'Left') throw new Error(opened.left.message)
  const { header, batches } = opened.right
  const runtime = { pointerBits: 64, ...header.runtime }
  const profile = profileOfRuntime(runtime)
  if (profile._tag === 'Left') throw new Error(`${path}: a log of ${runtime.name} ${runtime.version}; name one of CPython 3.6 or newer`)
  const kept = []
  let events = 0
  let whole = true
  for await (const read of batches) {
    if (read._tag === 'Left') throw new Error(read.left.message)
    if (events + read.right.length > EVENTS_MAX) {
      whole = false
      break
    }
    kept.push(firstHeapOnly(read.right))
    events += read.right.length
  }
  return { path, runtime, profile: profile.right, batches: kept, events, whole }
}

/** A sub-interpreter may have an allocator of its own: its events are left out, natively and here. */
function firstHeapOnly(batch) {
  const { heap, code } = batch
  if (heap !== null) for (let row = 0; row < batch.length; row++) if (heap[row] !== 0) code[row] = NO_REQUEST
  return batch
}

/**
 * The requests as `native-replay.py` reads them.
 *
 * @returns null if one of them asks for 4 GiB or more
 */
export function nativeColumns({ batches, events }) {
  const id = new Uint32Array(events)
  const other = new Uint32Array(events)
  const bytes = new Uint32Array(events)
  const code = new Uint8Array(events)
  let at = 0
  let ids = 1
  const named = (block) => {
    if (block !== NO_ID) ids = Math.max(ids, block + 1)
    return block
  }
  for (const batch of batches) {
    for (let row = 0; row < batch.length; row++, at++) {
      const kind = batch.code[row]
      if (kind !== Malloc && kind !== Calloc && kind !== Realloc && kind !== Free) continue
      if (kind !== Free && batch.size[row] > 0xffff_ffff) return null
      code[at] = kind + (batch.tag[row] === 0 ? RAW : 0)
      id[at] = named(batch.id[row])
      other[at] = kind === Realloc ? named(batch.other[row]) : batch.other[row]
      bytes[at] = kind === Free ? 0 : batch.size[row]
    }
  }
  return { file: Buffer.concat([id, other, bytes, code].map(bytesOf)), length: events, ids }
}

const bytesOf = (column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)
