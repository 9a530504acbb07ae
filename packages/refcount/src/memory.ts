/** Memory of objects: from a free list of their type or from the allocator, and back. @source `PyObject_GC_New`, the `*_dealloc` functions */
import { grown, NO_ID, NOT_GIVEN, removeId } from '@reheap/kernel'
import { FACT_OPCODES } from './events.ts'
import { LAYOUT } from './layout.ts'
import { listOf, NO_LIST, TRACKED } from './rules.ts'
import { FLAGS, MARKS, NONE, type RefcountState, takeRow } from './state.ts'
import { track } from './tracking.ts'

const { ObjectCreated, BlockRequested, BlockReleased } = FACT_OPCODES
/** Its own block, or the bytes beside it: tags of the facts. */
const OWN = 0
const BESIDE = 1

/**
 * Items of a list or dict whose type was called: `PyType_GenericAlloc` asks the allocator for it, whatever the free list
 * holds. A display, and what C makes, takes from the list.
 */
const CALLED = 1

/** A block as it stands in a fact. */
const addressOf = (block: number): number => (block === NO_ID ? NOT_GIVEN : block)

/**
 * A new object with the count 1 and no references. Columns may be replaced, and a collection may run before it exists.
 *
 * @param block that of the log, or none
 */
export function makeObject(s: RefcountState, id: number, type: number, items: number, bytes: number, block: number): number {
  const layout = s.typeLayout[type]
  const isCalled = items === CALLED && (layout === LAYOUT.list || layout === LAYOUT.dict)
  return makeOfLayout(s, id, type, layout, listOf(s.rules, layout, items), bytes, block, isCalled)
}

/** A tuple or dict that the runtime makes for itself. */
export function makeHidden(s: RefcountState, layout: number, items: number, bytes: number): number {
  return makeOfLayout(s, NO_ID, 0, layout, listOf(s.rules, layout, items), bytes, NO_ID, false)
}

function makeOfLayout(
  s: RefcountState,
  id: number,
  type: number,
  layout: number,
  list: number,
  bytes: number,
  block: number,
  isCalled: boolean,
): number {
  let row = NONE
  if (list !== NO_LIST && !isCalled) row = takeKept(s, list)
  const isReused = row !== NONE
  const flags = s.rules.flags[layout]
  if (!isReused) {
    row = takeRow(s)
    s.block[row] = block
    if (!s.emit.muted) s.emit.push(BlockRequested, s.cause, OWN, id, row, bytes, addressOf(block))
    if ((flags & FLAGS.gc) !== 0 && s.tracking !== null) s.tracking.allocated(bytes)
  }
  s.object[row] = id
  s.typeOf[row] = type
  s.layout[row] = layout
  s.list[row] = list
  s.count[row] = 1
  s.flags[row] = flags
  s.bytes[row] = bytes
  s.lostAt[row] = s.cause
  if (!s.emit.muted) s.emit.push(ObjectCreated, s.cause, isReused ? 1 : 0, id, s.typeId[type], bytes, addressOf(block))
  if (s.rules.tracked[layout] === TRACKED.atBirth) track(s, row)
  return row
}

function takeKept(s: RefcountState, list: number): number {
  const row = s.listHead[list]
  if (row === NONE || s.rules.listGives[list] === 0) {
    s.listMisses[list]++
    return NONE
  }
  s.listHits[list]++
  s.listHead[list] = s.firstReference[row]
  s.listLength[list]--
  return row
}

/** Gives back the memory of an object that holds nothing any more. */
export function giveMemory(s: RefcountState, row: number): void {
  // Only tuples choose a list by more than their layout.
  const layout = s.layout[row]
  const list = layout === LAYOUT.tuple ? s.list[row] : layout
  const isKept = list !== NO_LIST && s.listLength[list] < s.rules.listMax[list]
  if (!s.emit.muted && s.bytesBeside[row] > 0) tellBytesBeside(s, row, s.bytesBeside[row], 0)
  const isDoomed = (s.mark[row] & MARKS.doomed) !== 0
  if (isKept) {
    if (isDoomed) forgetObject(s, row)
    clearRow(s, row)
    s.firstReference[row] = s.listHead[list]
    s.listHead[list] = row
    s.listLength[list]++
    if (isDoomed && s.clearing !== null) s.clearing.awaited--
    return
  }
  releaseBlock(s, row)
  if (isDoomed) {
    s.mark[row] |= MARKS.ended
    return
  }
  clearRow(s, row)
  giveRow(s, row)
}

