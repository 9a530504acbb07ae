/**
 * The columns of objects and their references.
 *
 * Glossary
 * - row: an object's place in the columns. An object has it from birth to death; one whose memory a free list keeps leaves
 *   its row to the next object of that list. Row 0 is no object.
 * - holder: what has a reference: another object, a name of a scope, or the outside, which is no object of the log.
 * - span: a run of 2^n cells of the reference columns that belongs to one object and begins at a multiple of its length.
 * - annex: what few objects have: weak references, a finalizer.
 * - death: begins when the last reference goes, ends when the memory is given back.
 */
import { copyColumns, createKeeper, Emit, grown, IdTable, type Keeper, NO_ID } from '@reheap/kernel'
import type { Clearing } from './clearing.ts'
import type { FactOpcode } from './events.ts'
import type { RefcountProfile } from './profile.ts'
import { type Rules, rulesOf } from './rules.ts'
import type { Tracking } from './tracking.ts'

/** Bits of `flags`: what a collector needs to know of an object. */
export const FLAGS = {
  gc: 1,
  visitsBackwards: 2,
  /** It has a finalizer that has not run yet. */
  finalizer: 4,
  /** A weak reference to it is alive, or it is one that is. */
  weaklyReferenced: 8,
  tuple: 16,
  dict: 32,
  immortal: 128,
} as const

/** Bits of `mark`: what is nobody else's concern. */
export const MARKS = {
  tracked: 1,
  /** It is an instance with a dict of its own, its only reference. */
  dictOwner: 2,
  /** It is a weak reference with a callback. */
  callback: 4,
  /** It is garbage that is cleared as a whole, its death has begun, it has ended: see `clearing.ts`. */
  doomed: 8,
  begun: 16,
  ended: 32,
  /** It is a weak reference whose callback lets a holder go of it. */
  lettingGo: 64,
} as const

/** "None" in a column of rows, annexes, scopes and bindings: their row 0 is nobody's. */
export const NONE = 0
/** "None" in a column of cells. */
export const NO_CELL = -1
/** In `count` of an immortal object: no real count comes near. */
export const IMMORTAL_COUNT = 0x3fff_ffff

const SILENT = new Emit<FactOpcode>({ muted: true })
const FIRST_ROWS = 64

/** The columns of a heap of objects; read through the queries of the package. */
export class RefcountState {
  readonly profile: RefcountProfile
  readonly rules: Rules
  /** The collector, or null. */
  tracking: Tracking | null = null
  /** Garbage that is being cleared as a whole, or null. */
  clearing: Clearing | null = null
  /** Where facts go, and the event that causes them. */
  emit: Emit<FactOpcode> = SILENT
  cause = 0

  /** Row of each live object by id. */
  objects = new IdTable()
  /** Place of each type by id. */
  types = new IdTable()
  /** @shape [typeCount] */
  typeId = Uint32Array.of(NO_ID)
  typeLayout = new Uint8Array(1)
  /** Type 0 is that of objects which the runtime makes for itself. */
  typeCount = 1

