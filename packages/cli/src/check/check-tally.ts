import type { Suite } from '@reheap/properties'
import type { CheckAnswer, CheckWork } from './check-worker.ts'

/** What a mechanism's laws were tried on. */
export interface MechanismTally {
  readonly mechanism: string
  readonly laws: number
  readonly programs: number
  /** How often each state of interest was reached, by what was seen. */
  readonly sightings: Readonly<Record<string, number>>
}

/** Counts what was tried, piece by piece, whoever tried it. */
export class Tally {
  readonly #suites: readonly Suite[]
  readonly #pieces: (readonly [work: CheckWork, sightings: CheckAnswer['sightings']])[] = []
  /** Programs so far. */
  programs = 0

  constructor(suites: readonly Suite[]) {
    this.#suites = suites
  }

  add(place: number, work: CheckWork, { sightings }: CheckAnswer): void {
    this.#pieces[place] = [work, sightings]
    this.programs += work.runs
  }

  /** Of the pieces before `end` alone: those that come before it in order, however many more were begun. */
  byMechanism(end = Number.POSITIVE_INFINITY): readonly MechanismTally[] {
    return this.#suites.map(({ mechanism, trials, sightings }) => {
      const counts: Record<string, number> = { ...sightings.taken() }
      let programs = 0
      for (const [place, [work, seen]] of this.#pieces.entries()) {
        if (place >= end || work.mechanism !== mechanism) continue
        programs += work.runs
        for (const [says, count] of Object.entries(seen)) counts[says] = (counts[says] ?? 0) + count
      }
      return { mechanism, laws: trials.length, programs, sightings: counts }
    })
  }
}
