import fc, { type Arbitrary } from 'fast-check'

/** Requests of one size as real programs make them. */
export interface Part {
  /** @unit bytes */
  readonly bytes: number
  /** Further requests until what was given is given back, as quantiles; null: it is kept. */
  readonly lives: readonly (number | null)[]
}

/** A size and a lifetime that belong together. */
export interface Sized {
  readonly bytes: number
  readonly lives: number | null
}

/** Sizes and lifetimes as they were measured: parts and quantiles are of equal number, so each is as likely as the others. */
export const sizedOf = (parts: readonly Part[]): Arbitrary<Sized> =>
  fc.tuple(fc.constantFrom(...parts), fc.nat(63)).map(([{ bytes, lives }, pick]) => ({ bytes, lives: lives[pick % lives.length] ?? null }))

/** Births in their order, each end when its time has come: just before a birth. */
export function inTime<A extends { readonly lives: number | null }>(
  births: readonly A[],
  on: { readonly born: (birth: A, at: number) => void; readonly ended: (birth: A, at: number) => void },
): void {
  const ending = new Map<number, number[]>()
  for (const [at, birth] of births.entries()) {
    for (const ended of ending.get(at) ?? []) on.ended(births[ended] as A, ended)
    on.born(birth, at)
    if (birth.lives === null) continue
    const end = at + 1 + birth.lives
    ending.set(end, [...(ending.get(end) ?? []), at])
  }
}
