import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { ANY_LAYER_OPCODES, Columns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { ALLOCATOR_PROFILES, type AllocatorProfile, allocatorWording, type Request } from '../src/index.ts'

/** What the real interpreter was seen to answer just after an event. */
export interface Observation {
  /** Rows before it. */
  readonly row: number
  readonly of: string
  readonly values: Readonly<Record<string, number>>
}

/** A recording of a real interpreter, as rows. */
export interface Recording {
  readonly name: string
  readonly profile: AllocatorProfile
  readonly rows: Columns
  readonly observations: readonly Observation[]
}

interface Line {
  readonly kind: string
  readonly of: string
  readonly values: Readonly<Record<string, number>>
}

/** Reads a `.jsonl.gz` of this folder's `fixtures`, or of elsewhere. */
export function readRecording(path: URL | string): Recording {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  const { version, pointerBits } = (JSON.parse(header) as { runtime: { version: string; pointerBits: number } }).runtime
  const profile = `cpython-${/^3\.\d+/.exec(version)?.[0]}${pointerBits === 32 ? '-32' : ''}`
  const rows = new Columns(lines.length + 1)
  const observations: Observation[] = []
  for (const text of lines) {
    const line = JSON.parse(text) as Line
    if (line.kind === 'Observe') observations.push({ row: rows.length, of: line.of, values: line.values })
    if (line.kind === 'Observe' || line.kind === 'Mark') rows.push(ANY_LAYER_OPCODES.Mark, rows.length, 0, NO_ID, 0, 0, NOT_GIVEN)
    else allocatorWording.write(line as unknown as Request, rows)
  }
  return {
    name: String(path).replace(/^.*\//, '').replace('.jsonl.gz', ''),
    profile: ALLOCATOR_PROFILES.get(profile) as AllocatorProfile,
    rows,
    observations,
  }
}
