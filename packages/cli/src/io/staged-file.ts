import { existsSync, linkSync, lstatSync, realpathSync, renameSync, rmSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { onInterrupt } from './interrupt.ts'
import { codeOf, systemFault } from './system-fault.ts'

/** A file that appears under its name when it is whole, and not before. */
export interface StagedFile {
  /** Where it is written meanwhile: beside its place, so that putting it there is one step. */
  readonly path: string
  /** Puts it in its place. */
  publish(): Result<void>
  /** Removes what was written. */
  discard(): void
}

const unwritable = (name: string, error: unknown): string => `${name}: cannot be written: ${systemFault(error)}`

/** What stands at a path; null if nothing does. A link is looked through. @throws what the system throws, but not `ENOENT` */
function statOf(path: string): Stats | null {
  try {
    return statSync(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return null
  }
}

/** Is it something to be written into as it is: a device, a pipe? */
export function isSpecial(path: string): boolean {
  try {
    const stat = statOf(path)
    return stat !== null && !stat.isFile() && !stat.isDirectory()
  } catch {
    return false
  }
}

/** Why a file may not be written at `target`, or null. One that is there may be overwritten with `force`. */
export function refusal(target: string, force: boolean): string | null {
  try {
    const stat = statOf(target)
    if (stat?.isDirectory()) return `${target}: cannot be written: it is a folder; name a file`
    const isThere = stat !== null || lstatSync(target, { throwIfNoEntry: false }) !== undefined
    return isThere && !force ? existing(target) : null
  } catch (error) {
    return unwritable(target, error)
  }
}

/**
 * Prepares a file at `target`. Refuses one that is there, unless it may be overwritten.
 *
 * @param meanwhile where it is written, if the caller has to choose: in the folder of `target`
 */
export function stageFile(target: string, force: boolean, meanwhile?: string): Result<StagedFile> {
  const refused = refusal(target, force)
  if (refused !== null) return left(refused)
  // A link stays one: what it points to is replaced.
  const place = existsSync(target) ? realpathSync(target) : target
  const path = meanwhile ?? join(dirname(place), `.${basename(place)}.${process.pid}.partial`)
  const remove = (): void => rmSync(path, { force: true })
  const settled = onInterrupt(remove)
  return right({
    path,
    publish: () => {
      try {
        put(path, place, force)
        return right(undefined)
      } catch (error) {
        remove()
        return left(codeOf(error) === 'EEXIST' ? existing(target) : unwritable(target, error))
      } finally {
        settled()
      }
    },
    discard: () => {
      remove()
      settled()
    },
  })
}

const existing = (name: string): string => `${name}: exists already; choose another name or overwrite it with --force`

/** File systems without hard links answer one of these. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** Moves a file to its place; without `force` never over another that has come there meanwhile. */
function put(path: string, place: string, force: boolean): void {
  if (!force) {
    try {
      linkSync(path, place)
      rmSync(path)
      return
    } catch (error) {
      if (!NO_LINKS.includes(codeOf(error))) throw error
    }
  }
  renameSync(path, place)
}
