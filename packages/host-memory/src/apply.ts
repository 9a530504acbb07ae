/** THE TABLE: what each request does. Guards first, in the order of `rejected.ts`, then what the nouns do. */
import type { Batch } from '@reheap/kernel'
import { applyLibrary } from './apply-library.ts'
import { BACKINGS, FACT_OPCODES, PROCESSES_MAX, REQUEST_OPCODES, type RequestOpcode } from './events.ts'
import { adviseHuge, map, unmap, wholePages } from './mapping.ts'
import { COPY, type Facts, READ, release, touch, WRITE } from './paging.ts'
import { endProcess } from './process.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { mappedRun, remap } from './remap.ts'
import { ALIVE, areasOf, begin, ENDED, type HostMemoryState, KILLED, type Mapping } from './state.ts'

const R = REQUEST_OPCODES
const LAST = R.MapShared
type Requests = Batch<RequestOpcode>

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(s: HostMemoryState, batch: Requests, from: number, to: number, emit: Facts): number {
  const { code, firstIndex } = batch
  for (let row = from; row < to; row++) {
    const kind = code[row]
    if (kind < R.HostOpened || kind > LAST) continue
    const reason = applyRow(s, batch, row, kind as RequestOpcode, emit, firstIndex + row)
    if (reason === ACCEPTED) continue
    emit.reason = reason
    return row
  }
  return -1
}

function applyRow(s: HostMemoryState, batch: Requests, row: number, kind: RequestOpcode, emit: Facts, cause: number): number {
  const process = batch.tag[row]
  if (kind === R.PowerOn) return powerOn(s)
  if (s.hasPower === 0) return REASONS.NoPower
  switch (kind) {
    case R.HostOpened:
      return hostOpened(s, batch, row)
    case R.StartProcess:
      return startProcess(s, process)
    case R.ReadFile:
      return readFile(s, batch.size[row])
    case R.PowerOff:
      return powerOff(s, emit, cause)
  }
  // What the log says of a process that the simulation has killed is passed over: the real one lived on.
  if (s.processState[process] === KILLED) return ACCEPTED
  if (s.processState[process] !== ALIVE) return REASONS.UnknownProcess
  switch (kind) {
    case R.EndProcess:
      endProcess(s, emit, cause, process, ENDED)
      return ACCEPTED
    case R.MapMemory:
      return mapMemory(s, batch, row, process, emit, cause)
    case R.MapShared:
      return mapShared(s, batch, row, process, emit, cause)
    case R.UnmapMemory:
    case R.RemapMemory:
    case R.TouchPages:
    case R.CopyPages:
    case R.ReadPages:
    case R.ReleasePages:
    case R.AdviseHugePages:
      return inMapping(s, batch, row, kind, process, emit, cause)
  }
  return applyLibrary(s, batch, row, kind, process, emit, cause)
}

const isWhole = (bytes: number): boolean => bytes >= 0 && Number.isSafeInteger(bytes)
const isRange = (bytes: number): boolean => bytes > 0 && bytes <= 2 ** 47 && Number.isSafeInteger(bytes)

interface OpeningDetail {
  readonly romBytes: number
  readonly systemBytes: number
  readonly cacheBytes: number
  readonly touches: string
}

function hostOpened(s: HostMemoryState, batch: Requests, row: number): number {
  // Memory that was used and given back was used.
  if (s.isOpen === 1 || s.processPeak.some((pages) => pages > 0)) return REASONS.AlreadyOpen
  const detail = (batch as { detail?: (row: number) => string | null }).detail?.(row) ?? null
  if (detail === null) return REASONS.MissingDetail
  const { romBytes, systemBytes, cacheBytes, touches } = JSON.parse(detail) as OpeningDetail
  const [ramBytes, swapBytes] = [batch.size[row], batch.address[row]]
  if (![ramBytes, swapBytes, romBytes, systemBytes, cacheBytes].every(isWhole)) return REASONS.InvalidBytes
  if (systemBytes + cacheBytes > ramBytes) return REASONS.TooSmall
  openHost(s, { ramBytes, swapBytes, romBytes, systemBytes, cacheBytes })
  s.touchesRecorded = touches === 'recorded' ? 1 : 0
  s.isOpen = 1
  return ACCEPTED
}

