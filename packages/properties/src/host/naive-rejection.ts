import { BACKINGS, PROCESSES_MAX, type RejectionKind, type Request } from '@reheap/host-memory'
import { usableBytes } from './naive-library.ts'
import { mappedIn, runOf } from './naive-space.ts'
import { cellsOf, isAlive, lifeOf, type NaiveHost, type NaiveMapping } from './naive-state.ts'

/** The end of address space, and what one call of the C library may ask for. */
const ADDRESS_MAX = 2 ** 47
const BLOCK_MAX = 2 ** 46
const ALIGNMENT_MAX = 2 ** 30

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
const isRange = (bytes: number): boolean => isWhole(bytes) && bytes > 0 && bytes <= ADDRESS_MAX
const isSize = (bytes: number): boolean => isWhole(bytes) && bytes <= BLOCK_MAX

/** Why a request cannot have happened, the first reason that applies; null if it can. */
export function rejectionOf(h: NaiveHost, request: Request): RejectionKind | null {
  if (request.kind === 'PowerOn') return h.hasPower ? 'HasPower' : null
  if (!h.hasPower) return 'NoPower'
  switch (request.kind) {
    case 'PowerOff':
      return null
    case 'HostOpened':
      return openingRejection(h, request)
    case 'ReadFile':
      return isWhole(request.bytes) ? null : 'InvalidBytes'
    case 'StartProcess':
      if (request.process >= PROCESSES_MAX) return 'UnknownProcess'
      return isAlive(h, request.process) ? 'ProcessAlreadyLives' : null
  }
  const process = request.process ?? 0
  // What is asked for one that was killed is passed over.
  if (h.lives.get(process)?.state === 'killed') return null
  if (!isAlive(h, process)) return 'UnknownProcess'
  switch (request.kind) {
    case 'EndProcess':
      return null
    case 'MapMemory':
    case 'MapShared':
      return mappingRejection(h, request)
    case 'LibraryMalloc':
    case 'LibraryCalloc':
    case 'LibraryAlign':
    case 'LibraryRealloc':
    case 'LibraryFree':
    case 'TouchBlock':
    case 'AdviseHugeBlock':
      return blockRejection(h, process, request)
  }
  return rangeRejection(h, process, request)
}

type Asked<Kind extends Request['kind']> = Extract<Request, { readonly kind: Kind }>

function openingRejection(h: NaiveHost, { kind: _, touches: __, ...sizes }: Asked<'HostOpened'>): RejectionKind | null {
  const wasUsed = h.isPressed || [...h.lives.values()].some(({ peak }) => peak > 0)
  if (h.isOpen || wasUsed) return 'AlreadyOpen'
  if (!Object.values(sizes).every(isWhole)) return 'InvalidBytes'
  return sizes.systemBytes + sizes.cacheBytes > sizes.ramBytes ? 'TooSmall' : null
}

const isPlace = (h: NaiveHost, address: number | undefined, bytes: number): boolean =>
  address === undefined || (isWhole(address) && address % h.profile.pageBytes === 0 && address + bytes <= ADDRESS_MAX)

function mappingRejection(h: NaiveHost, request: Asked<'MapMemory' | 'MapShared'>): RejectionKind | null {
  if (!isRange(request.bytes)) return 'InvalidBytes'
  if (!isPlace(h, request.address, request.bytes)) return 'InvalidAddress'
  if (request.kind === 'MapMemory' && !BACKINGS.includes(request.backing)) return 'InvalidBacking'
  if (h.mappings.has(request.mapping)) return 'MappingAlreadyLive'
  if (request.kind === 'MapMemory') return null
  const of = h.mappings.get(request.of)
  if (of === undefined || request.bytes > of.pages * h.profile.pageBytes) return 'NothingToShare'
  return (cellsOf(h, of.process).get(of.start)?.object ?? null) === null ? 'NothingToShare' : null
}

type RangeRequest = Asked<'UnmapMemory' | 'RemapMemory' | 'TouchPages' | 'ReadPages' | 'CopyPages' | 'ReleasePages' | 'AdviseHugePages'>

function rangeRejection(h: NaiveHost, process: number, request: RangeRequest): RejectionKind | null {
  if (!isRange(request.bytes)) return 'InvalidBytes'
  const mapping = h.mappings.get(request.mapping)
  if (mapping === undefined || mapping.process !== process) return 'MappingNotLive'
  if (request.kind === 'RemapMemory') return resizeRejection(h, mapping, request)
  const { pageBytes } = h.profile
  const isTouch = request.kind === 'TouchPages' || request.kind === 'ReadPages' || request.kind === 'CopyPages'
  const bytes = isTouch ? request.bytes : Math.ceil(request.bytes / pageBytes) * pageBytes
  const isInside = isWhole(request.from) && request.from + bytes <= mapping.pages * pageBytes
  if (!isInside || (!isTouch && request.from % pageBytes !== 0)) return 'OutsideMapping'
  if (request.kind !== 'UnmapMemory') return null
  const start = mapping.start + request.from / pageBytes
  return mappedIn(h, process, start, bytes / pageBytes).length === 0 ? 'MappingInPieces' : null
}

/** What is left of a mapping must be one range from its start on. */
function resizeRejection(h: NaiveHost, mapping: NaiveMapping, { bytes, address }: Asked<'RemapMemory'>): RejectionKind | null {
  if (!isPlace(h, address, bytes)) return 'InvalidAddress'
  const { process, start, pages } = mapping
  const run = runOf(h, mapping)
  if (run === 0 || mappedIn(h, process, start + run, pages - run).length > 0) return 'MappingInPieces'
  if (address === undefined || address === start * h.profile.pageBytes) return null
  const to = address / h.profile.pageBytes
  return to < start + run && start < to + Math.ceil(bytes / h.profile.pageBytes) ? 'InvalidAddress' : null
}

type BlockRequest = Asked<
  'LibraryMalloc' | 'LibraryCalloc' | 'LibraryAlign' | 'LibraryRealloc' | 'LibraryFree' | 'TouchBlock' | 'AdviseHugeBlock'
>

function blockRejection(h: NaiveHost, process: number, request: BlockRequest): RejectionKind | null {
  const { chunks } = lifeOf(h, process)
  if (request.kind === 'LibraryFree') return request.block === null || chunks.has(request.block) ? null : 'BlockNotLive'
  if (!isSize(request.kind === 'LibraryCalloc' ? request.count * request.elementBytes : request.bytes)) return 'InvalidBytes'
  switch (request.kind) {
    case 'LibraryRealloc':
      if (request.newBlock !== request.block && chunks.has(request.newBlock)) return 'BlockAlreadyLive'
      return request.block === null || chunks.has(request.block) ? null : 'BlockNotLive'
    case 'LibraryAlign':
      if (request.alignment < 1 || request.alignment > ALIGNMENT_MAX) return 'InvalidAlignment'
      return chunks.has(request.block) ? 'BlockAlreadyLive' : null
    case 'LibraryMalloc':
    case 'LibraryCalloc':
      return chunks.has(request.block) ? 'BlockAlreadyLive' : null
  }
  const chunk = chunks.get(request.block)
  if (chunk === undefined) return 'BlockNotLive'
  return isSize(request.from) && request.from + request.bytes <= usableBytes(h, process, chunk) ? null : 'OutsideBlock'
}
