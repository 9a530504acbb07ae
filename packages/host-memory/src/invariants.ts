/** Checks of a state's columns. A violation is a fault of this package. */
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { checkHeap } from './heap/heap-invariants.ts'
import { COPIED, RESIDENT, SWAPPED, TABLE_PAGES } from './page-tables.ts'
import { ALIVE, type AnyState, areasOf, columnsOf, type HostMemoryState, heapOf, residentPages } from './state.ts'

/** A broken invariant: the equation that does not hold, and the figures that show it. */
export interface Violation {
  readonly invariant: string
  readonly message: string
}

type Found = Violation | null

const broken = (invariant: string, ...values: readonly number[]): Violation => ({ invariant, message: values.join(', ') })
const asEither = (found: Found): Either<Violation, void> => (found === null ? right(undefined) : left(found))

/** O(processes): do the sums add up? Left: the first rule that does not hold. */
export const checkCheap = (state: AnyState): Either<Violation, void> => asEither(checkSums(columnsOf(state)))

/**
 * O(areas + pages + chunks): is every page counted once, and every byte of a heap in one chunk? Left: the first rule that does not hold.
 */
export function checkFull(state: AnyState): Either<Violation, void> {
  const s = columnsOf(state)
  return asEither(checkSums(s) ?? checkPages(s) ?? checkProcesses(s))
}

function checkSums(s: HostMemoryState): Found {
  const anonymous = s.processAnonymous.reduce((sum, pages) => sum + pages, 0)
  const owned = s.freePages + s.systemPages + s.cachePages + s.objectPages + anonymous
  if (owned !== s.ramPages) return broken('free + system + cache + objects + anonymous = RAM', owned, s.ramPages)
  if (s.freePages < 0 || s.swapUsedPages < 0) return broken('no number of pages is below 0', s.freePages, s.swapUsedPages)
  if (s.swapUsedPages > s.swapPages) return broken('used swap <= swap', s.swapUsedPages, s.swapPages)
  const swapped = s.processSwap.reduce((sum, pages) => sum + pages, s.objects.swappedPages)
  if (s.hasPower === 1 && swapped !== s.swapUsedPages)
    return broken('swap of processes and of shared memory = used swap', swapped, s.swapUsedPages)
  for (let process = 0; process < s.areas.length; process++) {
    const used = (residentPages(s, process) + s.processSwap[process]) * s.profile.pageBytes
    if (used > s.processMapped[process]) return broken('resident and swapped <= mapped', process, used, s.processMapped[process])
    if (s.processState[process] !== ALIVE && used > 0) return broken('only the living have pages', process, used)
  }
  return null
}

function checkProcesses(s: HostMemoryState): Found {
  for (let process = 0; process < s.areas.length; process++) {
    if (s.processState[process] !== ALIVE) continue
    const found = checkAreas(s, process) ?? checkHeap(heapOf(s, process), s.processBreak[process])
    if (found !== null) return found
  }
  return null
}

function checkPages(s: HostMemoryState): Found {
  const anonymous = new Float64Array(s.processAnonymous.length)
  const shown = new Float64Array(s.processAnonymous.length)
  const swapped = new Float64Array(s.processAnonymous.length)
  const { tables } = s
  for (let row = 0; row < tables.length; row++) {
    if (!tables.isOpen(row)) continue
    const process = tables.process[row]
    let used = 0
    for (let page = 0; page < TABLE_PAGES; page++) {
      const state = tables.state[row * TABLE_PAGES + page]
      if ((state & (RESIDENT | SWAPPED)) === 0) continue
      used++
      const areas = areasOf(s, process)
      const area = areas.at((tables.firstPage[row] + page) * s.profile.pageBytes)
      if (area < 0) return broken('a page lies in an area', process, tables.firstPage[row] + page)
      if ((state & SWAPPED) !== 0) swapped[process]++
      else if (areas.object[area] < 0 || (state & COPIED) !== 0) anonymous[process]++
      else shown[process]++
    }
    if (used !== tables.used[row]) return broken('pages of a table = used', used, tables.used[row])
  }
  for (let process = 0; process < anonymous.length; process++) {
    const file = s.processFile[process] + s.processShared[process]
    if (anonymous[process] !== s.processAnonymous[process]) return broken('anonymous pages', process, anonymous[process])
    if (shown[process] !== file) return broken('pages of files and shared memory', process, shown[process], file)
    if (swapped[process] !== s.processSwap[process]) return broken('swapped pages', process, swapped[process])
  }
  const resident = s.objects.residentPages()
  return resident === s.objectPages ? null : broken('pages of objects that somebody has = pages of objects', resident, s.objectPages)
}

function checkAreas(s: HostMemoryState, process: number): Found {
  const areas = areasOf(s, process)
  let mapped = 0
  for (let row = 0; row < areas.length; row++) {
    const [start, end] = [areas.start[row], areas.end[row]]
    if (end <= start || (row > 0 && areas.end[row - 1] > start)) return broken('areas lie in order and apart', process, start, end)
    mapped += end - start
  }
  return mapped === s.processMapped[process] ? null : broken('areas = mapped', process, mapped, s.processMapped[process])
}
