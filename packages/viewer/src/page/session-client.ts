/** The page's end of the line to the worker. */
import type { AnswerMessage, Answers, Requests } from '../session/messages.ts'

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (fault: Error) => void
  readonly onProgress: ((text: string) => void) | undefined
}

const worker = new Worker(new URL('../session/worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, Waiting>()
let next = 0

worker.addEventListener('message', ({ data }: MessageEvent<AnswerMessage>) => {
  const asked = waiting.get(data.id)
  if (asked === undefined) return
  if ('progress' in data) return asked.onProgress?.(data.progress)
  waiting.delete(data.id)
  if ('fault' in data) asked.reject(new Error(data.fault))
  else asked.resolve(data.value as never)
})

/** Asks the worker. Rejects with a line for people. */
export function ask<K extends keyof Requests>(kind: K, value: Requests[K], onProgress?: (text: string) => void): Promise<Answers[K]> {
  const id = next++
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, onProgress })
    worker.postMessage({ id, kind, value })
  })
}
