import { closeSync, openSync, writeSync } from 'node:fs'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { isSpecial, stageFile } from './staged-file.ts'
import { writeStdout } from './stdout.ts'
import { systemFault } from './system-fault.ts'

/** Bytes on their way to a file, a device or standard output. */
export interface Output {
  /** What messages call it. */
  readonly name: string
  write(chunk: Uint8Array): Promise<Result<void>>
  /** All is written: a file appears under its name. */
  commit(): Result<void>
  /** Leaves no file behind; nothing where it was committed or abandoned before. */
  abandon(): void
}

/** The name that stands for standard output, and for standard input. */
export const STANDARD = '-'

const DONE: Result<void> = right(undefined)

/** Opens an output. A file is whole or not there; nothing is overwritten without `force`. */
export function openOutput(target: string, force: boolean): Result<Output> {
  if (target === STANDARD)
    return right({
      name: 'standard output',
      write: async (chunk) => right(await writeStdout(chunk)),
      commit: () => DONE,
      abandon: () => {},
    })
  if (isSpecial(target)) return opened(target, target, 'w', { publish: () => DONE, discard: () => {} })
  const staged = stageFile(target, force)
  return staged._tag === 'Left' ? staged : opened(target, staged.right.path, 'wx', staged.right)
}

function opened(
  name: string,
  path: string,
  flags: 'w' | 'wx',
  file: { readonly publish: () => Result<void>; readonly discard: () => void },
): Result<Output> {
  const refused = (error: unknown): Result<never> => left(`${name}: cannot be written: ${systemFault(error)}`)
  let fd: number
  try {
    fd = openSync(path, flags)
  } catch (error) {
    file.discard()
    return refused(error)
  }
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(fd)
    isOpen = false
  }
  return right({
    name,
    write: async (chunk) => {
      try {
        for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at)
        return DONE
      } catch (error) {
        return refused(error)
      }
    },
    commit: () => {
      try {
        close()
      } catch (error) {
        file.discard()
        return refused(error)
      }
      return file.publish()
    },
    abandon: () => {
      close()
      file.discard()
    },
  })
}
