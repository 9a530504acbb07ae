/** States of interest: a suite that never reaches one of them proves less than it seems to. */

/** Something that programs should come to. */
export interface Sight<Fact> {
  /** As what was seen: `an arena was given back`. */
  readonly says: string
  isSeen(fact: Fact): boolean
}

/** How often each state of interest was reached. */
export class Sightings<Fact> {
  readonly #sights: readonly Sight<Fact>[]
  #counts: number[]

  constructor(sights: readonly Sight<Fact>[]) {
    this.#sights = sights
    this.#counts = sights.map(() => 0)
  }

  /** Takes the facts of a piece of a program. */
  readonly see = (facts: readonly Fact[]): void => {
    for (const fact of facts) for (const [at, sight] of this.#sights.entries()) if (sight.isSeen(fact)) this.#counts[at] += 1
  }

  /** Counts by what was seen, from the last time on. */
  taken(): Readonly<Record<string, number>> {
    const taken = Object.fromEntries(this.#sights.map(({ says }, at) => [says, this.#counts[at] ?? 0]))
    this.#counts = this.#sights.map(() => 0)
    return taken
  }
}

/** A fact of a kind was made. */
export const factMade = <Fact extends { readonly kind: string }>(kind: Fact['kind'], says: string): Sight<Fact> => ({
  says,
  isSeen: (fact) => fact.kind === kind,
})
