/** Threads that share the trying of settings. */
import { Worker } from 'node:worker_threads'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import type { Tuned } from './frontier.ts'
import { type TuneAnswer, type TuneWork, tuneUnder } from './tune-worker.ts'

/** Rows that are replayed in all below which a second thread is not worth its start. */
const ALONE_ROWS = 2_000_000

/** Tries every settings, on as many threads as are given. @param onDone told of each @returns in the order of the settings */
export async function tuneAll(
  work: TuneWork,
  settings: readonly string[],
  threads: number,
  onDone: () => void,
): Promise<Result<readonly Tuned[]>> {
  const answers: TuneAnswer[] = []
  if (threads === 1 || work.parts.rows.length * settings.length < ALONE_ROWS) {
    for (const text of settings) {
      answers.push(tuneUnder(work, text))
      onDone()
    }
  } else
    await shared(work, settings, threads, (place, answer) => {
      answers[place] = answer
      onDone()
    })
  const tuned: Tuned[] = []
  for (const answer of answers) {
    if ('fault' in answer) return left(`event ${answer.fault.index} cannot have happened: ${answer.fault.message}`)
    tuned.push(answer.tuned)
  }
  return right(tuned)
}

/** Each thread asks for the next settings when it has answered. */
async function shared(
  work: TuneWork,
  settings: readonly string[],
  threads: number,
  onAnswer: (place: number, answer: TuneAnswer) => void,
): Promise<void> {
  const workers: Worker[] = []
  let next = 0
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./tune-worker.js', import.meta.url), { workerData: work })
      workers.push(worker)
      let place = -1
      const send = (): void => {
        if (next >= settings.length) {
          resolve()
          return
        }
        place = next++
        worker.postMessage(settings[place])
      }
      worker.on('message', (answer: TuneAnswer) => {
        onAnswer(place, answer)
        send()
      })
      worker.on('error', reject)
      send()
    })
  try {
    await Promise.all(Array.from({ length: Math.min(threads, settings.length) }, serve))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
