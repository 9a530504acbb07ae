import { DOMAINS, type RejectionKind, type Request } from '@reheap/allocator'
import type { NaivePymalloc } from './naive-pymalloc.ts'

/** Why a request cannot have happened, the first reason that applies; null if it can. */
export function rejectionOf(heap: NaivePymalloc, request: Request): RejectionKind | null {
  switch (request.kind) {
    case 'ArenaUnmapped':
      return null
    case 'ReleaseHeap':
      return heap.profile.releasesHeaps && isInUse(heap) ? 'HeapInUse' : null
    case 'ArenaMapped':
      if (!isWhole(request.bytes)) return 'InvalidBytes'
      return request.address === null || isWhole(request.address) ? null : 'InvalidAddress'
    case 'Free':
      if (request.block === null) return null
      if (!DOMAINS.includes(request.domain)) return 'UnknownDomain'
      if (!heap.blocks.has(request.block)) return 'BlockNotLive'
      return liesInPool(heap, request.block) && request.domain === 'raw' ? 'PoolBlockInRawDomain' : null
    case 'Malloc':
      return placeable(heap, request.domain, request.block, request.bytes)
    case 'Calloc':
      return placeable(heap, request.domain, request.block, request.count * request.elementBytes)
    case 'Realloc':
      return resizable(heap, request)
  }
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

const isInUse = (heap: NaivePymalloc): boolean => heap.clibCounted > 0 || [...heap.blocks.values()].some(({ pool }) => pool !== null)

const liesInPool = (heap: NaivePymalloc, block: number): boolean => (heap.blocks.get(block)?.pool ?? null) !== null

function placeable(heap: NaivePymalloc, domain: string, block: number, bytes: number): RejectionKind | null {
  if (!(DOMAINS as readonly string[]).includes(domain)) return 'UnknownDomain'
  if (!isWhole(bytes)) return 'InvalidBytes'
  return heap.blocks.has(block) ? 'BlockAlreadyLive' : null
}

function resizable(heap: NaivePymalloc, { domain, block, newBlock, bytes }: Extract<Request, { kind: 'Realloc' }>): RejectionKind | null {
  if (block === null) return placeable(heap, domain, newBlock, bytes)
  if (!DOMAINS.includes(domain)) return 'UnknownDomain'
  if (!isWhole(bytes)) return 'InvalidBytes'
  if (!heap.blocks.has(block)) return 'BlockNotLive'
  if (heap.blocks.has(newBlock)) return 'BlockAlreadyLive'
  return liesInPool(heap, block) && domain === 'raw' ? 'PoolBlockInRawDomain' : null
}
