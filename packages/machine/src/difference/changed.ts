/** What two logs have under the same name, side by side. */

/** One thing before and after. */
export interface Changed<A> {
  readonly before: A
  readonly after: A
  /** Of what is measured. @unit bytes */
  readonly change: number
}

/** Every name that either side has and that differs, the largest change first. @param none what stands for a side that lacks it */
export function changedOf<K, A extends { readonly bytes: number }>(
  before: ReadonlyMap<K, A>,
  after: ReadonlyMap<K, A>,
  none: A,
): readonly (readonly [K, Changed<A>])[] {
  const rows = [...new Set([...before.keys(), ...after.keys()])].map((name): readonly [K, Changed<A>] => {
    const [first, second] = [before.get(name) ?? none, after.get(name) ?? none]
    return [name, { before: first, after: second, change: second.bytes - first.bytes }]
  })
  return rows
    .filter(([, { before: first, after: second }]) => !isSame(first, second))
    .sort(([, a], [, b]) => Math.abs(b.change) - Math.abs(a.change))
}

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)
