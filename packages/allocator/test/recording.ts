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

interface Runtime {
  readonly version: string
  readonly pointerBits: 32 | 64
  /** Given where it is not the version's usual one. */
  readonly alignmentBytes?: number
}

function profileOf({ version, pointerBits, alignmentBytes }: Runtime): AllocatorProfile {
  const suffix = pointerBits === 32 ? '-32' : alignmentBytes === 8 ? '-align8' : ''
  return ALLOCATOR_PROFILES.get(`cpython-${/^3\.\d+/.exec(version)?.[0]}${suffix}`) as AllocatorProfile
}

/** Recordings of `stress.py` by real interpreters; beside each stands what they printed of themselves. */
export const FIXTURES = ['cpython-3.6-align8-stress', 'cpython-3.8-stress', 'cpython-3.11-stress', 'cpython-3.14-32-stress'] as const

export const fixtureUrl = (file: string): URL => new URL(`./fixtures/${file}`, import.meta.url)

export const readFixture = (name: string): Recording => readRecording(name, fixtureUrl(`${name}.jsonl.gz`))

/** Reads a recording in JSON Lines, compressed. */
export function readRecording(name: string, path: URL | string): Recording {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  const { runtime } = JSON.parse(header) as { readonly runtime: Runtime }
  const rows = new Columns(lines.length + 1)
  const observations: Observation[] = []
  for (const text of lines) {
    const line = JSON.parse(text) as Line
    if (line.kind === 'Observe') observations.push({ row: rows.length, of: line.of, values: line.values })
    if (line.kind === 'Observe' || line.kind === 'Mark') rows.push(ANY_LAYER_OPCODES.Mark, rows.length, 0, NO_ID, 0, 0, NOT_GIVEN)
    else allocatorWording.write(line as unknown as Request, rows)
  }
  return {
    name,
    profile: profileOf(runtime),
    rows,
    observations,
  }
}
