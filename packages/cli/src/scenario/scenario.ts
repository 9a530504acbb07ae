/** Scenarios: what the introduction says of memory, claim by claim, each shown by commands on small logs. */

import type { Moment } from './moments.ts'

/** A command line of reheap, run in the folder of the scenarios' logs. */
export interface CommandStep {
  /** What there is to see, said before. */
  readonly explains: string
  readonly command: readonly string[]
  /** Lines of the output that are shown; the others are left out. Default: all. */
  readonly only?: RegExp
  /** Exit status; 1 where something is to be found. Default 0. */
  readonly status?: number
}

/** Two logs of the same work, and what the second needs less. */
export interface PairStep {
  readonly explains: string
  /** Name of the logs before `-before` and `-after`. */
  readonly pair: string
}

/** The host at some moments of a log. */
export interface MomentsStep {
  readonly explains: string
  readonly log: string
  /** What each is called, and the event to stop before. */
  readonly moments: readonly (readonly [label: string, until: number])[]
  readonly show: (moments: readonly Moment[]) => readonly string[]
}

export type Step = CommandStep | PairStep | MomentsStep

/** One row of the table of claims. */
export interface Scenario {
  /** Its number in the table. */
  readonly row: number
  readonly name: string
  readonly topic: string
  /** What the introduction says. */
  readonly says: string
  /** What is so, where it differs or adds. */
  readonly truth: string
  /** Tests that hold it against the real thing, beside that of the scenario. */
  readonly proof: readonly string[]
  readonly steps: readonly Step[]
}
