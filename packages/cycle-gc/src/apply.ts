/**
 * THE TABLE: what each request does. Guards first, in the order of `rejected.ts`, then writes, then facts.
 *
 * @source `Modules/gcmodule.c`: `gc_collect_impl`, `gc_set_threshold`, `gc_freeze_impl` and their like
 */
import { type Batch, type Emit, OPCODE_RANGES } from '@reheap/kernel'
import { countDown } from './counting.ts'
import { type FactOpcode, REQUEST_OPCODES, type RequestOpcode } from './events.ts'
import { merge } from './lists.ts'
import { applyPlain, connect } from './plain-apply.ts'
import { PLAIN_OPCODES, type PlainOpcode } from './plain-events.ts'
import { ACCEPTED, REASONS } from './rejected.ts'
import { checkEvalBreaker, runCollection } from './run.ts'
import { type CollectorState, LISTS } from './state.ts'

const OLDEST = 2
const THRESHOLD_MAX = 0xffff_fffe
const PERMANENT = 3
/** Where an object from before the log may be, the likeliest first. */
const UNSEEN_IN = [OLDEST, 1, 0, PERMANENT]

type Requests = Batch<RequestOpcode | PlainOpcode>

/** Applies rows in order; see `Mechanism.applyBatch`. */
export function applyRows(s: CollectorState, batch: Requests, from: number, to: number, emit: Emit<FactOpcode>): number {
  const { code, firstIndex } = batch
  const { work } = s
  const { moment } = work
  moment.emit = emit
  connect(s)
  for (let row = from; row < to; row++) {
    const kind = code[row]
    if (kind < OPCODE_RANGES.cycleGc.from || kind > OPCODE_RANGES.cycleGc.to) continue
    moment.cause = firstIndex + row
    const answer = kind < PLAIN_OPCODES.MakeObject ? apply(s, batch, row) : applyPlain(s, batch, row)
    if (answer === ACCEPTED) continue
    emit.reason = answer
    return row
  }
  return -1
}

/** @returns ACCEPTED, or why the request is rejected */
function apply(s: CollectorState, batch: Requests, row: number): number {
  switch (batch.code[row]) {
    case REQUEST_OPCODES.Collect:
      if (batch.tag[row] > OLDEST) return REASONS.InvalidGeneration
      runCollection(s, batch.tag[row], 'request')
      return ACCEPTED
    case REQUEST_OPCODES.SetThresholds:
      return setThresholds(s, batch, row)
    case REQUEST_OPCODES.EnableCollector:
      s.enabled = 1
      return ACCEPTED
    case REQUEST_OPCODES.DisableCollector:
      s.enabled = 0
      return ACCEPTED
    case REQUEST_OPCODES.FreezeObjects:
      freeze(s)
      return ACCEPTED
    case REQUEST_OPCODES.UnfreezeObjects:
      unfreeze(s)
      return ACCEPTED
    case REQUEST_OPCODES.SetSaveAll:
      s.saveAll = batch.tag[row] === 0 ? 0 : 1
      return ACCEPTED
    case REQUEST_OPCODES.ClearGarbage:
      s.garbageLength = 0
      s.work.editor.dropGarbage()
      return ACCEPTED
    case REQUEST_OPCODES.SetCallbacks:
      s.callbacks = batch.id[row]
      return ACCEPTED
    case REQUEST_OPCODES.CheckEvalBreaker:
      checkEvalBreaker(s)
      return ACCEPTED
    case REQUEST_OPCODES.ReleaseEarlierObject:
      releaseUnseen(s, batch.tag[row] !== 0)
      return ACCEPTED
    default:
      return REASONS.UnknownRequest
  }
}

function setThresholds(s: CollectorState, { id, other, size }: Requests, row: number): number {
  const third = size[row]
  if (!Number.isInteger(third) || third < 0 || third > THRESHOLD_MAX) return REASONS.InvalidThreshold
  s.threshold[0] = id[row]
  s.threshold[1] = other[row]
  s.threshold[2] = third
  return ACCEPTED
}

/** The oldest generation is the one that it was in, unless that holds none. @source `PyObject_GC_Del` */
function releaseUnseen(s: CollectorState, isTracked: boolean): void {
  if (isTracked || s.profile.counts !== 'tracked') countDown(s)
  const generation = UNSEEN_IN.find((each) => s.unseen[each] > 0)
  if (!isTracked || generation === undefined) return
  s.unseen[generation]--
  s.unseenUnrooted = Math.min(s.unseenUnrooted, s.unseen[OLDEST])
  s.unseenPending = Math.min(s.unseenPending, s.unseenUnrooted)
}

/** Every generation goes behind the permanent one, the youngest first. @source `gc_freeze_impl` */
function freeze(s: CollectorState): void {
  for (let generation = 0; generation <= OLDEST; generation++) {
    merge(s, LISTS.generation0 + generation, LISTS.permanent)
    s.unseen[PERMANENT] += s.unseen[generation]
    s.unseen[generation] = 0
  }
  s.unseenThawed = 0
  s.unseenPending = 0
  s.globalsFrozen = 1
  s.count.fill(0)
}

/** The permanent generation goes behind the oldest. @source `gc_unfreeze_impl` */
function unfreeze(s: CollectorState): void {
  const oldest = s.profile.policy.unfreezesInto?.(s) ?? LISTS.generation2
  merge(s, LISTS.permanent, oldest)
  s.unseen[OLDEST] += s.unseen[PERMANENT]
  s.unseen[PERMANENT] = 0
  s.unseenThawed = s.unseenImmortals
}
