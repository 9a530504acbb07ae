/** The worker: holds the open log and answers the page. */

import { formatCount } from '@reheap/kernel'
import { DEVICE_RUNTIME } from '@reheap/machine'
import { answerBeside, isBeside } from './beside.ts'
import { BESIDE } from './beside-messages.ts'
import { blockOrigin } from './device-rows.ts'
import { DeviceSession } from './device-session.ts'
import { eventTimes } from './event-times.ts'
import { explored } from './explore.ts'
import type { ExploreRequests } from './explore-messages.ts'
import { readLog } from './log-store.ts'
import type { AnswerMessage, CurveDetail, Overview, RequestMessage, Requests } from './messages.ts'
import { PythonSession } from './python-session.ts'
import { inSteps, isSteps } from './stepwise.ts'

/** Moves before the first, as shares of the log. */
const WARMING = [0.3, 0.9, 0.6]

let session: PythonSession | DeviceSession | null = null
/** The file that was asked for last: one that is still being read then is given up. */
let newest = -1
const post = (message: AnswerMessage, handedOver: readonly Transferable[] = []): void =>
  self.postMessage(message, { transfer: [...handedOver] })

self.addEventListener('message', async ({ data }: MessageEvent<RequestMessage>) => {
  const { id, kind } = data
  if (kind === 'open') newest = id
  try {
    const value = await answer(data)
    post({ id, value }, kind === 'open' ? columnsOf(value as Overview) : [])
  } catch (error) {
    if (error instanceof GivenUp || (kind === 'open' && id !== newest)) post({ id, isGivenUp: true })
    else post({ id, fault: told(error) })
  }
})

/** A failure in a line for people; what nobody thought of says so. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof RangeError && /alloc|length|size/i.test(error.message))
    return `the log needs more memory than this browser gives (${error.message}); read it with the command: reheap stats`
  return error.name === 'Error' ? error.message : `a fault of this page, please report it: ${error.name}: ${error.message}`
}

/** Nobody waits for the answer any more: the same was asked of another place, or another log was opened. */
class GivenUp extends Error {}

/** The curves are handed over and not copied: they are made for the page alone. */
const columnsOf = ({ curves }: Overview): readonly Transferable[] => [
  ...new Set(curves.flatMap(({ min, max }) => [min.buffer, max.buffer])),
]

async function answer({ id, kind, value }: RequestMessage): Promise<unknown> {
  if (kind === 'open') return open(id, value as Requests['open'])
  if (session === null) throw new Error('no log is open')
  if (kind === 'view') return session.view((value as Requests['view']).at)
  if (kind === 'block') return blockOrigin(session, value as Requests['block'])
  if (kind === 'detail') return detail(session, value as Requests['detail'])
  if (kind === 'giveUp') {
    lastOf((value as Requests['giveUp']).kind)
    return null
  }
  if (isBeside(kind)) {
    const isWanted = lastOf(kind === 'varyKeys' ? kind : BESIDE)
    return answerBeside(session.log, kind, value as never, (progress) => post({ id, progress }), isWanted)
  }
  const told = explored(session, kind as keyof ExploreRequests, value as never)
  if (!isSteps(told)) return told
  const isWanted = lastOf(kind)
  const answered = await inSteps(told, isWanted)
  if (!isWanted()) throw new GivenUp()
  return answered
}

/** Which question of each kind was the last one. */
const last = new Map<string, number>()

/** Is the question still the last of its kind, about the log that it was asked about? */
function lastOf(kind: string): () => boolean {
  const mine = (last.get(kind) ?? 0) + 1
  const asked = session
  last.set(kind, mine)
  return () => last.get(kind) === mine && session === asked
}

async function detail(of: PythonSession | DeviceSession, { from, to }: Requests['detail']): Promise<CurveDetail | null> {
  const curves = await inSteps(of.detail(from, to), lastOf('detail'))
  return curves && { from, to, curves, times: eventTimes(of.log.batches, from, to) }
}

async function open(id: number, { file, name }: Requests['open']): Promise<unknown> {
  const tell = (what: string) => (events: number) => {
    if (id !== newest) throw new Error(`${name}: another file was opened`)
    post({ id, progress: `${what}: ${formatCount(events)} events` })
  }
  const log = await readLog(file, name, tell('read'))
  if (log._tag === 'Left') throw new Error(log.left)
  const { runtime } = log.right.header
  const next = runtime.name === DEVICE_RUNTIME ? new DeviceSession(log.right) : new PythonSession(log.right)
  const overview = next.open(tell('replayed'))
  if (overview._tag === 'Left') throw new Error(overview.left)
  // The browser compiles what a move runs during the first few: nobody waits for these.
  for (const share of WARMING) next.view(Math.floor(share * log.right.length))
  session = next
  return overview.right
}
