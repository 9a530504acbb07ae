/** Out of memory: what is noted of it, and the text of the error. */
import type { Draft, Sealed } from '@reheap/kernel'
import { FACT_OPCODES } from './events.ts'
import type { Facts } from './fact-rows.ts'
import { blockAt, END, firstCursor, nextCursor } from './free-list.ts'
import { segmentBytesFor } from './rounding.ts'
import { columnsOf, type DeviceMemoryState, NONE } from './state.ts'
import { ALLOCATED_BYTES, DEVICE_STRIDE, NUM_OOMS, RESERVED_BYTES } from './statistics.ts'

/** Figures that are kept of a device's last failed request. */
export const OOM_STRIDE = 6
const TRIED = 0
const DEVICE_FREE = 1
const CAPACITY = 2
const ALLOCATED = 3
const RESERVED = 4
const PRIVATE = 5

/** Tells the program that there is no memory, and keeps what the text says. */
export function raiseOutOfMemory(
  s: DeviceMemoryState,
  emit: Facts,
  cause: number,
  device: number,
  stream: number,
  size: number,
  id: number,
): void {
  const free = s.driver.freeBytes(device)
  const base = device * DEVICE_STRIDE
  s.figures[base + NUM_OOMS]++
  const oom = device * OOM_STRIDE
  s.deviceOom[oom + TRIED] = segmentBytesFor(s, size)
  s.deviceOom[oom + DEVICE_FREE] = free
  s.deviceOom[oom + CAPACITY] = s.deviceLimit[device]
  s.deviceOom[oom + ALLOCATED] = s.figures[base + ALLOCATED_BYTES]
  s.deviceOom[oom + RESERVED] = s.figures[base + RESERVED_BYTES]
  s.deviceOom[oom + PRIVATE] = privateCachedBytes(s, device)
  emit.push(FACT_OPCODES.OutOfMemoryRaised, cause, device, id, stream, size, free)
}

/** Bytes of cached blocks in private pools. */
function privateCachedBytes(s: DeviceMemoryState, device: number): number {
  let bytes = 0
  for (let row = 0; row < s.privateRows; row++) {
    const pool = s.privatePool[row]
    if (pool === NONE || s.poolDevice[pool] !== device) continue
    bytes += cachedBytes(s, pool) + cachedBytes(s, pool + 1)
  }
  return bytes
}

function cachedBytes(s: DeviceMemoryState, pool: number): number {
  let bytes = 0
  for (let list = s.poolLists[pool]; list !== NONE; list = s.listNext[list]) {
    for (let cursor = firstCursor(s, list); cursor !== END; cursor = nextCursor(s, list, cursor)) {
      bytes += s.blockSize[blockAt(s, list, cursor)]
    }
  }
  return bytes
}

/** The text of the last `torch.OutOfMemoryError` on a device, word for word; null: there was none. */
export function outOfMemoryMessage(state: Sealed<DeviceMemoryState> | Draft<DeviceMemoryState>, device = 0): string | null {
  const s = columnsOf(state)
  const oom = s.deviceOom.subarray(device * OOM_STRIDE, (device + 1) * OOM_STRIDE)
  if (s.figures[device * DEVICE_STRIDE + NUM_OOMS] === 0 || oom[TRIED] === 0) return null
  const limit = oom[CAPACITY]
  const inPrivate = oom[PRIVATE]
  const inUse = oom[ALLOCATED] + inPrivate
  return [
    `CUDA out of memory. Tried to allocate ${formatSize(oom[TRIED])}. GPU ${device} has a total capacity of `,
    `${formatSize(s.deviceCapacity[device])} of which ${formatSize(oom[DEVICE_FREE])} is free. `,
    limit === Number.POSITIVE_INFINITY ? '' : `${formatSize(limit)} allowed; `,
    `Of the allocated memory ${formatSize(inUse)} is allocated by PyTorch, `,
    inPrivate > 0 ? `with ${formatSize(inPrivate)} allocated in private pools (e.g., CUDA Graphs), ` : '',
    `and ${formatSize(oom[RESERVED] - inUse)} is reserved by PyTorch but unallocated. `,
    `If reserved but unallocated memory is large try setting ${s.profile.settingsVariable}=expandable_segments:True to avoid `,
    'fragmentation.  See documentation for Memory Management  (https://pytorch.org/docs/stable/notes/cuda.html#environment-variables)',
  ].join('')
}

const UNITS = [
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
] as const

/** Bytes as PyTorch prints them: `1.12 KiB` for 1152. @source `format_size` */
export function formatSize(bytes: number): string {
  if (bytes <= 1024) return `${bytes} bytes`
  const [unit, unitBytes] = UNITS.find(([, each]) => bytes <= each * 1024) ?? UNITS[2]
  const hundredths = halfToEven(bytes * 100, unitBytes)
  const fraction = hundredths % 100
  return `${(hundredths - fraction) / 100}.${String(fraction).padStart(2, '0')} ${unit}`
}

/** A quotient as C++ rounds it: of two that are as near, the even one. */
function halfToEven(dividend: number, divisor: number): number {
  const floor = Math.floor(dividend / divisor)
  const rest = dividend - floor * divisor
  if (rest * 2 === divisor) return floor + (floor % 2)
  return rest * 2 > divisor ? floor + 1 : floor
}
