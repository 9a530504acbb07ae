/** Sessions of the page's worker, without a page. */
import { DEVICE_RUNTIME } from '@reheap/machine'
import { DeviceSession } from '../src/session/device-session.ts'
import { readLog } from '../src/session/log-store.ts'
import type { Overview } from '../src/session/messages.ts'
import { PythonSession } from '../src/session/python-session.ts'

/** A log that was opened. @throws Error where it cannot be */
export async function opened(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Promise<{ readonly session: PythonSession | DeviceSession; readonly overview: Overview }> {
  const log = await readLog(new Blob([bytes]), name, () => {})
  if (log._tag === 'Left') throw new Error(log.left)
  const session = log.right.header.runtime.name === DEVICE_RUNTIME ? new DeviceSession(log.right) : new PythonSession(log.right)
  const overview = session.open(() => {})
  if (overview._tag === 'Left') throw new Error(overview.left)
  return { session, overview: overview.right }
}
