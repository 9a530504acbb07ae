import { type CollectorState, frozenCount } from '@reheap/cycle-gc'
import { type EventIndex, finished, type Sealed } from '@reheap/kernel'
import type { ObjectGraph } from '@reheap/refcount'
import { HELD_BY, type HeldBy, HoldingTree, unreachableSince } from './holding-tree.ts'
import type { Names } from './names.ts'
import { placeName } from './reference-place.ts'

/** So many objects of so many bytes. */
export interface Amount {
  readonly objects: number
  readonly bytes: number
}

/** One step of a way: the reference that an object has at a place leads to an object of a type. */
export interface PathStep {
  /** Layout of the object that has the reference. */
  readonly layout: string
  readonly slot: number
  /** What that place is called; null: the log does not say. */
  readonly place: string | null
  readonly type: string
}

/** What holds a group, and the shortest way from there to one of its objects. */
export interface Holder {
  /** The name; null: a holder that is no object of the log. */
  readonly name: string | null
  /** Scope of the name; null: no name. */
  readonly scope: number | null
  /** Is it the scope of a call? Else it is a module's. */
  readonly isCall: boolean
  /** Type of the first object on the way. */
  readonly type: string
  readonly path: readonly PathStep[]
}

/** Live objects of one type that are alive for the same reason. */
export interface LeakGroup extends Amount {
  readonly type: string
  /** Id of the type: two of one name are two groups. Null: what the runtime makes for itself. */
  readonly typeId: number | null
  readonly heldBy: HeldBy
  /** Null for what nothing holds. */
  readonly holder: Holder | null
  /** Youngest generation whose collection frees them; null: they are not late. */
  readonly freedBy: number | null
  /** Events since which the first and the last of them are unreachable; null: they are not. */
  readonly since: { readonly first: EventIndex; readonly last: EventIndex } | null
}

/** Every live object with the reason why it is alive. */
export interface LeakReport {
  readonly live: Amount
  /** The same, by reason. They add up to `live`. */
  readonly by: Readonly<Record<HeldBy, Amount>>
  /** Late objects by the youngest generation whose collection frees them. */
  readonly late: readonly [Amount, Amount, Amount]
  /** Objects that the collector passes over since `gc.freeze`, whatever holds them. */
  readonly frozenObjects: number
  /** The largest first. */
  readonly groups: readonly LeakGroup[]
}

/** Rows between two steps: some milliseconds. */
const STEP = 1 << 13

interface Tally {
  objects: number
  bytes: number
}

interface OpenGroup extends Tally {
  readonly type: string
  readonly typeId: number | null
  /** The first object met: the one that the way is shown to. */
  readonly example: number
  readonly freedBy: number | null
  first: EventIndex
  last: EventIndex
}

const none = (): Tally => ({ objects: 0, bytes: 0 })
const add = (tally: Tally, bytes: number): void => {
  tally.objects++
  tally.bytes += bytes
}
const UNREACHABLE: readonly HeldBy[] = ['frozen', 'late', 'unfindable']

/** Sorts the live objects of a state by what keeps them. @param names what the log calls them */
export const leakReport = (graph: ObjectGraph, collector: Sealed<CollectorState>, names: Names): LeakReport =>
  finished(leakReportInSteps(graph, collector, names, HoldingTree.of(graph, collector)))

/** The same in steps. @param tree the one of that graph */
export function* leakReportInSteps(
  graph: ObjectGraph,
  collector: Sealed<CollectorState>,
  names: Names,
  tree: HoldingTree,
): Generator<void, LeakReport> {
  const live = none()
  const by = Object.fromEntries(HELD_BY.map((heldBy) => [heldBy, none()])) as Record<HeldBy, Tally>
  const late = [none(), none(), none()] as const
  const groups = new Map<string, OpenGroup>()
  const since = yield* unreachableSince(graph, yield* unreachableRowsOf(graph, tree))
  yield
  for (let row = 0; row < graph.rows; row++) {
    if (row % STEP === STEP - 1) yield
    if (!tree.isLive(row)) continue
    const bytes = graph.bytesOf(row)
    const { heldBy, freedBy } = tree.rootOf(row)
    add(live, bytes)
    add(by[heldBy], bytes)
    if (freedBy !== null) add(late[freedBy as 0 | 1 | 2], bytes)
    const typeId = graph.typeOf(row)
    const key = `${heldBy === 'name' ? tree.rootNumber(row) : `${heldBy} ${freedBy}`} ${typeId}`
    const at = since.get(row) ?? Number.NaN
    const group = groups.get(key) ?? { ...none(), type: names.typeName(typeId), typeId, example: row, freedBy, first: at, last: at }
    groups.set(key, group)
    add(group, bytes)
    group.first = Math.min(group.first, at)
    group.last = Math.max(group.last, at)
  }
  const closed = [...groups.values()].map((group) => closedGroup(group, graph, tree, names))
  return {
    live,
    by,
    late,
    frozenObjects: frozenCount(collector),
    groups: closed.sort((a, b) => b.bytes - a.bytes || b.objects - a.objects),
  }
}

function* unreachableRowsOf(graph: ObjectGraph, tree: HoldingTree): Generator<void, readonly number[]> {
  const rows: number[] = []
  for (let row = 0; row < graph.rows; row++) {
    if (row % STEP === STEP - 1) yield
    if (tree.isLive(row) && UNREACHABLE.includes(tree.rootOf(row).heldBy)) rows.push(row)
  }
  return rows
}

function closedGroup(
  { type, typeId, objects, bytes, example, freedBy, first, last }: OpenGroup,
  graph: ObjectGraph,
  tree: HoldingTree,
  names: Names,
): LeakGroup {
  const { heldBy } = tree.rootOf(example)
  const isHeld = !UNREACHABLE.includes(heldBy)
  return {
    type,
    typeId,
    objects,
    bytes,
    heldBy,
    holder: isHeld ? holderOf(example, graph, tree, names) : null,
    freedBy,
    since: isHeld ? null : { first, last },
  }
}

function holderOf(example: number, graph: ObjectGraph, tree: HoldingTree, names: Names): Holder {
  const { binding } = tree.rootOf(example)
  const way = tree.pathTo(example)
  const typeOf = (row: number): string => names.typeName(graph.typeOf(row))
  const path = way.slice(1).map(({ row, cell }, before) => {
    const holder = way[before]?.row ?? 0
    return { layout: graph.layoutOf(holder), slot: graph.slot[cell], place: placeName(graph, names, holder, cell), type: typeOf(row) }
  })
  return {
    name: binding === null ? null : names.nameText(binding.name),
    scope: binding?.scope ?? null,
    isCall: binding !== null && binding.code !== null,
    type: typeOf(way[0]?.row ?? 0),
    path,
  }
}
