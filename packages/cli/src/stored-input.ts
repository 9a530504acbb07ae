import { type EventLog, openLog } from '@reheap/event-log'
import { fileSource, openLogFile } from '@reheap/event-log/node'
import { formatCount } from '@reheap/kernel'
import { headerFault } from '@reheap/trace'
import { left, right } from 'fp-ts/lib/Either.js'
import { type Input, withMessages } from './input.ts'
import type { Result } from './outcome.ts'
import { VOCABULARY } from './vocabulary.ts'

/** A stored log as a file. */
interface StoredFile {
  readonly path: string
  /** What messages call it. */
  readonly name: string
  /** May its index lie beside it? */
  readonly hasIndex: boolean
  /** Called when the log is closed. */
  readonly release: () => void
}

const ALLOW = 'or work on its whole batches with --allow-torn'

/** Opens a stored log. One that is damaged or not ended is refused unless that is allowed. */
export async function openStored(file: StoredFile, allowTorn: boolean): Promise<Result<Input>> {
  const opened = await openFile(file)
  if (opened._tag === 'Left') {
    file.release()
    return opened
  }
  const log = opened.right
  const close = async (): Promise<void> => {
    await log.close()
    file.release()
  }
  const fault = headerFault(log.header, file.name)
  if (fault !== null) {
    await close()
    return left(fault)
  }
  const damage = damageOf(log)
  if (damage[0] !== undefined && !allowTorn) {
    await close()
    return left(`${damage[0]}, ${ALLOW}`)
  }
  return right({ name: file.name, header: log.header, length: log.length, damage, batches: withMessages(log.readAhead()), close })
}

async function openFile({ path, name, hasIndex }: StoredFile): Promise<Result<EventLog>> {
  if (hasIndex) {
    const opened = await openLogFile(path, { vocabulary: VOCABULARY })
    return opened._tag === 'Left' ? left(opened.left.message) : opened
  }
  const source = fileSource(path)
  if (source._tag === 'Left') return left(source.left.message)
  const opened = await openLog({ ...source.right, name }, { vocabulary: VOCABULARY })
  if (opened._tag === 'Right') return opened
  await source.right.close()
  return left(opened.left.message)
}

/** What is wrong with a log, one line each; a log that nobody ended may lack its last batches. */
function damageOf(log: EventLog): readonly string[] {
  const damage = log.damage.map(({ message }) => message)
  if (damage.length > 0 || log.isClosed) return damage
  return [`${log.name}: its writer has not ended it after ${formatCount(log.length)} events: wait for the writer, restore it from a copy`]
}
