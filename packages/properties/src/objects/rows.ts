/** A program as a log in the making: rows, the deed that each belongs to, and what is observed between them. */
import { REQUEST_OPCODES as COLLECTOR } from '@reheap/cycle-gc'
import { EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { LAYOUTS, REQUEST_OPCODES as OBJECTS } from '@reheap/refcount'
import type { Observation } from './observation.ts'
import { TYPES } from './types.ts'

/** The namespace as a scope of the log. */
const SCOPE = 0

/** Rows of a log, written by the words of its vocabulary. */
export class Rows {
  readonly columns = new EventColumns(256)
  readonly observations: Observation[] = []
  /** Number of the deed that each row belongs to. */
  readonly deeds: number[] = []
  /** Number of the deed being written. */
  deed = 0

  /** Declares every type, and begins the namespace; the collector is off until the script switches it on. */
  begin(): void {
    this.ask('DisableCollector')
    for (const [number, { name, layout }] of TYPES.entries()) {
      this.push(OBJECTS.DefineType, LAYOUTS.indexOf(layout), number, NO_ID)
      this.columns.setDetail(this.columns.length - 1, JSON.stringify({ name }))
    }
    this.push(OBJECTS.EnterScope, 0, SCOPE, NO_ID)
  }

  /** An observation of the state that the rows so far lead to. */
  observe(observation: Pick<Observation, 'of' | 'subject'>): void {
    this.observations.push({ ...observation, row: this.columns.length, told: this.columns.length })
  }

  /** The last observation's line is appended now. */
  tell(): void {
    const last = this.observations.at(-1)
    if (last !== undefined) last.told = this.columns.length
  }

  create(object: number, type: number, bytes: number, items: number): void {
    this.push(OBJECTS.CreateObject, items, object, type, bytes)
  }

  track(object: number): void {
    this.push(OBJECTS.TrackObject, 0, object, NO_ID)
  }

  add(from: number | null, to: number, slot = NOT_GIVEN): void {
    this.push(OBJECTS.AddReference, 0, to, from ?? NO_ID, NOT_GIVEN, slot)
  }

  drop(from: number | null, to: number, slot = NOT_GIVEN): void {
    this.push(OBJECTS.DropReference, 0, to, from ?? NO_ID, NOT_GIVEN, slot)
  }

  defineName(name: number, text: string): void {
    this.push(OBJECTS.DefineName, 0, name, NO_ID)
    this.columns.setDetail(this.columns.length - 1, JSON.stringify({ text }))
  }

  bind(name: number, object: number): void {
    this.push(OBJECTS.BindName, 0, object, SCOPE, name)
  }

  unbind(name: number): void {
    this.push(OBJECTS.UnbindName, 0, NO_ID, SCOPE, name)
  }

  finalizer(object: number, resurrectsInto: number | null, code: number): void {
    this.push(OBJECTS.SetFinalizer, 0, object, resurrectsInto ?? NO_ID, code)
  }

  weakReference(weak: number, object: number, code: number | null): void {
    this.push(OBJECTS.CreateWeakReference, code === null ? 0 : 1, weak, object, code ?? NOT_GIVEN)
  }

  enter(scope: number, code: number): void {
    this.push(OBJECTS.EnterScope, 0, scope, code)
  }

  bindIn(scope: number, name: number, object: number): void {
    this.push(OBJECTS.BindName, 0, object, scope, name)
  }

  leave(scope: number): void {
    this.push(OBJECTS.LeaveScope, 0, scope, NO_ID)
  }

  collect(generation: number): void {
    this.push(COLLECTOR.Collect, generation, NO_ID, NO_ID)
  }

  thresholds(first: number, second: number, third: number): void {
    this.push(COLLECTOR.SetThresholds, 0, first, second, third)
  }

  saveAll(isOn: boolean): void {
    this.push(COLLECTOR.SetSaveAll, isOn ? 1 : 0, NO_ID, NO_ID)
  }

  callbacks(count: number): void {
    this.push(COLLECTOR.SetCallbacks, 0, count, NO_ID)
  }

  /** A request of the collector that has no operands. */
  ask(kind: 'EnableCollector' | 'DisableCollector' | 'FreezeObjects' | 'UnfreezeObjects' | 'ClearGarbage' | 'CheckEvalBreaker'): void {
    this.push(COLLECTOR[kind], 0, NO_ID, NO_ID)
  }

  private push(code: number, tag: number, id: number, other: number, size = NOT_GIVEN, address = NOT_GIVEN): void {
    this.columns.push(code, tag, id, other, size, address)
    this.deeds.push(this.deed)
  }
}
