import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EventColumns } from '@reheap/kernel'
import { profileNamed, profileOfRuntime, startingFrom, Verification, type VerifyReport } from '@reheap/machine'
import { type CollectorStart, type RecordScriptOptions, type RecordScriptResult, recordScript } from '../../src/index.ts'

/** Versions that can be recorded; they come from npm. */
export const RECORDABLE = ['3.13.2', '3.14.2', '3.15.0rc1'] as const

const WORKER = fileURLToPath(new URL('../../dist/wasm/record-worker.js', import.meta.url))
if (!existsSync(WORKER)) throw new Error(`${WORKER} is not there: build it with npx tsc -b`)

export const textOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** A script's run: its events in one batch, what it printed, how it ended. */
export interface Recorded extends RecordScriptResult {
  readonly rows: EventColumns
  readonly output: string
  readonly collector: CollectorStart
}

export async function recorded(source: string, options: Partial<RecordScriptOptions> = {}): Promise<Recorded> {
  const rows = new EventColumns(1 << 14)
  let output = ''
  let collector: CollectorStart = { counts: [0, 0, 0], objects: [0, 0, 0, 0] }
  const result = await recordScript({
    source,
    file: 'script.py',
    onStart: (_version, start) => {
      collector = start
    },
    onOutput: (_stream, bytes) => {
      output += new TextDecoder().decode(bytes)
    },
    onEvents: (batch) => {
      for (let row = 0; row < batch.length; row++) {
        const { code, tag, id, other, size, address, stack } = batch
        rows.push(code[row] ?? 0, tag[row] ?? 0, id[row] ?? 0, other[row] ?? 0, size[row] ?? 0, address[row] ?? 0)
        rows.setContext(rows.length - 1, { stack: stack?.[row] })
        const detail = batch.detail(row)
        if (detail !== null) rows.setDetail(rows.length - 1, detail)
      }
    },
    ...options,
  })
  return { ...result, rows, output, collector }
}

/** Replays a run and compares all that was observed. @param profileName one of another version; default the recorded one */
export function verified({ rows, version, collector }: Recorded, profileName?: string): VerifyReport {
  const profile =
    profileName === undefined ? profileOfRuntime({ name: 'cpython', version: version ?? '', pointerBits: 32 }) : profileNamed(profileName)
  if (profile._tag === 'Left') throw new Error(profile.left)
  const verification = new Verification(profileName === undefined ? startingFrom(profile.right, collector) : profile.right)
  const fed = verification.feed(rows)
  if (fed._tag === 'Left') throw new Error(`event ${fed.left.index}: ${fed.left.reason.message}`)
  return verification.report()
}

/** Has so many runs at a time: each loads an interpreter. */
export async function inTurn<A, B>(items: readonly A[], run: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await run(items[at] as A)
  }
  await Promise.all([lane(), lane()])
  return results
}

/** What was observed of one kind, in order. */
export function observed(rows: EventColumns, of: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = []
  for (let row = 0; row < rows.length; row++) {
    const detail = rows.detail(row)
    if (detail?.startsWith(`{"of":"${of}"`)) found.push(JSON.parse(detail).values)
  }
  return found
}
