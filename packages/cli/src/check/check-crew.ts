/** Threads that share the pieces of a check. */
import { Worker } from 'node:worker_threads'
import type { Finding } from '@reheap/properties'
import type { CheckAnswer, CheckWork } from './check-worker.ts'

/** How often a piece is given to a new thread when the one that had it ended. */
const GIVEN_AGAIN_MAX = 2

/** The first piece, in their order, that found something. */
export interface Found {
  readonly place: number
  readonly work: CheckWork
  readonly finding: Finding
}

/** How a crew works. */
export interface CrewOptions {
  readonly workers: number
  /** No further piece is begun when it says so. */
  readonly isOver: () => boolean
  /** Told of each answer and its place in the order. */
  readonly onAnswer: (place: number, work: CheckWork, answer: CheckAnswer) => void
}

/**
 * Has pieces tried in their order. Pieces behind one that found something are not begun, and what they found does not
 * count: whoever is quicker, the first one in order is told.
 */
export async function tryAll(pieces: Iterator<CheckWork>, { workers, isOver, onAnswer }: CrewOptions): Promise<Found | null> {
  let next = 0
  let first: Found | null = null
  const take = (): { readonly place: number; readonly work: CheckWork } | null => {
    if (first !== null || isOver()) return null
    const { done, value } = pieces.next()
    return done === true ? null : { place: next++, work: value }
  }
  const serve = async (): Promise<void> => {
    let thread = new Worker(new URL('./check-worker.js', import.meta.url))
    try {
      for (let taken = take(); taken !== null; taken = take()) {
        let answer: CheckAnswer | Error = new Error()
        for (let given = 0; answer instanceof Error; given++) {
          if (given > GIVEN_AGAIN_MAX) throw answer
          answer = await answerOf(thread, taken.work)
          if (answer instanceof Error) thread = new Worker(new URL('./check-worker.js', import.meta.url))
        }
        const { place, work } = taken
        onAnswer(place, work, answer)
        const { finding } = answer
        if (finding !== null && (first === null || place < first.place)) first = { place, work, finding }
      }
    } finally {
      await thread.terminate()
    }
  }
  await Promise.all(Array.from({ length: workers }, serve))
  return first
}

/** The answer of a thread, or why it ended without one. */
function answerOf(thread: Worker, work: CheckWork): Promise<CheckAnswer | Error> {
  return new Promise((resolve) => {
    const settle = (answer: CheckAnswer | Error): void => {
      thread.off('message', settle).off('error', failed).off('exit', ended)
      resolve(answer)
    }
    const failed = (fault: Error): void => settle(fault)
    const ended = (code: number): void => settle(new Error(`a worker ended with ${code} while it tried ${work.law}, seed ${work.seed}`))
    thread.on('message', settle).on('error', failed).on('exit', ended)
    thread.postMessage(work)
  })
}
