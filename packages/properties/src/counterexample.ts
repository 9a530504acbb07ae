import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Writes the lines of a log to `folder/name.jsonl`. The name holds law and seed, so the same
 * failure found again writes the same file and no other is touched.
 *
 * @returns the file's path
 */
export function writeCounterexample(folder: string, name: string, lines: readonly string[]): string {
  mkdirSync(folder, { recursive: true })
  const path = resolve(join(folder, `${name}.jsonl`))
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}
