/** Graphs by recipe, as `scripts/deaths.py` builds them. */
import { readFileSync } from 'node:fs'
import { Columns } from '@reheap/kernel'
import { LAYOUTS, type Layout, refcountWording } from '../src/index.ts'

export interface Recipe {
  readonly seed?: number
  readonly kinds: readonly Layout[]
  readonly nodes: number
  readonly reach: number
  readonly markers: boolean
}
type Node = readonly [kind: Layout, children: number[]]

export const RECIPES = JSON.parse(readFileSync(new URL('../scripts/recipes.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Recipe>
>

const ROOM: Partial<Record<Layout, number>> = { slots: 4, instance: 4, method: 1, cell: 1, function: 1, builtinMethod: 1, set: 1 }
const isFinalized = (kind: Layout): boolean => kind === 'slots' || kind === 'instance'

export function nodesOf(recipe: Recipe): readonly Node[] {
  let state = recipe.seed ?? 0
  const choice = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 16) % limit
  }
  const nodes: Node[] = []
  for (let number = 0; number < recipe.nodes; number++) {
    const place = recipe.seed === undefined ? number % recipe.kinds.length : choice(recipe.kinds.length)
    if (number > 0) {
      let parent = Math.max(0, number - 1 - choice(recipe.reach))
      while ((nodes[parent]?.[1].length ?? 0) >= (ROOM[nodes[parent]?.[0] as Layout] ?? 1000)) parent++
      nodes[parent]?.[1].push(number)
    }
    nodes.push([recipe.kinds[place] as Layout, []])
  }
  if (!recipe.markers) return nodes
  for (const [kind, children] of nodes.slice(0, recipe.nodes)) {
    if (!isFinalized(kind)) continue
    children.push(nodes.length)
    nodes.push(['slots', []])
  }
  return nodes
}

/** The requests that build a graph and drop its root, types first. */
export function rowsOf(recipe: Recipe): Columns {
  const nodes = nodesOf(recipe)
  const rows = new Columns()
  const write = (request: Parameters<typeof refcountWording.write>[0]): void => refcountWording.write(request, rows)
  for (const [type, layout] of LAYOUTS.entries()) write({ kind: 'DefineType', type, layout, name: layout })
  for (let object = nodes.length - 1; object >= 0; object--) {
    const [kind, children] = nodes[object] as Node
    write({ kind: 'CreateObject', object, type: LAYOUTS.indexOf(kind), bytes: 64, items: kind === 'tuple' ? children.length : 0 })
    for (const to of children) write({ kind: 'AddReference', from: object, to })
    if (isFinalized(kind)) write({ kind: 'SetFinalizer', object, resurrectsInto: null })
  }
  for (let to = nodes.length - 1; to >= 0; to--) write({ kind: 'DropReference', from: null, to })
  return rows
}

/** An order as runs: [first, step, length]. */
export function runsOf(order: readonly number[]): readonly (readonly [number, number, number])[] {
  const found: [number, number, number][] = []
  for (const number of order) {
    const last = found.at(-1)
    if (last !== undefined && (last[2] === 1 || number === last[0] + last[1] * last[2])) {
      if (last[2] === 1) last[1] = number - last[0]
      last[2]++
    } else found.push([number, 0, 1])
  }
  return found
}
