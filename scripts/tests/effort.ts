/** How much a test tries: everything at night and with `npm run test:all`, a share of it in the usual run, which somebody waits for. */
const isAll = process.env.REHEAP_TESTS === 'all'
const SHARE = 4

/** Runs of a property. */
export const tries = (all: number): number => (isAll ? all : Math.ceil(all / SHARE))

/** Cases of a table: one of so many, and at least one. @param turn tests that take turns come to other cases */
export function someOf<A>(all: readonly A[], turn = 0, share = SHARE): readonly A[] {
  const step = Math.min(share, all.length)
  return isAll ? all : all.filter((_, place) => place % step === turn % step)
}
