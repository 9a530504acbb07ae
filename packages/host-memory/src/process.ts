/** The life of a process. */
import type { Emit } from '@reheap/kernel'
import { FACT_OPCODES, type FactOpcode } from './events.ts'
import { TABLE_PAGES } from './page-tables.ts'
import { drop, hide } from './paging.ts'
import { areasOf, type HostMemoryState, KILLED, notePeak, residentPages } from './state.ts'

const { ProcessKilled, ProcessEnded } = FACT_OPCODES

/** All that the process has goes back. @param end ENDED, or KILLED by the system */
export function endProcess(s: HostMemoryState, emit: Emit<FactOpcode>, cause: number, process: number, end: number): void {
  const { pageBytes } = s.profile
  const rssBytes = residentPages(s, process) * pageBytes
  const swapBytes = s.processSwap[process] * pageBytes
  notePeak(s, process)
  s.processEndedAt[process] = cause
  s.processEndResident[process] = residentPages(s, process)
  s.processEndSwap[process] = s.processSwap[process]
  const { tables } = s
  for (let row = 0; row < tables.length; row++) {
    if (!tables.isOpen(row) || tables.process[row] !== process) continue
    const first = tables.firstPage[row]
    for (let page = first; page < first + TABLE_PAGES; page++) drop(s, row, process, page)
    tables.close(row)
  }
  hideAll(s, process)
  for (const [id, mapping] of s.mappings) if (mapping.process === process) s.mappings.delete(id)
  s.areas[process] = null
  s.heaps[process] = null
  s.blocks[process] = null
  s.processMapped[process] = 0
  s.processState[process] = end
  emit.push(end === KILLED ? ProcessKilled : ProcessEnded, cause, process, 0, 0, rssBytes, swapBytes)
}

function hideAll(s: HostMemoryState, process: number): void {
  const areas = areasOf(s, process)
  for (let row = 0; row < areas.length; row++) hide(s, areas.object[row], areas.end[row] - areas.start[row])
}
