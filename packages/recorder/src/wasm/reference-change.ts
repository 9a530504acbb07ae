/** A reference of an object: its place among the object's references and what it points to. */
export interface PlacedReference {
  readonly slot: number
  readonly to: number
}

export interface ReferenceChange {
  readonly added: readonly PlacedReference[]
  readonly dropped: readonly PlacedReference[]
}

/**
 * What turns the references of an object into others, in order. What both begin and end with stays;
 * what comes between takes the places that became free, or else all from there on moves behind the last.
 */
export function referenceChange(before: readonly PlacedReference[], after: readonly number[]): ReferenceChange | null {
  let head = 0
  while (head < before.length && head < after.length && before[head]?.to === after[head]) head++
  if (head === before.length && head === after.length) return null
  let tail = 0
  const tailMax = Math.min(before.length, after.length) - head
  while (tail < tailMax && before[before.length - 1 - tail]?.to === after[after.length - 1 - tail]) tail++
  const low = (before[head - 1]?.slot ?? -1) + 1
  const end = before[before.length - tail]
  const isRoomy = tail === 0 || end === undefined || end.slot - low >= after.length - head - tail
  const kept = isRoomy ? tail : 0
  const first = isRoomy ? low : (before.at(-1)?.slot ?? -1) + 1
  return {
    dropped: before.slice(head, before.length - kept),
    added: after.slice(head, after.length - kept).map((to, index) => ({ slot: first + index, to })),
  }
}