  /** Id of the object, or none. @shape row columns: [rows] */
  object = new Uint32Array(FIRST_ROWS)
  typeOf = new Int32Array(FIRST_ROWS)
  layout = new Uint8Array(FIRST_ROWS)
  /** @keeps count = outside + names bound to it + references to it + places in gc.garbage, unless immortal */
  count = new Int32Array(FIRST_ROWS)
  /** References by holders that are no object. */
  outside = new Int32Array(FIRST_ROWS)
  flags = new Uint8Array(FIRST_ROWS)
  mark = new Uint8Array(FIRST_ROWS)
  /** Free list that its memory goes to. */
  list = new Uint8Array(FIRST_ROWS)
  /** @unit bytes */
  bytes = new Float64Array(FIRST_ROWS)
  /** What it holds beside its own block. @unit bytes */
  bytesBeside = new Float64Array(FIRST_ROWS)
  /** Block of the log that the memory lies in, or none; memory in a free list keeps it. */
  block = new Uint32Array(FIRST_ROWS)
  /** Event at which the object last lost a reference that the program dropped, by itself or through its holder; at first its birth. */
  lostAt = new Float64Array(FIRST_ROWS)
  /** First cell of its references. For a row without an object: the next such row, in a free list or out of all. */
  firstReference = new Int32Array(FIRST_ROWS)
  referenceCount = new Int32Array(FIRST_ROWS)
  /** log2 of its span's cells, plus 1; 0: it has none. */
  spanSize = new Uint8Array(FIRST_ROWS)
  annex = new Int32Array(FIRST_ROWS)
  /** Rows in use or once used, row 0 among them. */
  rows = 1
  unusedRow = NONE
  objectCount = 0
  /** @keeps liveBytes = bytes + bytesBeside of every live object of the log */
  liveBytes = 0

  /** Row that a reference leads to; in a free span's first cell: the next free span of its size. @shape [cells] */
  target = new Int32Array(FIRST_ROWS)
  /** @keeps ascending within an object */
  slot = new Uint32Array(FIRST_ROWS)
  /** Name of the attribute or key that the reference is, or none. */
  name = new Uint32Array(FIRST_ROWS)
  cells = 0
  /** First free span of each size. @shape [32] */
  freeSpans = new Int32Array(32).fill(NO_CELL)

  /** First weak reference to the object. @shape annex columns: [annexes] */
  weakHead = new Int32Array(1)
  /** Of a weak reference: the object that it refers to, or none when cleared. */
  weakTarget = new Int32Array(1)
  /** Id of that object, kept when cleared. */
  weakObject = new Uint32Array(1)
  weakNext = new Int32Array(1)
  weakPrev = new Int32Array(1)
  /** Id of the container that the finalizer stores the object in, or none. */
  resurrectsInto = new Uint32Array(1)
  /** Code that the finalizer runs, or none. */
  finalizerCode = new Uint32Array(1)
  /** Code that a weak reference's callback runs, or none. */
  callbackCode = new Uint32Array(1)
  /** Id of the container that the callback takes the weak reference out of; none: a holder that is no object. */
  dropsFrom = new Uint32Array(1)
  annexes = 1
  unusedAnnex = NONE

  /** Row of each open scope by id. */
  scopes = new IdTable()
  /** @shape scope columns: [scopeRows] */
  scopeId = new Uint32Array(1)
  /** Code whose frame the scope is, or none. */
  scopeCode = new Uint32Array(1)
  /** Bindings in the order in which names were first bound. */
  scopeFirst = new Int32Array(1)
  scopeLast = new Int32Array(1)
  /** Open scopes, last entered first. For unused rows: the next unused one. */
  scopeNext = new Int32Array(1)
  scopePrev = new Int32Array(1)
  scopeRows = 1
  unusedScope = NONE
  innermostScope = NONE

  /** @shape binding columns: [bindings] */
  bindingScope = new Int32Array(1)
  bindingName = new Uint32Array(1)
  /** Object that the name is bound to, or none if it was unbound. */
  bindingObject = new Int32Array(1)
  /** Next of the scope. For unused rows: the next unused one. */
  bindingNext = new Int32Array(1)
  bindings = 1
  unusedBinding = NONE
  liveBindings = 0
  /** Bindings by scope and name, open addressing. @shape [a power of two, at least twice liveBindings] */
  bindingTable = new Int32Array(16)

  /** First kept row of each free list, their number, and how often one was taken or missing. @shape [256] */
  listHead = new Int32Array(256)
  listLength = new Int32Array(256)
  listHits = new Float64Array(256)
  listMisses = new Float64Array(256)
  /** Codes that keep a frame. */
  keptFrames = new IdTable()
  /** Bit of each function in `gc.callbacks` whose kept frame is away: put aside by the trashcan. */
  lentCallbackFrames = 0
  listedFrames = 0
  frameHits = 0
  frameMisses = 0

