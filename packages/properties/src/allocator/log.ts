import type { AllocatorProfile, Request } from '@reheap/allocator'
import { Request as RequestCodec } from '@reheap/allocator'
import { isRight } from 'fp-ts/lib/Either.js'
import type { AllocatorProgram, AllocatorSetting } from './programs.ts'

/** Begins the label of the mark that holds a program's setting. */
const SETTING_LABEL = 'setting '

/** The runtime whose rules a profile has: the profile's own, or for a tiny one the release that first had them. */
function runtimeOf({ name, pointerBits, keepsLastArena }: AllocatorProfile): { name: string; version: string; pointerBits: number } {
  const version = /^(?:cpython|tiny)-(3\.\d+)/.exec(name)?.[1] ?? (keepsLastArena ? '3.11' : '3.8')
  return { name: 'cpython', version, pointerBits }
}

/** A program as JSON Lines: header, a mark with the exact setting, the requests. */
export function allocatorLog({ setting, requests }: AllocatorProgram): readonly string[] {
  const header = { reheap: 1, runtime: runtimeOf(setting.profile), command: 'a generated program' }
  const mark = { kind: 'Mark', label: SETTING_LABEL + JSON.stringify(setting) }
  return [header, mark, ...requests].map((line) => JSON.stringify(line))
}

/** The program of a log that {@link allocatorLog} wrote. @throws if it is none */
export function programOfLog(lines: readonly string[]): AllocatorProgram {
  const [, mark, ...events] = lines.map((line) => JSON.parse(line) as unknown)
  const { label = '' } = mark as { readonly label?: string }
  if (!label.startsWith(SETTING_LABEL)) throw new Error(`line 2: expected a Mark whose label begins with "${SETTING_LABEL}"`)
  const requests = events.map((event, place): Request => {
    const decoded = RequestCodec.decode(event)
    if (isRight(decoded)) return decoded.right
    throw new Error(`line ${place + 3}: no request of the allocator: ${JSON.stringify(event)}`)
  })
  return { setting: JSON.parse(label.slice(SETTING_LABEL.length)) as AllocatorSetting, requests }
}
