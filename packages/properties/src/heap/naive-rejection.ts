import type { Request as CollectorRequest } from '@reheap/cycle-gc'
import type { Request } from '@reheap/refcount'
import { LAYOUTS } from '@reheap/refcount'
import type { NaiveHeap } from './naive-heap.ts'

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** Why a request cannot have happened, the first reason that applies; null if it can. */
export function rejectionOf(heap: NaiveHeap, request: Request | CollectorRequest): string | null {
  switch (request.kind) {
    case 'DefineType':
      if (!LAYOUTS.includes(request.layout)) return 'UnknownLayout'
      return heap.types.has(request.type) && heap.types.get(request.type) !== request.layout ? 'TypeRedefined' : null
    case 'CreateObject':
      if (!isWhole(request.bytes)) return 'InvalidBytes'
      if (!heap.types.has(request.type)) return 'UnknownType'
      return heap.objects.has(request.object) ? 'ObjectAlreadyLive' : null
    case 'ResizeObject':
      if (!isWhole(request.bytes)) return 'InvalidBytes'
      return isAlive(heap, request.object) ? null : 'ObjectNotLive'
    case 'AddReference':
      return ends(heap, request.to, request.from)
    case 'DropReference':
      return ends(heap, request.to, request.from) ?? droppable(heap, request)
    case 'BindName':
    case 'UnbindName':
    case 'EnterScope':
    case 'LeaveScope':
      return rejectionInScopes(heap, request)
    case 'CreateWeakReference': {
      const ended = ends(heap, request.weak, request.object)
      if (ended !== null) return ended
      const weak = heap.get(request.weak)
      if (weak.layout !== 'weakref') return 'NoWeakReference'
      if (weak.weakTo !== null) return 'WeakReferenceTaken'
      return heap.get(request.object).layout === 'weakref' ? 'NotReferable' : null
    }
    case 'SetCallback':
      return ends(heap, request.weak, request.dropsFrom) ?? (heap.get(request.weak).layout === 'weakref' ? null : 'NoWeakReference')
    case 'SetFinalizer':
      return ends(heap, request.object, request.resurrectsInto)
    case 'TrackObject':
    case 'UntrackObject':
    case 'MakeImmortal':
    case 'ClearWeakReferences':
      return isAlive(heap, request.object) ? null : 'ObjectNotLive'
    case 'Collect':
      return [0, 1, 2].includes(request.generation) ? null : 'InvalidGeneration'
    case 'SetThresholds': {
      const [, , third] = request.thresholds
      return isWhole(third) && third < 2 ** 32 - 1 ? null : 'InvalidThreshold'
    }
    default:
      return null
  }
}

const isAlive = (heap: NaiveHeap, id: number): boolean => heap.objects.has(id)

function ends(heap: NaiveHeap, object: number, other: number | null): string | null {
  if (!isAlive(heap, object)) return 'ObjectNotLive'
  return other === null || isAlive(heap, other) ? null : 'OtherNotLive'
}

function droppable(heap: NaiveHeap, { from, to, slot }: Extract<Request, { kind: 'DropReference' }>): string | null {
  if (from === null) return heap.get(to).outside > 0 ? null : 'NotHeldOutside'
  return heap.placeOf(from, to, slot) >= 0 ? null : 'ReferenceNotHeld'
}

function rejectionInScopes(
  heap: NaiveHeap,
  request: Extract<Request, { kind: 'BindName' | 'UnbindName' | 'EnterScope' | 'LeaveScope' }>,
): string | null {
  if (request.kind === 'EnterScope') return heap.scopes.has(request.scope) ? 'ScopeAlreadyOpen' : null
  if (request.kind === 'BindName' && !isAlive(heap, request.object)) return 'ObjectNotLive'
  const names = heap.scopes.get(request.scope)
  if (names === undefined) return 'ScopeNotOpen'
  return request.kind === 'UnbindName' && (names.get(request.name) ?? null) === null ? 'NameNotBound' : null
}
