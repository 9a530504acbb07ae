/** One of the threads that check: it tries the pieces that it is sent. */
import { parentPort } from 'node:worker_threads'
import type { Finding, Piece, Suite, Trial } from '@reheap/properties'
import { MECHANISMS, suitesOf } from './suites.ts'

/** What a thread is asked: a piece of a check, or a law for a kept case. */
export interface CheckWork extends Piece {
  /** Lines of the kept case's log. */
  readonly log?: readonly string[]
}

/** What a thread answers. */
export interface CheckAnswer {
  readonly finding: Finding | null
  /** How often each state of interest was reached. */
  readonly sightings: Readonly<Record<string, number>>
  /** Why a kept case is none; null: it is one. */
  readonly fault: string | null
}

const suites = new Map<string, Suite>()

function suiteOf(mechanism: string): Suite {
  const suite = suites.get(mechanism) ?? suitesOf([mechanism])[0]
  if (suite === undefined) throw new Error(`there is no suite of ${mechanism}; there are ${MECHANISMS.join(', ')}`)
  suites.set(mechanism, suite)
  return suite
}

async function answerTo({ mechanism, law, seed, runs, log }: CheckWork): Promise<CheckAnswer> {
  const { trials, sightings } = suiteOf(mechanism)
  const trial = trials.find(({ name }) => name === law) as Trial
  try {
    const finding = await trial.find({ seed, runs, ...(log === undefined ? {} : { log }) })
    return { finding, sightings: sightings.taken(), fault: null }
  } catch (fault) {
    if (log === undefined) throw fault
    return { finding: null, sightings: {}, fault: fault instanceof Error ? fault.message : String(fault) }
  }
}

parentPort?.on('message', (work: CheckWork) => {
  answerTo(work).then(
    (answer) => parentPort?.postMessage(answer),
    // Thrown where nobody catches it, so that it ends the thread and is told as its error.
    (fault) =>
      setImmediate(() => {
        throw fault
      }),
  )
})
