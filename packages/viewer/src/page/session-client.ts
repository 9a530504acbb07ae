/** The page's end of the line to the worker. */
import type { AnswerMessage, Answers, Requests } from '../session/messages.ts'
import { embeddedWorker } from './embedded.ts'

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (fault: Error) => void
  readonly onProgress: ((text: string) => void) | undefined
}

const waiting = new Map<number, Waiting>()
let next = 0
/** Why the worker answers no more. */
let failure: Error | null = null
const worker: Promise<Worker> = startWorker()
worker.catch((error: Error) => fail(error.message))

/** The worker beside the page; in a report, the one that it holds: a browser starts no module from an address that has no origin. */
async function startWorker(): Promise<Worker> {
  const embedded = await embeddedWorker()
  const started =
    embedded === null ? new Worker(new URL('../session/worker.ts', import.meta.url), { type: 'module' }) : new Worker(embedded)
  // A script that cannot be loaded has no message.
  started.addEventListener('error', ({ message }) => fail(message || 'its worker cannot be started'))
  started.addEventListener('messageerror', () => fail('an answer of its worker cannot be read'))
  started.addEventListener('message', ({ data }: MessageEvent<AnswerMessage>) => take(data))
  return started
}

function take(data: AnswerMessage): void {
  const asked = waiting.get(data.id)
  if (asked === undefined) return
  if ('progress' in data) {
    asked.onProgress?.(data.progress)
    return
  }
  waiting.delete(data.id)
  if ('isGivenUp' in data) return
  if ('fault' in data) asked.reject(new Error(data.fault))
  else asked.resolve(data.value as never)
}

/** Nothing is answered from now on. */
function fail(why: string): void {
  failure = new Error(`The replay stopped: ${why}; reload the page, or use the command for very large logs`)
  for (const { reject } of waiting.values()) reject(failure)
  waiting.clear()
}

/** Asks the worker. Rejects with a line for people; what is given up is never answered. */
export async function ask<K extends keyof Requests>(kind: K, value: Requests[K], onProgress?: (text: string) => void): Promise<Answers[K]> {
  const started = await worker.catch(() => null)
  if (failure !== null || started === null) throw failure
  const id = next++
  return new Promise((resolve, reject) => {
    started.postMessage({ id, kind, value })
    waiting.set(id, { resolve, reject, onProgress })
  })
}
