import { type HeapProgram } from './programs.ts'
import type { HeapSetting } from './profiles.ts'
import type { HeapRequest } from './heap-witness.ts'

/** Begins the label of the mark that holds a program's setting. */
const SETTING_LABEL = 'setting '

/** A program as JSON Lines: header, a mark with the exact setting, the requests. */
export function heapLog({ setting, requests }: HeapProgram): readonly string[] {
  const header = { reheap: 1, runtime: { name: 'cpython', version: setting.version, pointerBits: 64 }, command: 'a generated program' }
  const mark = { kind: 'Mark', label: SETTING_LABEL + JSON.stringify(setting) }
  return [header, mark, ...requests].map((line) => JSON.stringify(line))
}

/** The program of a log that {@link heapLog} wrote. @throws if it is none */
export function programOfHeapLog(lines: readonly string[], decode: (value: unknown) => HeapRequest): HeapProgram {
  const [, mark = '{}', ...events] = lines
  const { label = '' } = JSON.parse(mark) as { readonly label?: string }
  if (!label.startsWith(SETTING_LABEL)) throw new Error(`line 2: expected a Mark whose label begins with "${SETTING_LABEL}"`)
  const setting = JSON.parse(label.slice(SETTING_LABEL.length)) as HeapSetting
  return { setting, requests: events.map((line) => decode(JSON.parse(line))) }
}
