/** Short words for logs of objects. */
import { EventColumns } from '@reheap/kernel'
import { type LogEvent, writeEvent } from '@reheap/trace'

export const LIST = 0
export const NODE = 1
export const FLOAT = 2

/** The types and the scope that every log of the tests begins with. */
export const BEGIN: readonly LogEvent[] = [
  { kind: 'DefineType', type: LIST, layout: 'list', name: 'list' },
  { kind: 'DefineType', type: NODE, layout: 'slots', name: 'Node' },
  { kind: 'DefineType', type: FLOAT, layout: 'float', name: 'float' },
  { kind: 'EnterScope', scope: 0 },
]

export const create = (object: number, type = LIST, bytes = 56): LogEvent => ({ kind: 'CreateObject', object, type, bytes })
export const createIn = (object: number, block: number, type = LIST, bytes = 56): LogEvent => ({
  kind: 'CreateObject',
  object,
  type,
  bytes,
  block,
})
export const hold = (from: number | null, to: number): LogEvent => ({ kind: 'AddReference', from, to })
export const drop = (from: number | null, to: number): LogEvent => ({ kind: 'DropReference', from, to })
export const bind = (name: number, object: number): LogEvent => ({ kind: 'BindName', scope: 0, name, object })
export const unbind = (name: number): LogEvent => ({ kind: 'UnbindName', scope: 0, name })
export const collect = (generation = 2): LogEvent => ({ kind: 'Collect', generation })
export const check: LogEvent = { kind: 'CheckEvalBreaker' }
export const malloc = (block: number, bytes = 56): LogEvent => ({ kind: 'Malloc', domain: 'obj', block, bytes })
export const free = (block: number): LogEvent => ({ kind: 'Free', domain: 'obj', block })

/** An object that holds itself, and that nothing else holds any more. */
export const cycle = (object: number, type = NODE): readonly LogEvent[] => [create(object, type), hold(object, object), drop(null, object)]

export function rowsOf(events: readonly LogEvent[]): EventColumns {
  const rows = new EventColumns(events.length)
  for (const event of events) writeEvent(event, rows)
  return rows
}
