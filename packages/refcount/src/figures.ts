/** Sums over a sealed state: by type, by free list, and of the memory that is held. */
import { forEachId, type Sealed } from '@reheap/kernel'
import { LAYOUTS, type Layout } from './layout.ts'
import { keptIn } from './rules.ts'
import { keeper, NONE, type RefcountState } from './state.ts'

/** Live objects of a type and their bytes. */
export interface TypeTotal {
  readonly type: number
  readonly layout: Layout
  readonly objects: number
  readonly bytes: number
}

/** A free list: what it keeps, and how often it could serve. */
export interface FreeListFigures {
  readonly layout: Layout
  /** Number of items of its tuples; 0 for other layouts. */
  readonly items: number
  readonly kept: number
  readonly max: number
  readonly hits: number
  readonly misses: number
}

/** Live objects and bytes of every type that has some, in the order in which the types were defined. */
export function typeTotals(state: Sealed<RefcountState>): readonly TypeTotal[] {
  const s = keeper.read(state)
  const objects = new Float64Array(s.typeCount)
  const bytes = new Float64Array(s.typeCount)
  forEachId(s.objects, (_, row) => {
    objects[s.typeOf[row]]++
    bytes[s.typeOf[row]] += s.bytes[row] + s.bytesBeside[row]
  })
  const totals: TypeTotal[] = []
  for (let type = 1; type < s.typeCount; type++) {
    if (objects[type] === 0) continue
    totals.push({ type: s.typeId[type], layout: LAYOUTS[s.typeLayout[type]] as Layout, objects: objects[type], bytes: bytes[type] })
  }
  return totals
}

/** Every free list of the profile; that of frames has the layout frame. */
export function freeListFigures(state: Sealed<RefcountState>): readonly FreeListFigures[] {
  const s = keeper.read(state)
  const figures: FreeListFigures[] = []
  for (let list = 1; list < s.rules.listMax.length; list++) {
    if (s.rules.listMax[list] === 0) continue
    const { layout, items } = keptIn(list)
    figures.push({
      layout: LAYOUTS[layout] as Layout,
      items,
      kept: s.listLength[list],
      max: s.rules.listMax[list],
      hits: s.listHits[list],
      misses: s.listMisses[list],
    })
  }
  if (s.profile.callsMakeFrames)
    figures.push({ layout: 'frame', items: 0, kept: s.listedFrames, max: s.profile.framesMax, hits: s.frameHits, misses: s.frameMisses })
  return figures
}

/** Blocks that were asked of the allocator and not given back, and their bytes: of objects, beside them, and in free lists. */
export function heldBlocks(state: Sealed<RefcountState>): { readonly blocks: number; readonly bytes: number } {
  const s = keeper.read(state)
  let blocks = 0
  let bytes = 0
  const hold = (row: number): void => {
    blocks += s.bytesBeside[row] > 0 ? 2 : 1
    bytes += s.bytes[row] + s.bytesBeside[row]
  }
  for (let row = 1; row < s.rows; row++) if (s.count[row] > 0) hold(row)
  for (const head of s.listHead) for (let row = head; row !== NONE; row = s.firstReference[row]) hold(row)
  return { blocks, bytes }
}
