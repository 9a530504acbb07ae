import { fc, test } from '@fast-check/vitest'
import { FACT_OPCODES as OBJECTS } from '@reheap/refcount'
import type { LogEvent } from '@reheap/trace'
import { describe, expect } from 'vitest'
import { tries } from '../../../scripts/tests/effort.ts'
import { BEGIN, bind, check, create, drop, FLOAT, hold, LIST, NODE, rowsOf, unbind } from '../test/object-log.ts'
import { cpythonProfile, type GarbageSpan, Replay } from './index.ts'

/** The same heap as plain sets: what names and the program hold, and what objects hold. */
class NaiveHeap {
  readonly alive = new Map<number, { readonly type: number; readonly holds: number[]; outside: number }>()
  readonly names = new Map<number, number>()

  /** Objects that something leads to: those that a program can do anything with. */
  reachable(): readonly number[] {
    const reached = new Set<number>()
    const waiting = [...this.names.values(), ...[...this.alive].filter(([, { outside }]) => outside > 0).map(([object]) => object)]
    for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
      if (reached.has(object)) continue
      reached.add(object)
      waiting.push(...(this.alive.get(object)?.holds ?? []))
    }
    return [...reached]
  }
}

type Choice = readonly [what: number, a: number, b: number]

/** The next request that can have happened, by a random choice. */
function requestOf(heap: NaiveHeap, [what, a, b]: Choice, next: number): LogEvent | null {
  const objects = heap.reachable()
  const one = objects[a % Math.max(1, objects.length)]
  const other = objects[b % Math.max(1, objects.length)]
  if (what < 3 || one === undefined || other === undefined) return create(next, [NODE, LIST, FLOAT][what % 3])
  const { type, holds, outside } = heap.alive.get(one) as { type: number; holds: number[]; outside: number }
  if (what < 7) return type === FLOAT ? null : hold(one, other)
  if (what === 7) return bind(b % 3, one)
  if (what === 8) return heap.names.has(b % 3) ? unbind(b % 3) : null
  if (what < 11) return outside > 0 ? drop(null, one) : null
  if (what === 11) return holds.length > 0 ? drop(one, holds[b % holds.length] as number) : null
  if (what === 12) return { kind: 'Collect', generation: b % 3 }
  return check
}

function apply(heap: NaiveHeap, event: LogEvent): void {
  switch (event.kind) {
    case 'CreateObject':
      heap.alive.set(event.object, { type: event.type, holds: [], outside: 1 })
      break
    case 'AddReference':
      heap.alive.get(event.from ?? -1)?.holds.push(event.to)
      break
    case 'DropReference': {
      const holder = heap.alive.get(event.from ?? event.to)
      if (event.from === null && holder) holder.outside--
      else holder?.holds.splice(holder.holds.lastIndexOf(event.to), 1)
      break
    }
    case 'BindName':
      heap.names.set(event.name, event.object)
      break
    case 'UnbindName':
      heap.names.delete(event.name)
  }
}

const choices = fc.array(fc.tuple(fc.nat(13), fc.nat(99), fc.nat(99)), { maxLength: 120, size: 'max' })

describe('since when garbage is garbage', () => {
  test.prop([choices, fc.constantFrom('3.8' as const, '3.11' as const, '3.13' as const, '3.14.2' as const, '3.15' as const)], {
    numRuns: tries(300),
  })('[M29] after every event as many objects are unreachable and alive as a search from the roots finds', (picks, version) => {
    const spans: GarbageSpan[] = []
    const replay = new Replay({ recorded: cpythonProfile(version), onGarbage: (span) => spans.push({ ...span }) })
    const heap = new NaiveHeap()
    const counts: number[] = []
    const feed = (event: LogEvent): void => {
      const batch = rowsOf([event])
      batch.firstIndex = counts.length
      apply(heap, event)
      const fed = replay.feed(batch)
      if (fed._tag === 'Left') throw new Error(`${JSON.stringify(event)}: ${JSON.stringify(fed.left)}`)
      for (let fact = 0; fact < fed.right.length; fact++)
        if (fed.right.code[fact] === OBJECTS.ObjectDied) heap.alive.delete(fed.right.id[fact])
      counts.push(heap.alive.size - heap.reachable().length)
    }
    for (const event of BEGIN) feed(event)
    feed({ kind: 'SetThresholds', thresholds: [6, 2, 2] })
    for (const choice of picks) {
      const request = requestOf(heap, choice, counts.length)
      if (request !== null) feed(request)
    }
    replay.end()
    const dated = counts.map((_, index) => spans.filter(({ since, until }) => since <= index && index < until).length)
    expect(dated).toEqual(counts)
  })
})
