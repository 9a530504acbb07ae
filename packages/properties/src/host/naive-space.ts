/** How the naive model maps: places are searched page by page, whatever lies in a range is looked for anew. */
import type { Backing } from '@reheap/host-memory'
import { type Cell, cellsOf, lifeOf, type NaiveHost, type NaiveMapping, range } from './naive-state.ts'

/** What is mapped in a range, in order. */
export const mappedIn = (h: NaiveHost, process: number, start: number, pages: number): readonly number[] =>
  [...cellsOf(h, process).keys()].filter((page) => page >= start && page < start + pages).sort((a, b) => a - b)

/** The highest free place: below the top, or just below something that is mapped. */
function highestPlace(h: NaiveHost, process: number, pages: number): number {
  const top = h.profile.mapTop / h.profile.pageBytes
  const cells = cellsOf(h, process)
  const ends = [...cells.keys()].filter((page) => page < top).sort((a, b) => b - a)
  const isFree = (end: number): boolean => !range(end - pages, pages).some((page) => cells.has(page))
  return ([top, ...ends].find(isFree) as number) - pages
}

/** Maps pages that nobody has used; at a place that is given, instead of what is there. @returns the first one */
export function mapPages(
  h: NaiveHost,
  process: number,
  pages: number,
  shown: { readonly backing: Backing; readonly object: number | null },
  given: number | undefined,
): number {
  const start = given ?? highestPlace(h, process, pages)
  if (given !== undefined) unmapPages(h, process, start, pages)
  for (const page of range(0, pages)) putCell(h, process, start + page, { ...shown, objectPage: page, held: 'absent' })
  tellArea(h, 'AreaMapped', process, start, pages)
  return start
}

export function putCell(h: NaiveHost, process: number, page: number, cell: Cell): void {
  lifeOf(h, process).cells.set(page, cell)
}

export function unmapPages(h: NaiveHost, process: number, start: number, pages: number): void {
  releasePages(h, process, start, pages)
  const mapped = mappedIn(h, process, start, pages)
  for (const page of mapped) lifeOf(h, process).cells.delete(page)
  if (mapped.length > 0) tellArea(h, 'AreaUnmapped', process, start, mapped.length)
}

/** Pages go back, and are absent again. */
export function releasePages(h: NaiveHost, process: number, start: number, pages: number): void {
  const held = mappedIn(h, process, start, pages).flatMap((page) => {
    const cell = cellsOf(h, process).get(page)
    return cell === undefined || cell.held === 'absent' ? [] : [cell]
  })
  for (const cell of held) cell.held = 'absent'
  if (held.length > 0) tellArea(h, 'PagesReleased', process, start, held.length)
}

/** Pages of a mapping, from its start, that show one thing in order. */
export function runOf(h: NaiveHost, { process, start, pages }: NaiveMapping): number {
  const cells = cellsOf(h, process)
  const first = cells.get(start)
  if (first === undefined) return 0
  const end = range(0, pages).find((page) => {
    const cell = cells.get(start + page)
    if (cell === undefined || cell.backing !== first.backing || cell.object !== first.object) return true
    return cell.object !== null && cell.objectPage !== first.objectPage + page
  })
  return end ?? pages
}

/** Gives a mapping that is one run another size; where it cannot grow, or at a place that is given, it moves with its pages. */
export function resizeMapping(h: NaiveHost, id: number, pages: number, given: number | undefined): void {
  const mapping = h.mappings.get(id) as NaiveMapping
  const { process, start } = mapping
  const run = runOf(h, mapping)
  if (pages < run) unmapPages(h, process, start + pages, run - pages)
  const cells = lifeOf(h, process).cells
  const kept = range(start, Math.min(run, pages)).map((page) => cells.get(page) as Cell)
  const [first] = kept as [Cell]
  const grown = (page: number): Cell => ({ ...first, objectPage: first.objectPage + (first.object === null ? 0 : page), held: 'absent' })
  const stays = given === undefined ? mappedIn(h, process, start + run, pages - run).length === 0 : given === start
  const to = stays ? start : (given ?? highestPlace(h, process, pages))
  if (stays && pages > run) {
    unmapPages(h, process, start + run, pages - run)
    tellArea(h, 'AreaMapped', process, start + run, pages - run)
  } else if (!stays) {
    unmapPages(h, process, to, pages)
    for (const page of range(start, kept.length)) cells.delete(page)
    tellArea(h, 'AreaMoved', process, to, pages)
  }
  for (const page of range(0, pages)) putCell(h, process, to + page, kept[page] ?? grown(page))
  h.mappings.set(id, { process, start: to, pages })
}

export function tellArea(
  h: NaiveHost,
  kind: 'AreaMapped' | 'AreaUnmapped' | 'AreaMoved' | 'PagesReleased' | 'PagesTouched',
  process: number,
  start: number,
  pages: number,
): void {
  const { pageBytes } = h.profile
  h.facts.push({ kind, process, bytes: pages * pageBytes, address: start * pageBytes })
}
