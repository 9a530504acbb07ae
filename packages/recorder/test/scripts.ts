import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for one test file. The caller removes it. */
export const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'reheap-recorder-'))

/** Writes a file into a folder, which is made if it is not there, executable if it starts with `#!`; its path. */
export function written(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
  return path
}

/** A command that answers the recorder's question as some interpreter would. */
export function fakePython(folder: string, name: string, answer: readonly string[], stats = ''): string {
  return written(folder, name, `#!/bin/sh\ncat <<'END'\n${answer.join('\n')}\nEND\ncat >&2 <<'END'\n${stats}\nEND\n`)
}