interface Opening {
  readonly ramBytes: number
  readonly swapBytes: number
  readonly romBytes: number
  readonly systemBytes: number
  readonly cacheBytes: number
}

/**
 * The machine as it is when a log begins; what a what-if sets goes before what the log says. In a smaller RAM the system takes the same
 * share, unless its size is set too, and the cache what is left.
 */
export function openHost(s: HostMemoryState, logged: Opening): void {
  const { pageBytes } = s.profile
  const { ramBytes, swapBytes, romBytes, cacheBytes } = { ...logged, ...s.settings }
  const share = Math.min(1, ramBytes / Math.max(1, logged.ramBytes))
  const systemBytes = s.settings.systemBytes ?? logged.systemBytes * share
  s.ramPages = Math.floor(ramBytes / pageBytes)
  s.swapPages = Math.floor(swapBytes / pageBytes)
  s.romBytes = romBytes
  s.systemPages = Math.min(s.ramPages, Math.ceil(systemBytes / pageBytes))
  s.systemPagesAtStart = s.systemPages
  s.cachePages = Math.min(s.ramPages - s.systemPages, Math.ceil(cacheBytes / pageBytes))
  s.freePages = s.ramPages - s.systemPages - s.cachePages
}

function startProcess(s: HostMemoryState, process: number): number {
  if (process >= PROCESSES_MAX) return REASONS.UnknownProcess
  if (s.processState[process] === ALIVE) return REASONS.ProcessAlreadyLives
  begin(s, process)
  return ACCEPTED
}

/** As much of the file as there is room for: cache never makes others give way. */
function readFile(s: HostMemoryState, bytes: number): number {
  if (!isWhole(bytes)) return REASONS.InvalidBytes
  const pages = Math.min(Math.ceil(bytes / s.profile.pageBytes), s.freePages)
  s.cachePages += pages
  s.freePages -= pages
  return ACCEPTED
}

function powerOff(s: HostMemoryState, emit: Facts, cause: number): number {
  const used = s.ramPages - s.freePages
  const kept = s.swapUsedPages
  for (let process = 0; process < s.areas.length; process++)
    if (s.processState[process] === ALIVE) endProcess(s, emit, cause, process, ENDED)
  s.swapUsedPages = kept
  s.systemPages = 0
  s.cachePages = 0
  s.freePages = s.ramPages
  s.hasPower = 0
  emit.push(FACT_OPCODES.PowerLost, cause, 0, 0, 0, used * s.profile.pageBytes, 0)
  return ACCEPTED
}

/** The system starts anew; it takes the swap device for its own. */
function powerOn(s: HostMemoryState): number {
  if (s.hasPower === 1) return REASONS.HasPower
  s.hasPower = 1
  s.swapUsedPages = 0
  s.systemPages = s.systemPagesAtStart
  s.freePages = s.ramPages - s.systemPages
  begin(s, 0)
  return ACCEPTED
}

function mapMemory(s: HostMemoryState, batch: Requests, row: number, process: number, emit: Facts, cause: number): number {
  const [id, backing, bytes, address] = [batch.id[row], batch.other[row], batch.size[row], batch.address[row]]
  if (!isRange(bytes)) return REASONS.InvalidBytes
  if (!isPlace(s, address, bytes)) return REASONS.InvalidAddress
  if (backing >= BACKINGS.length) return REASONS.InvalidBacking
  if (s.mappings.has(id)) return REASONS.MappingAlreadyLive
  const start = map(s, emit, cause, process, address, bytes, backing, s.profile.pageBytes)
  // Refused: the program goes on without it.
  if (start < 0) return ACCEPTED
  const size = wholePages(s, bytes)
  s.mappings.set(id, { process, start, bytes: size })
  return ACCEPTED
}

