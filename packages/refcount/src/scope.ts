/** Names: what each scope binds, found by scope and name, and listed in the order in which they were first bound. */
import { enterId, grown, NO_ID, removeId } from '@reheap/kernel'
import { NONE, type RefcountState } from './state.ts'

/** Enters a scope that is not open. */
export function openScope(s: RefcountState, id: number, code: number): void {
  let scope = s.unusedScope
  if (scope !== NONE) s.unusedScope = s.scopeNext[scope]
  else {
    scope = s.scopeRows++
    if (scope === s.scopeId.length) growScopes(s)
  }
  s.scopeId[scope] = id
  s.scopeCode[scope] = code
  s.scopeFirst[scope] = NONE
  s.scopeLast[scope] = NONE
  s.scopePrev[scope] = NONE
  s.scopeNext[scope] = s.innermostScope
  if (s.innermostScope !== NONE) s.scopePrev[s.innermostScope] = scope
  s.innermostScope = scope
  enterId(s.scopes, id, scope)
}

/** Leaves a scope whose names are all taken away. */
export function closeScope(s: RefcountState, scope: number): void {
  const prev = s.scopePrev[scope]
  const next = s.scopeNext[scope]
  if (prev === NONE) s.innermostScope = next
  else s.scopeNext[prev] = next
  if (next !== NONE) s.scopePrev[next] = prev
  removeId(s.scopes, s.scopeId[scope])
  s.scopeId[scope] = NO_ID
  s.scopeNext[scope] = s.unusedScope
  s.unusedScope = scope
}

function growScopes(s: RefcountState): void {
  const rows = s.scopeId.length * 2
  s.scopeId = grown(s.scopeId, rows)
  s.scopeCode = grown(s.scopeCode, rows)
  s.scopeFirst = grown(s.scopeFirst, rows)
  s.scopeLast = grown(s.scopeLast, rows)
  s.scopeNext = grown(s.scopeNext, rows)
  s.scopePrev = grown(s.scopePrev, rows)
}

function placeOf(scope: number, name: number): number {
  let hash = Math.imul(name, 0x9e3779b1) ^ Math.imul(scope, 0x85ebca6b)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 1
}

/** Binding of a name in an open scope, bound or not; {@link NONE} if it never was. */
export function findBinding(s: RefcountState, scope: number, name: number): number {
  const mask = s.bindingTable.length - 1
  for (let place = placeOf(scope, name) & mask; ; place = (place + 1) & mask) {
    const binding = s.bindingTable[place]
    if (binding === NONE || (s.bindingScope[binding] === scope && s.bindingName[binding] === name)) return binding
  }
}

/** A binding for a name that the scope never had. */
export function addBinding(s: RefcountState, scope: number, name: number): number {
  if (2 * (s.liveBindings + 1) > s.bindingTable.length) growTable(s)
  let binding = s.unusedBinding
  if (binding !== NONE) s.unusedBinding = s.bindingNext[binding]
  else {
    binding = s.bindings++
    if (binding === s.bindingScope.length) growBindings(s)
  }
  s.bindingScope[binding] = scope
  s.bindingName[binding] = name
  s.bindingObject[binding] = NONE
  s.bindingNext[binding] = NONE
  const last = s.scopeLast[scope]
  if (last === NONE) s.scopeFirst[scope] = binding
  else s.bindingNext[last] = binding
  s.scopeLast[scope] = binding
  s.liveBindings++
  enter(s, binding)
  return binding
}

function enter(s: RefcountState, binding: number): void {
  const mask = s.bindingTable.length - 1
  let place = placeOf(s.bindingScope[binding], s.bindingName[binding]) & mask
  while (s.bindingTable[place] !== NONE) place = (place + 1) & mask
  s.bindingTable[place] = binding
}

/** The scope's bindings stand the other way round. */
export function reverseBindings(s: RefcountState, scope: number): void {
  let behind = NONE
  s.scopeLast[scope] = s.scopeFirst[scope]
  for (let binding = s.scopeFirst[scope]; binding !== NONE; ) {
    const next = s.bindingNext[binding]
    s.bindingNext[binding] = behind
    behind = binding
    binding = next
  }
  s.scopeFirst[scope] = behind
}

/** Takes the first binding of a scope away. @returns what it was bound to */
export function takeFirstBinding(s: RefcountState, scope: number): number {
  const binding = s.scopeFirst[scope]
  const object = s.bindingObject[binding]
  s.scopeFirst[scope] = s.bindingNext[binding]
  if (s.scopeFirst[scope] === NONE) s.scopeLast[scope] = NONE
  removeFromTable(s, binding)
  s.bindingScope[binding] = NONE
  s.bindingNext[binding] = s.unusedBinding
  s.unusedBinding = binding
  s.liveBindings--
  return object
}

/** Those behind move up, so that no gap is left between a binding and the place where it is looked for. */
function removeFromTable(s: RefcountState, binding: number): void {
  const { bindingTable } = s
  const mask = bindingTable.length - 1
  let gap = placeOf(s.bindingScope[binding], s.bindingName[binding]) & mask
  while (bindingTable[gap] !== binding) gap = (gap + 1) & mask
  for (let place = (gap + 1) & mask; bindingTable[place] !== NONE; place = (place + 1) & mask) {
    const other = bindingTable[place]
    const wanted = placeOf(s.bindingScope[other], s.bindingName[other]) & mask
    if (((place - wanted) & mask) < ((place - gap) & mask)) continue
    bindingTable[gap] = other
    gap = place
  }
  bindingTable[gap] = NONE
}

function growTable(s: RefcountState): void {
  s.bindingTable = new Int32Array(s.bindingTable.length * 2)
  for (let binding = 1; binding < s.bindings; binding++) if (s.bindingScope[binding] !== NONE) enter(s, binding)
}

function growBindings(s: RefcountState): void {
  const rows = s.bindingScope.length * 2
  s.bindingScope = grown(s.bindingScope, rows)
  s.bindingName = grown(s.bindingName, rows)
  s.bindingObject = grown(s.bindingObject, rows)
  s.bindingNext = grown(s.bindingNext, rows)
}
