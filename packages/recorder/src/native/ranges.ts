/** Sets of addresses as sorted lists of ranges that do not touch: `[start, end)` in bytes. */

export interface Range {
  readonly start: number
  readonly end: number
}

/** The set that holds every address of the ranges, which may overlap. */
export function union(ranges: readonly Range[]): readonly Range[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else if (start < end) joined.push({ start, end })
  }
  return joined
}

/** What is in the range and not in the set. */
export function outside({ start, end }: Range, set: readonly Range[]): readonly Range[] {
  const left: Range[] = []
  let from = start
  let place = firstEndingBehind(set, start)
  for (let taken = set[place]; taken !== undefined && taken.start < end; taken = set[++place]) {
    if (taken.start > from) left.push({ start: from, end: taken.start })
    from = Math.max(from, taken.end)
  }
  if (from < end) left.push({ start: from, end })
  return left
}

function firstEndingBehind(set: readonly Range[], address: number): number {
  let low = 0
  let high = set.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((set[middle] as Range).end > address) high = middle
    else low = middle + 1
  }
  return low
}
