/**
 * A heap with little in it: objects, references, exact counts, weak references and finalizers. The row of an object is its
 * id. It lets the collector work, and be understood, alone; `@reheap/refcount` is the real one.
 */
import { copyColumns, type Emit } from '@reheap/kernel'
import { HEAP_FLAGS, type HeapEditor, type HeapView, type Tracking } from './heap-view.ts'
import { PLAIN_FACT_OPCODES, PLAIN_KINDS, type PlainFactOpcode, type PlainKind } from './plain-events.ts'
import { KIND_FLAGS, PlainObjects } from './plain-objects.ts'

const { gc, visitsBackwards, finalizer, weaklyReferenced, tuple, immortal } = HEAP_FLAGS
const NONE = -1
/** In `finalizerInto`: the finalizer stores the object nowhere. */
const NOWHERE = -1
/** Bytes of an object that says nothing of its size. */
const OBJECT_BYTES = 64

const IGNORED: Tracking = { allocated: () => {}, freed: () => {}, track: () => {}, untrack: () => {}, entered: () => {} }

export class PlainHeap extends PlainObjects implements HeapView, HeapEditor {
  /** Who is told; and where facts go: both belong to the draft. */
  tracking: Tracking = IGNORED
  moment: { readonly emit: Emit; readonly cause: number } | null = null
  #dying: number[] = []

  clone(): PlainHeap {
    const copy = new PlainHeap()
    copyColumns(this, copy)
    copy.weak = this.weak
    copy.kept = this.kept
    return copy
  }

  make(row: number, kind: PlainKind, bytes = OBJECT_BYTES): void {
    this.grow(row + 1)
    if (kind !== 'atom') this.tracking.allocated(bytes)
    this.object[row] = row
    this.count[row] = 1
    this.held[row] = 1
    this.kind[row] = PLAIN_KINDS.indexOf(kind)
    this.flags[row] = KIND_FLAGS[kind]
    this.referenceCount[row] = 0
    this.weakTo[row] = NONE
    if (kind !== 'atom') this.tracking.track(row)
  }

  /** Drops the last such reference. @returns was there one? */
  drop(from: number, to: number): boolean {
    if (from === NONE) {
      if (this.held[to] === 0) return false
      this.held[to]--
    } else {
      const first = this.firstReference[from]
      const end = first + this.referenceCount[from]
      let at = end - 1
      while (at >= first && this.target[at] !== to) at--
      if (at < first) return false
      this.target.copyWithin(at, at + 1, end)
      this.referenceCount[from]--
    }
    this.release(to)
    return true
  }

  fixCount(row: number): void {
    this.flags[row] |= immortal
  }

  hold(row: number): void {
    this.count[row]++
  }

  /** Drops one reference; what dies of it dies in the order of a work-list. */
  release(row: number): void {
    if ((this.flags[row] & immortal) !== 0 || --this.count[row] > 0) return
    this.tracking.untrack(row)
    this.#dying.push(row)
    if (this.#dying.length > 1) return
    for (let at = 0; at < this.#dying.length; at++) this.#die(this.#dying[at] as number)
    this.#dying = []
  }

  clearWeakReferences(row: number, garbage: Uint8Array, onlyWithCallback: boolean): readonly number[] {
    const calls: number[] = []
    for (const weak of [...this.weak].reverse()) {
      const isItself = weak === row
      if ((this.weakTo[weak] !== row && !isItself) || (onlyWithCallback && this.hasCallback[weak] === 0)) continue
      this.#clearWeak(weak)
      if (!isItself && this.hasCallback[weak] === 1 && (garbage[weak] ?? 0) === 0) calls.push(weak)
    }
    return calls
  }

  callBack(weak: number): void {
    this.#enter()
    this.#tell(PLAIN_FACT_OPCODES.CalledBack, weak)
  }

  finalize(row: number): void {
    this.flags[row] &= ~finalizer
    this.#enter()
    this.#tell(PLAIN_FACT_OPCODES.Finalized, row)
    const into = this.finalizerInto[row]
    if (into !== NOWHERE && this.isAlive(into)) this.refer(into, row)
  }

  /** A function of the program begins. What a collection inside of it lets die, dies before it goes on. */
  #enter(): void {
    const around = this.#dying
    this.#dying = []
    this.tracking.entered()
    this.#dying = around
  }

  /** A list lets go from its end, everything else from its start; a tuple not at all. */
  clear(row: number): void {
    if ((this.flags[row] & tuple) !== 0) return
    const references = this.referencesOf(row)
    this.referenceCount[row] = 0
    for (const to of (this.flags[row] & visitsBackwards) === 0 ? references : [...references].reverse()) this.release(to)
  }

  untracked(): void {}

  trackedAgain(): void {}

  keepGarbage(row: number): void {
    this.hold(row)
    this.kept = [...this.kept, row]
  }

  dropGarbage(): void {
    const { kept } = this
    this.kept = []
    for (const row of [...kept].reverse()) this.release(row)
  }

  makeCallbackInfo(): number {
    if (this.spareInfos === 0) this.tracking.allocated(OBJECT_BYTES)
    else this.spareInfos--
    return NONE
  }

  dropCallbackInfo(): void {
    this.spareInfos++
  }

  emptyFreeLists(): void {
    for (; this.spareInfos > 0; this.spareInfos--) this.tracking.freed()
  }

  stackRoots(): readonly number[] {
    return []
  }

  /** The program holds objects as an extension does: no collection knows from where. */
  globalRoots(): readonly number[] {
    return []
  }

  /** Finalizer, weak references and their callbacks, references: in that order, which is not a collection's. */
  #die(row: number): void {
    if ((this.flags[row] & finalizer) !== 0) {
      this.count[row] = 1
      if ((this.flags[row] & gc) !== 0) this.tracking.track(row)
      this.finalize(row)
      if (--this.count[row] > 0) return
      this.tracking.untrack(row)
    }
    const called = this.clearWeakReferences(row, new Uint8Array(0), false)
    for (const weak of called) this.hold(weak)
    for (const weak of called) {
      this.callBack(weak)
      this.release(weak)
    }
    this.weak = this.weak.filter((weak) => weak !== row)
    const references = this.referencesOf(row)
    this.referenceCount[row] = 0
    this.#tell(PLAIN_FACT_OPCODES.ObjectFreed, row)
    if ((this.flags[row] & gc) !== 0) this.tracking.freed()
    this.flags[row] = 0
    for (const to of (KIND_FLAGS[PLAIN_KINDS[this.kind[row]] as PlainKind] & visitsBackwards) === 0
      ? references
      : [...references].reverse())
      this.release(to)
  }

  #tell(fact: PlainFactOpcode, row: number): void {
    this.moment?.emit.push(fact, this.moment.cause, 0, row, 0, 0, 0)
  }

  #clearWeak(weak: number): void {
    this.#tell(PLAIN_FACT_OPCODES.WeaklyCleared, weak)
    this.weakTo[weak] = NONE
    this.flags[weak] &= ~weaklyReferenced
    this.weak = this.weak.filter((other) => other !== weak)
  }
}