/** The next new object may have the row. */
export function giveRow(s: RefcountState, row: number): void {
  s.firstReference[row] = s.unusedRow
  s.unusedRow = row
}

/** Its id and its bytes are those of a live object no longer. */
export function forgetObject(s: RefcountState, row: number): void {
  if (s.typeOf[row] === 0) return
  removeId(s.objects, s.object[row])
  s.objectCount--
  s.liveBytes -= s.bytes[row] + s.bytesBeside[row]
}

/** A row in a free list keeps its layout, its list, its bytes and its block. */
export function clearRow(s: RefcountState, row: number): void {
  s.bytesBeside[row] = 0
  s.object[row] = NO_ID
  s.count[row] = 0
  s.flags[row] = 0
  s.mark[row] = 0
  s.outside[row] = 0
}

function releaseBlock(s: RefcountState, row: number): void {
  if (!s.emit.muted) s.emit.push(BlockReleased, s.cause, OWN, s.object[row], row, s.bytes[row], addressOf(s.block[row]))
  if ((s.rules.flags[s.layout[row]] & FLAGS.gc) === 0) return
  if (s.clearing !== null && (s.mark[row] & MARKS.doomed) !== 0) s.clearing.freed++
  else if (s.tracking !== null) s.tracking.freed()
}

/** The object holds so many bytes beside its own block. */
export function setBytesBeside(s: RefcountState, row: number, bytes: number): void {
  const before = s.bytesBeside[row]
  s.bytesBeside[row] = bytes
  if (!s.emit.muted && bytes !== before) tellBytesBeside(s, row, before, bytes)
}

function tellBytesBeside(s: RefcountState, row: number, before: number, bytes: number): void {
  if (bytes > 0) s.emit.push(BlockRequested, s.cause, BESIDE, s.object[row], row, bytes, NOT_GIVEN)
  else s.emit.push(BlockReleased, s.cause, BESIDE, s.object[row], row, before, NOT_GIVEN)
}

/** Gives the memory in the free lists back. @source `clear_freelists` of gcmodule.c, `_PyObject_ClearFreeLists` */
export function emptyFreeLists(s: RefcountState): void {
  for (let list = 1; list < s.listHead.length; list++) {
    if (s.rules.listEmpties[list] === 0) continue
    for (let row = s.listHead[list]; row !== NONE; row = s.listHead[list]) {
      s.listHead[list] = s.firstReference[row]
      s.listLength[list]--
      releaseBlock(s, row)
      giveRow(s, row)
    }
  }
  while (s.listedFrames > 0) {
    s.listedFrames--
    if (s.tracking !== null) s.tracking.freed()
  }
}

/** The object joins `gc.garbage`. */
export function keepGarbage(s: RefcountState, row: number): void {
  s.garbage = grown(s.garbage, s.garbageLength + 1)
  s.garbage[s.garbageLength++] = row
}

/** The object that joined `gc.garbage` last leaves it. */
export const takeGarbage = (s: RefcountState): number => s.garbage[--s.garbageLength]

/** The dict that holds an instance's attributes, made when the first is set. @source `_PyObjectDict_SetItem` up to 3.10 */
export function dictOfInstance(s: RefcountState, row: number): number {
  if ((s.mark[row] & MARKS.dictOwner) !== 0) return s.target[s.firstReference[row]]
  return NONE
}

export const makeInstanceDict = (s: RefcountState): number => makeHidden(s, LAYOUT.dict, 0, s.profile.dictBytes)
