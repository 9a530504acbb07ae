import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { onInterrupt } from './interrupt.ts'
import { systemFault } from './system-fault.ts'

/** A copy in the folder for temporary files, for what can be read only once. */
export interface Spool {
  readonly path: string
  remove(): void
}

/** Copies a stream to a file: a stored log is read at any place. */
export async function spooled(chunks: AsyncIterable<Uint8Array>, name: string): Promise<Result<Spool>> {
  let remove = (): void => {}
  try {
    const folder = mkdtempSync(join(tmpdir(), 'reheap-'))
    const clear = (): void => rmSync(folder, { recursive: true, force: true })
    const settled = onInterrupt(clear)
    remove = () => {
      clear()
      settled()
    }
    const path = join(folder, 'log')
    const file = openSync(path, 'wx')
    try {
      for await (const chunk of chunks) for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at)
    } finally {
      closeSync(file)
    }
    return right({ path, remove })
  } catch (error) {
    remove()
    return left(`${name}: cannot be copied to ${tmpdir()}, where a stored log from a pipe is kept meanwhile: ${systemFault(error)}`)
  }
}
