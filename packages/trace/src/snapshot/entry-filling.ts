import { NO_ID } from '@reheap/kernel'
import type { KeyTable } from './key-table.ts'
import { misshapen } from './snapshot-fault.ts'
import { KEY } from './snapshot-keys.ts'
import type { TraceEntries } from './trace-entries.ts'
import { INT, kindName, LIST, NONE, TEXT, TUPLE, type ValueColumns } from './value-columns.ts'

/** Puts pairs of keys and values into an entry of a trace; keys that it has not are passed over. */
export function fillEntry(
  entries: TraceEntries,
  row: number,
  keys: KeyTable,
  values: ValueColumns,
  from: number,
  to: number,
  at: number,
): void {
  keys.learn()
  for (let i = from; i < to; i += 2) {
    const key = keys.key[values.num[i]]
    const kind = values.kind[i + 1]
    const num = values.num[i + 1]
    switch (key) {
      case KEY.action:
        if (kind !== TEXT) throw misshapen(`byte ${at}`, "a text as a trace entry's action", kindName(kind))
        entries.action[row] = keys.action[num]
        break
      case KEY.addr:
      case KEY.device_free:
        entries.address[row] = wholeOf(kind, num, key === KEY.addr ? 'addr' : 'device_free', at)
        break
      case KEY.size:
        entries.bytes[row] = wholeOf(kind, num, 'size', at)
        break
      case KEY.stream:
        entries.stream[row] = wholeOf(kind, num, 'stream', at)
        break
      case KEY.time_us:
        entries.time[row] = wholeOf(kind, num, 'time_us', at)
        break
      case KEY.frames:
        if (kind !== LIST && kind !== NONE) throw misshapen(`byte ${at}`, 'a list as the frames of a trace entry', kindName(kind))
        entries.frames[row] = kind === LIST ? num : NO_ID
        break
      case KEY.pool_id:
        entries.pool.set(row, kind === TUPLE || kind === LIST ? num : NO_ID)
        break
      case KEY.compile_context:
        entries.compileContext.set(row, kind === TEXT ? num : NO_ID)
        break
      case KEY.user_metadata:
        entries.metadata.set(row, kind === TEXT ? num : NO_ID)
        break
    }
  }
}

/** A whole number that is not negative. */
function wholeOf(kind: number, num: number, name: string, at: number): number {
  if (kind === INT && num >= 0) return num
  throw misshapen(
    `byte ${at}`,
    `a whole number from 0 to 2^53 as the ${name} of a trace entry`,
    kind === INT ? String(num) : kindName(kind),
  )
}
