import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { ANY_LAYER_OPCODES, EventColumns, NO_ID, NOT_GIVEN } from '@reheap/kernel'
import { type DeviceMemoryProfile, deviceMemoryWording, type FirstFit, pytorchProfile, type Request } from '../src/index.ts'

/** What the real allocator was seen to answer just after a request. */
export interface Observation {
  /** Row in the log. */
  readonly row: number
  readonly of: string
  readonly values: Readonly<Record<string, unknown>>
}

/** A recording of the real allocator on a simulated driver. */
export interface Recording {
  readonly name: string
  readonly profile: DeviceMemoryProfile
  readonly driver: FirstFit
  readonly rows: EventColumns
  /** Those that stand behind each row of a request, by its row. */
  readonly observations: ReadonlyMap<number, readonly Observation[]>
}

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url))

/** A folder beside this checkout or above it that holds more recordings; null: there is none. */
function oracleFolder(): string | null {
  for (let folder = FIXTURES; dirname(folder) !== folder; folder = dirname(folder)) {
    const candidate = join(folder, 'shared/oracles/pytorch')
    if (existsSync(candidate)) return candidate
  }
  return null
}

const recordingsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .map((name) => join(folder, name))

/** Paths of the recordings that are kept here. */
export const fixturePaths = (): readonly string[] => recordingsIn(FIXTURES)

/** Paths of all recordings: those of a folder of oracles where one is there, else those that are kept here. */
export function oraclePaths(): readonly string[] {
  const folder = oracleFolder()
  return folder === null ? fixturePaths() : recordingsIn(folder)
}

export const nameOf = (path: string): string => /([^/]+)\.jsonl\.gz$/.exec(path)?.[1] ?? path

type Line = Request | { readonly kind: 'Observe'; readonly of: string; readonly values: Readonly<Record<string, unknown>> }

export function readRecording(path: string): Recording {
  const [head = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  const { runtime, driver } = JSON.parse(head) as { readonly runtime: { readonly version: string }; readonly driver: FirstFit }
  const rows = new EventColumns(lines.length)
  const observations = new Map<number, Observation[]>()
  let request = -1
  for (const text of lines) {
    const line = JSON.parse(text) as Line
    if (line.kind === 'Observe') {
      const seen = observations.get(request) ?? []
      observations.set(request, seen)
      seen.push({ row: rows.length, of: line.of, values: line.values })
      rows.push(ANY_LAYER_OPCODES.Observe, 0, NO_ID, 0, 0, NOT_GIVEN)
    } else {
      request = rows.length
      deviceMemoryWording.write(line, rows)
    }
  }
  return { name: nameOf(path), profile: pytorchProfile(runtime.version), driver, rows, observations }
}
