/**
 * What people call the place of a reference, as far as a log says it: the attribute or key, where it names them. A slot is only an order
 * key: what was put between others, or stood behind what went, has no index there.
 */
import { NO_ID } from '@reheap/kernel'
import type { Layout, ObjectGraph } from '@reheap/refcount'
import type { Names } from './names.ts'

/** They are no keys: they have no hash. */
const UNHASHABLE: readonly Layout[] = ['list', 'dict']

/** `.name` or `[key]`, as Python writes it; null: the log does not name it. */
function writtenName(graph: ObjectGraph, names: Names, row: number, cell: number): string | null {
  const name = graph.name[cell]
  if (name === NO_ID) return null
  const isKey = graph.typeOf(row) !== null && graph.layoutOf(row) === 'dict'
  return isKey ? `[${names.nameText(name)}]` : `.${names.nameText(name)}`
}

/** Null: the log does not say. @param cell of the reference, one of the row's */
export function placeName(graph: ObjectGraph, names: Names, row: number, cell: number): string | null {
  return writtenName(graph, names, row, cell) ?? kindOfPlace(graph, row, cell)
}

function kindOfPlace(graph: ObjectGraph, row: number, cell: number): string | null {
  const first = graph.firstReference[row]
  const to = graph.target[cell]
  const target = graph.layoutOf(to)
  // A dict that the runtime made for itself holds an instance's attributes.
  switch (graph.typeOf(row) === null ? 'instance' : graph.layoutOf(row)) {
    case 'list':
      return `item ${cell - first + 1} of ${graph.referenceCount[row]}`
    case 'tuple':
      return `[${graph.slot[cell]}]`
    case 'dict':
      return UNHASHABLE.includes(target) ? 'a value' : 'a key or a value'
    case 'set':
      return 'a member'
    case 'instance':
      return target === 'type' ? 'its class or an attribute' : 'an attribute'
    case 'slots':
      return target === 'type' ? null : 'an attribute'
    case 'cell':
      return 'its content'
    case 'weakref':
      return 'its callback'
    case 'method':
      return target === 'function' ? 'its function' : 'its self'
    case 'function':
      return target === 'tuple' && isOfCells(graph, to) ? 'its closure' : null
    case 'listIterator':
    case 'tupleIterator':
      return 'what it goes through'
    default:
      return null
  }
}

function isOfCells(graph: ObjectGraph, row: number): boolean {
  const held = graph.target[graph.firstReference[row]]
  return graph.referenceCount[row] > 0 && held >= 0 && graph.layoutOf(held) === 'cell'
}
