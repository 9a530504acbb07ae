/** Finalizers: `__del__`, once in an object's life. @source `PyObject_CallFinalizer`, `PyObject_CallFinalizerFromDealloc` */
import { handleOfId, NO_ID } from '@reheap/kernel'
import { settleClearing } from './clearing.ts'
import { enterWith } from './evaluation-stack.ts'
import { FACT_OPCODES } from './events.ts'
import { endCall, takeFrame } from './frame.ts'
import { addReference } from './holding.ts'
import { NO_SLOT } from './references.ts'
import { FLAGS, NONE, type RefcountState } from './state.ts'
import { track, untrack } from './tracking.ts'

const { FinalizerRan } = FACT_OPCODES

/** Runs the finalizer of an object that somebody holds meanwhile. */
export function runFinalizer(s: RefcountState, row: number): void {
  const annex = s.annex[row]
  const code = s.finalizerCode[annex]
  s.flags[row] &= ~FLAGS.finalizer
  takeFrame(s, code)
  if (s.tracking !== null) enterWith(s, row, s.tracking)
  const container = s.resurrectsInto[annex] === NO_ID ? NONE : handleOfId(s.objects, s.resurrectsInto[annex])
  const isResurrected = container !== NONE && s.count[container] > 0
  s.emit.push(FinalizerRan, s.cause, isResurrected ? 1 : 0, s.object[row], 0, 0, 0)
  if (isResurrected) addReference(s, container, row, NO_SLOT, NO_ID)
  endCall(s, code, row)
}

/** Runs the finalizer of an object whose count fell to zero. @returns whether somebody holds it now */
export function isSaved(s: RefcountState, row: number): boolean {
  settleClearing(s)
  s.count[row] = 1
  if ((s.flags[row] & FLAGS.gc) !== 0) track(s, row)
  runFinalizer(s, row)
  s.count[row]--
  if (s.count[row] > 0) return true
  untrack(s, row)
  return false
}
