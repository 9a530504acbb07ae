/**
 * Writes a snapshot as PyTorch does, of any size: `node bench/large-snapshot.mjs FILE [EVENTS] [FRAMES]`, after a build.
 *
 * A training loop on the simulated allocator gives the trace, so that it replays; every entry has a list of frames of its
 * own, whose dicts are shared, as in a real file. A million entries of 30 frames make about 230 MB.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import {
  ACTION_FACTS,
  deviceMemoryMechanism,
  deviceMemoryWording,
  emptyDeviceMemory,
  FACT_OPCODES,
  pytorchProfile,
  segments,
} from '@reheap/device-memory'
import { Emit, EventColumns } from '@reheap/kernel'
import { PickleWriter } from '../dist/snapshot/pickle-writer.js'

const [file, eventsWanted = '1000000', framesWanted = '30'] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node bench/large-snapshot.mjs FILE [EVENTS] [FRAMES]')
  process.exit(2)
}
const EVENTS = Number(eventsWanted)
const FRAMES = Number(framesWanted)
const STACKS = 20_000
const ACTIONS = new Map(Object.entries(ACTION_FACTS).map(([action, kind]) => [FACT_OPCODES[kind], action]))

let seed = 20_251_126
/** A number below `max`, the same in every run. */
function random(max) {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((seed / 2 ** 32) * max)
}

const draft = deviceMemoryMechanism.thaw(emptyDeviceMemory(pytorchProfile('2.11')))
const emit = new Emit()
const entries = []
function ask(request) {
  const rows = new EventColumns(1)
  deviceMemoryWording.write(request, rows)
  emit.clear()
  if (deviceMemoryMechanism.applyBatch(draft, rows, 0, 1, emit) >= 0) throw new Error(`${request.kind} was rejected`)
  const { facts } = emit
  const stack = random(STACKS)
  for (let row = 0; row < facts.length; row++)
    entries.push([ACTIONS.get(facts.code[row]), facts.address[row], facts.size[row], facts.other[row], stack])
}

ask({ kind: 'DeviceOpened', device: 0, capacityBytes: 40 * 2 ** 30, contextBytes: 0 })
const live = []
for (let block = 1; entries.length < EVENTS; block++) {
  const bytes = random(4) === 0 ? 1 + random(2 ** 20) : 2 ** 20 + random(2 ** 24)
  ask({ kind: 'DeviceMalloc', block, device: 0, stream: 0, bytes })
  live.push(block)
  if (live.length > 300 || (live.length > 20 && random(3) === 0)) {
    for (let freed = random(2 * 3); freed > 0 && live.length > 0; freed--) {
      const [gone] = live.splice(random(live.length), 1)
      ask({ kind: 'DeviceFree', block: gone })
    }
  }
}

const out = openSync(file, 'w')
const writer = new PickleWriter()
const frames = new Map()
function putFrames(stack) {
  writer.beginList()
  for (let depth = 0; depth < FRAMES; depth++) {
    const frame = (depth < 6 ? stack * (depth + 1) + depth * 131 : (stack % 500) + depth * 7) % 4000
    const known = frames.get(frame)
    writer.item()
    if (known !== undefined) {
      writer.again(known)
      continue
    }
    frames.set(frame, writer.beginDict())
    writer.text('filename')
    writer.text(`/opt/program/model/layer_${frame % 97}.py`)
    writer.text('line')
    writer.int(1 + (frame % 900))
    writer.text('name')
    writer.text(`forward_${frame}`)
    writer.endDict()
  }
  writer.endList()
}
function put(fields) {
  for (const [name, value] of Object.entries(fields)) {
    writer.text(name)
    if (typeof value === 'number') writer.int(value)
    else if (typeof value === 'boolean') writer.truth(value)
    else writer.text(value)
  }
}
function flush(isForced) {
  if (isForced || writer.isFull) writeSync(out, writer.take())
}

writer.beginDict()
writer.text('segments')
writer.beginList()
for (const { device, address, bytes, stream, type, isExpandable, blocks } of segments(draft)) {
  writer.item()
  writer.beginDict()
  put({ device, address, total_size: bytes, stream, segment_type: type, is_expandable: isExpandable })
  writer.text('blocks')
  writer.beginList()
  for (const block of blocks) {
    writer.item()
    writer.beginDict()
    put({ address: block.address, size: block.bytes, requested_size: block.requestedBytes, state: block.state })
    writer.endDict()
  }
  writer.endList()
  writer.endDict()
}
writer.endList()
writer.text('device_traces')
writer.beginList()
writer.item()
writer.beginList()
for (const [place, [action, addr, size, stream, stack]] of entries.entries()) {
  writer.item()
  writer.beginDict()
  put({ action, addr, size, stream, time_us: 1_764_000_000_000_000 + place * 3 })
  writer.text('frames')
  putFrames(stack)
  writer.endDict()
  flush(false)
}
writer.endList()
writer.endList()
writer.endDict()
writer.stop()
flush(true)
closeSync(out)
console.log(`${entries.length} entries of ${FRAMES} frames, ${segments(draft).length} segments at the end`)
