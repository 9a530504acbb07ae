/** The page's end of the line to the worker. */
import type { AnswerMessage, Answers, Requests } from '../session/messages.ts'
import { embeddedWorker } from './embedded.ts'

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (fault: Error) => void
  readonly onProgress: ((text: string) => void) | undefined
}

const worker: Promise<Worker> = startWorker()
const waiting = new Map<number, Waiting>()
let next = 0

/** The worker beside the page; in a report, the one that it holds: a browser starts no module from an address that has no origin. */
async function startWorker(): Promise<Worker> {
  const embedded = await embeddedWorker()
  const started =
    embedded === null ? new Worker(new URL('../session/worker.ts', import.meta.url), { type: 'module' }) : new Worker(embedded)
  started.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(`the worker has failed: ${message ?? 'it cannot be started'}`))
    waiting.clear()
  })
  started.addEventListener('message', ({ data }: MessageEvent<AnswerMessage>) => {
    const asked = waiting.get(data.id)
    if (asked === undefined) return
    if ('progress' in data) return asked.onProgress?.(data.progress)
    waiting.delete(data.id)
    if ('isGivenUp' in data) return
    if ('fault' in data) asked.reject(new Error(data.fault))
    else asked.resolve(data.value as never)
  })
  return started
}

/** Asks the worker. Rejects with a line for people; what is given up is never answered. */
export function ask<K extends keyof Requests>(kind: K, value: Requests[K], onProgress?: (text: string) => void): Promise<Answers[K]> {
  const id = next++
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, onProgress })
    worker.then((started) => started.postMessage({ id, kind, value }), reject)
  })
}