  /** The evaluation stack: see `evaluation-stack.ts`. @shape [entriesLength] in use */
  entries = new Int32Array(64)
  entriesLength = 0

  /** Rows in `gc.garbage`, oldest first. @shape [garbageLength] in use */
  garbage = new Int32Array(1)
  garbageLength = 0

  /** Object whose place another took already, and which the next request drops. @keeps none between batches */
  replaced = NONE
  /** Deaths around the one at hand that count for the trashcan. @keeps 0 between events */
  nesting = 0
  /** Rows put aside by the trashcan, last in first out; the complement of a row: the frame of a call with that object. */
  aside = new Int32Array(1)
  /** Code of such a frame, or none. */
  asideCode = new Uint32Array(1)
  asideLength = 0
  /** The work-list of deaths: see `cascade.ts`. @shape [stackLength] in use. @keeps empty between events */
  stackKind = new Uint8Array(64)
  stackRow = new Int32Array(64)
  stackSpan = new Int32Array(64)
  stackSize = new Uint8Array(64)
  stackCell = new Int32Array(64)
  stackStep = new Int32Array(64)
  stackLeft = new Int32Array(64)
  stackLength = 0

  constructor(profile: RefcountProfile) {
    this.profile = profile
    this.rules = rulesOf(profile)
  }

  /** A copy that shares no column; no collector is connected to it. */
  clone(): RefcountState {
    const copy = new RefcountState(this.profile)
    copyColumns(this, copy)
    for (const name of ['objects', 'types', 'scopes', 'keptFrames'] as const) copyColumns(this[name], copy[name])
    return copy
  }
}

/** Lets go of what belongs to the replay and not to the state. */
function closed(s: RefcountState): RefcountState {
  s.tracking = null
  s.emit = SILENT
  return s
}

/** The one keeper of heaps; not exported from the package. */
export const keeper: Keeper<RefcountState> = createKeeper<RefcountState, RefcountState>((state) => state.clone(), closed)

/** A row for a new object. Columns may be replaced. */
export function takeRow(s: RefcountState): number {
  const row = s.unusedRow
  if (row !== NONE) {
    s.unusedRow = s.firstReference[row]
    return row
  }
  if (s.rows === s.object.length) growRows(s)
  return s.rows++
}

function growRows(s: RefcountState): void {
  const rows = s.object.length * 2
  s.object = grown(s.object, rows)
  s.typeOf = grown(s.typeOf, rows)
  s.layout = grown(s.layout, rows)
  s.count = grown(s.count, rows)
  s.outside = grown(s.outside, rows)
  s.flags = grown(s.flags, rows)
  s.mark = grown(s.mark, rows)
  s.list = grown(s.list, rows)
  s.bytes = grown(s.bytes, rows)
  s.bytesBeside = grown(s.bytesBeside, rows)
  s.block = grown(s.block, rows)
  s.lostAt = grown(s.lostAt, rows)
  s.firstReference = grown(s.firstReference, rows)
  s.referenceCount = grown(s.referenceCount, rows)
  s.spanSize = grown(s.spanSize, rows)
  s.annex = grown(s.annex, rows)
}

/** What dies is put aside until the deaths around it have ended. @source `_PyTrash_thread_deposit_object` */
export function putAside(s: RefcountState, entry: number, code: number): void {
  s.aside = grown(s.aside, s.asideLength + 1)
  s.asideCode = grown(s.asideCode, s.asideLength + 1)
  s.asideCode[s.asideLength] = code
  s.aside[s.asideLength++] = entry
}

/** One more reference, from wherever. An immortal's count stays. */
export function gain(s: RefcountState, row: number): void {
  if (s.count[row] !== IMMORTAL_COUNT) s.count[row]++
}
