/** How pages come to RAM in the naive model, and who gives way for them. */
import { tellArea } from './naive-space.ts'
import {
  type Cell,
  cellsOf,
  endProcess,
  freePages,
  isAlive,
  type NaiveHost,
  notePeak,
  resident,
  shownName,
  shownPages,
  startProcess,
} from './naive-state.ts'

/** How pages are used: written, read only, or written where they are a file's. */
export type Use = 'write' | 'read' | 'copy'

/** Pages that the page cache gives at one go. @source SWAP_CLUSTER_MAX */
export const CLUSTER_PAGES = 32

/** Pages are used, one after the other; what is not mapped is passed over. */
export function touchPages(h: NaiveHost, process: number, pages: readonly number[], use: Use): void {
  const touched: number[] = []
  for (const page of pages) {
    const cell = cellsOf(h, process).get(page)
    if (cell === undefined || !isFault(cell, use)) continue
    if (!takePage(h, process, cell, use)) return
    touched.push(page)
  }
  if (touched.length > 0) tellArea(h, 'PagesTouched', process, touched[0] as number, touched.length)
}

/** Does such a use bring the page to RAM? One that is read and was never written is the page of zeros. */
export function isFault({ held, object }: Cell, use: Use): boolean {
  if (held === 'own' || (held === 'shown' && use !== 'copy')) return false
  return object !== null || use !== 'read'
}

/** @returns does the process live on, and is the page known to be there? */
export function takePage(h: NaiveHost, process: number, cell: Cell, use: Use): boolean {
  const shows = cell.object !== null && use !== 'copy'
  cell.held = 'absent'
  const isThere = shows && shownPages(h).has(shownName(cell))
  if (!isThere && !makeRoom(h, process)) return false
  cell.held = shows ? 'shown' : 'own'
  notePeak(h, process)
  return true
}

/** @returns is a page free, and does the process that asks live still? */
function makeRoom(h: NaiveHost, process: number): boolean {
  while (freePages(h) === 0) {
    if (h.cache > 0) shrinkCache(h)
    else if (h.swap > 0 || shownPages(h).size > 0) {
      h.isPressed = true
      return false
    } else endProcess(h, largestProcess(h), 'killed')
    if (!isAlive(h, process)) return false
  }
  return true
}

function shrinkCache(h: NaiveHost): void {
  const pages = Math.min(CLUSTER_PAGES, h.cache)
  h.cache -= pages
  h.facts.push({ kind: 'CacheReclaimed', bytes: pages * h.profile.pageBytes })
}

/** The one with the most pages, the first of several. */
function largestProcess(h: NaiveHost): number {
  const alive = [...h.lives.keys()].filter((process) => isAlive(h, process)).sort((a, b) => a - b)
  const most = Math.max(...alive.map((process) => resident(h, process)))
  return alive.find((process) => resident(h, process) === most) as number
}

/** Everything is lost but what is in swap. */
export function powerOff(h: NaiveHost): void {
  const used = h.ram - freePages(h)
  const alive = [...h.lives.keys()].filter((process) => isAlive(h, process)).sort((a, b) => a - b)
  for (const process of alive) endProcess(h, process, 'ended')
  h.system = 0
  h.cache = 0
  h.hasPower = false
  h.facts.push({ kind: 'PowerLost', bytes: used * h.profile.pageBytes })
}

/** The system starts anew, and takes the swap device for its own. */
export function powerOn(h: NaiveHost): void {
  h.hasPower = true
  h.system = h.systemAtStart
  startProcess(h, 0)
}
