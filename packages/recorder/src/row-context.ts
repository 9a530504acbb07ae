import type { EventColumns } from '@reheap/kernel'

/** Context of the rows from `first` on. The default, 0, needs no column. */
export function setContext(rows: EventColumns, first: number, thread: number, heap: number): void {
  if (first >= rows.length) return
  if (thread !== 0) {
    if (rows.thread === null) rows.setContext(first, { thread })
    for (let row = first; row < rows.length; row++) if (rows.thread !== null) rows.thread[row] = thread
  }
  if (heap !== 0) {
    if (rows.heap === null) rows.setContext(first, { heap })
    for (let row = first; row < rows.length; row++) if (rows.heap !== null) rows.heap[row] = heap
  }
}