function mapShared(s: HostMemoryState, batch: Requests, row: number, process: number, emit: Facts, cause: number): number {
  const [id, bytes, address] = [batch.id[row], batch.size[row], batch.address[row]]
  if (!isRange(bytes)) return REASONS.InvalidBytes
  if (!isPlace(s, address, bytes)) return REASONS.InvalidAddress
  if (s.mappings.has(id)) return REASONS.MappingAlreadyLive
  const of = s.mappings.get(batch.other[row])
  const size = wholePages(s, bytes)
  if (of === undefined || size > of.bytes) return REASONS.NothingToShare
  const areas = areasOf(s, of.process)
  const shown = areas.at(of.start)
  if (shown < 0 || areas.object[shown] < 0) return REASONS.NothingToShare
  const { [shown]: object } = areas.object
  const start = map(s, emit, cause, process, address, bytes, areas.backing[shown], s.profile.pageBytes, object)
  if (start >= 0) s.mappings.set(id, { process, start, bytes: size })
  return ACCEPTED
}

/** May a mapping lie there? Where the log does not say, it may. */
const isPlace = (s: HostMemoryState, address: number, bytes: number): boolean =>
  Number.isNaN(address) || (address >= 0 && address % s.profile.pageBytes === 0 && address + bytes <= 2 ** 47)

function inMapping(
  s: HostMemoryState,
  batch: Requests,
  row: number,
  kind: RequestOpcode,
  process: number,
  emit: Facts,
  cause: number,
): number {
  const [id, bytes, address] = [batch.id[row], batch.size[row], batch.address[row]]
  if (!isRange(bytes)) return REASONS.InvalidBytes
  const mapping = s.mappings.get(id)
  if (mapping === undefined || mapping.process !== process) return REASONS.MappingNotLive
  if (kind === R.RemapMemory) return remapMemory(s, mapping, id, bytes, address, emit, cause)
  const { pageBytes } = s.profile
  const isTouch = kind === R.TouchPages || kind === R.CopyPages || kind === R.ReadPages
  const size = isTouch ? bytes : wholePages(s, bytes)
  const isAligned = isTouch || address % pageBytes === 0
  if (!isAligned || !isWhole(address) || address + size > mapping.bytes) return REASONS.OutsideMapping
  const start = mapping.start + address
  switch (kind) {
    case R.TouchPages:
      touch(s, emit, cause, process, start, bytes, WRITE)
      break
    case R.ReadPages:
      touch(s, emit, cause, process, start, bytes, READ)
      break
    case R.CopyPages:
      touch(s, emit, cause, process, start, bytes, COPY)
      break
    case R.ReleasePages:
      release(s, emit, cause, process, start, start + size)
      break
    case R.AdviseHugePages:
      adviseHuge(s, process, start, size, batch.other[row] === 1)
      break
    case R.UnmapMemory:
      if (areasOf(s, process).isFree(start, start + size)) return REASONS.MappingInPieces
      unmap(s, emit, cause, process, start, size)
      if (areasOf(s, process).isFree(mapping.start, mapping.start + mapping.bytes)) s.mappings.delete(id)
      break
  }
  return ACCEPTED
}

function remapMemory(s: HostMemoryState, mapping: Mapping, id: number, bytes: number, address: number, emit: Facts, cause: number): number {
  if (!isPlace(s, address, bytes)) return REASONS.InvalidAddress
  const { process, start } = mapping
  const size = wholePages(s, bytes)
  // What is left of it must be one range from its start on, as Linux wants it.
  const run = mappedRun(s, process, start, mapping.bytes)
  if (run === 0 || !areasOf(s, process).isFree(start + run, start + mapping.bytes)) return REASONS.MappingInPieces
  if (address !== start && address < start + run && start < address + size) return REASONS.InvalidAddress
  const moved = remap(s, emit, cause, process, start, run, bytes, address)
  if (moved >= 0) s.mappings.set(id, { process, start: moved, bytes: size })
  return ACCEPTED
}
