import { Request as CollectorRequest } from '@reheap/cycle-gc'
import { Request as ObjectRequest } from '@reheap/refcount'
import { type Either, isRight } from 'fp-ts/lib/Either.js'
import type { HeapRequest } from './heap-witness.ts'
import { type HeapSetting, heapProfile } from './profiles.ts'
import type { HeapProgram } from './programs.ts'

/** Begins the label of the mark that holds a program's setting. */
const SETTING_LABEL = 'setting '

/** A request of objects or of the collector. Left: what is wrong. */
export function decodeHeapRequest(value: unknown): Either<unknown, HeapRequest> {
  const object = ObjectRequest.decode(value)
  return isRight(object) ? object : CollectorRequest.decode(value)
}

/** Capacities of a setting, where they are other than those of its runtime. */
function capacitiesOf({ tiny, ...setting }: HeapSetting): object {
  if (tiny === null) return {}
  const { alignmentBytes, smallRequestBytes, poolHeaderBytes, poolBytes, arenaBytes } = heapProfile({ ...setting, tiny }).allocator
  const pools = { alignmentBytes, smallRequestBytes, poolHeaderBytes, poolBytes, arenaBytes }
  return { capacities: { ...pools, thresholds: tiny.thresholds, freeListMax: tiny.listMax, nestingMax: tiny.nestingMax } }
}

/** A program as JSON Lines: header, a mark with the exact setting, the requests. */
export function heapLog({ setting, requests }: HeapProgram): readonly string[] {
  const runtime = { name: 'cpython', version: setting.version, pointerBits: 64 }
  const header = { reheap: 1, runtime, command: 'a generated program', ...capacitiesOf(setting) }
  const mark = { kind: 'Mark', label: SETTING_LABEL + JSON.stringify(setting) }
  return [header, mark, ...requests].map((line) => JSON.stringify(line))
}

/** The program of a log that {@link heapLog} wrote. @throws if it is none */
export function programOfHeapLog(lines: readonly string[]): HeapProgram {
  const [, mark = '{}', ...events] = lines
  const { label = '' } = JSON.parse(mark) as { readonly label?: string }
  if (!label.startsWith(SETTING_LABEL)) throw new Error(`line 2: expected a Mark whose label begins with "${SETTING_LABEL}"`)
  const setting = JSON.parse(label.slice(SETTING_LABEL.length)) as HeapSetting
  const requests = events.map((event, place): HeapRequest => {
    const decoded = decodeHeapRequest(JSON.parse(event))
    if (isRight(decoded)) return decoded.right
    throw new Error(`line ${place + 3}: no request of a heap: ${event}`)
  })
  return { setting, requests }
}
