/** Cases that were found: kept as logs in a folder, and tried first the next time. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CheckedLaw, Finding } from '@reheap/properties'
import { left, right } from 'fp-ts/lib/Either.js'
import { systemFault } from '../io/system-fault.ts'
import type { Result } from '../outcome.ts'
import type { CheckWork } from './check-worker.ts'

/** How often a law that cuts a program, or asks more of it, is tried with a kept one. */
const KEPT_RUNS = 20

const slug = (text: string): string => text.replaceAll(/[^a-z0-9-]+/gi, '-')

/** A kept case, and the file that it is kept in. */
export interface KeptCase {
  readonly file: string
  readonly work: CheckWork
}

/** The laws of each kept case's mechanism, for its log. A folder that is not there yet keeps nothing. */
export function keptCases(folder: string, laws: readonly CheckedLaw[], seed: number): Result<readonly KeptCase[]> {
  try {
    mkdirSync(folder, { recursive: true })
    const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'))
    return right(files.sort().flatMap((file) => worksOf(join(folder, file), file, laws, seed)))
  } catch (error) {
    return left(`--corpus ${folder}: cannot be read: ${systemFault(error)}; give a folder that may be written`)
  }
}

function worksOf(path: string, file: string, laws: readonly CheckedLaw[], seed: number): readonly KeptCase[] {
  const log = readFileSync(path, 'utf8').trimEnd().split('\n')
  return laws.flatMap(({ mechanism, law }) =>
    file.startsWith(`${mechanism}--`) ? [{ file: path, work: { mechanism, law, seed, runs: KEPT_RUNS, log } }] : [],
  )
}

/** Keeps a finding. @returns the file */
export function keepCase(folder: string, mechanism: string, { law, seed, log }: Finding): Result<string> {
  const path = join(folder, `${mechanism}--${slug(law.replace(`${mechanism}: `, ''))}-${seed}.jsonl`)
  try {
    writeFileSync(path, `${log.join('\n')}\n`)
    return right(path)
  } catch (error) {
    return left(`--corpus ${folder}: cannot be written: ${systemFault(error)}; give a folder that may be written`)
  }
}
