import type { RefcountProfile } from '@reheap/refcount'
import type { HeapRequest } from './heap-witness.ts'
import type { NaiveHeap } from './naive-heap.ts'

/** What a request itself changes, before any of its consequences; a new object is there once its fact says so. */
export function askOf(heap: NaiveHeap, request: HeapRequest, { immortalCount }: RefcountProfile): void {
  switch (request.kind) {
    case 'DefineType':
      heap.types.set(request.type, request.layout)
      break
    case 'ResizeObject':
      heap.get(request.object).besideBytes = request.bytes
      break
    case 'AddReference':
      if (request.from === null) heap.get(request.to).outside++
      else heap.refer(request.from, request.to, request.slot)
      break
    case 'DropReference':
      if (request.from === null) heap.get(request.to).outside--
      else heap.drop(request.from, heap.placeOf(request.from, request.to, request.slot))
      break
    case 'BindName':
      heap.scopes.get(request.scope)?.set(request.name, request.object)
      break
    case 'UnbindName':
      heap.scopes.get(request.scope)?.set(request.name, null)
      break
    case 'EnterScope':
      heap.scopes.set(request.scope, new Map())
      break
    case 'LeaveScope':
      for (const held of heap.scopes.get(request.scope)?.values() ?? []) if (held !== null) heap.loose.push(held)
      heap.scopes.delete(request.scope)
      break
    case 'CreateWeakReference':
      heap.get(request.weak).weakTo = request.object
      heap.get(request.weak).hasCallback = request.callback
      break
    case 'SetCallback':
      heap.get(request.weak).dropsFrom = request.dropsFrom
      break
    case 'SetFinalizer':
      heap.get(request.object).finalizer = { into: request.resurrectsInto }
      break
    case 'TrackObject':
    case 'UntrackObject':
      heap.get(request.object).isByHand = true
      break
    case 'MakeImmortal':
      heap.get(request.object).isImmortal ||= immortalCount !== null
      break
    case 'ClearGarbage':
      heap.loose.push(...heap.garbage.splice(0))
      break
    default:
      break
  }
}
