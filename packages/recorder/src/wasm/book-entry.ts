import type { PlacedReference } from './reference-change.ts'

/** What the log says of an object that it holds to be alive. */
export interface Entry {
  count: number
  /** References that no recorded object and no name holds. */
  outside: number
  references: PlacedReference[]
  /** How many references each recorded object holds to it. */
  readonly holders: Map<number, number>
  /** Keys of the names bound to it. */
  readonly names: Set<string>
}

export const nameKey = (scope: number, name: number): string => `${scope}:${name}`
export const namedScope = (key: string): number => Number(key.slice(0, key.indexOf(':')))
export const namedName = (key: string): number => Number(key.slice(key.indexOf(':') + 1))

export function insertBySlot(references: PlacedReference[], reference: PlacedReference): void {
  const last = references.at(-1)
  if (last === undefined || last.slot < reference.slot) references.push(reference)
  else
    references.splice(
      references.findIndex(({ slot }) => slot > reference.slot),
      0,
      reference,
    )
}

export function removeHolder(holders: Map<number, number>, holder: number): void {
  const times = holders.get(holder) ?? 0
  if (times > 1) holders.set(holder, times - 1)
  else holders.delete(holder)
}

/** The death of an object releases what it held, and so on: a replay does the same by itself. */
export function takeDead(entries: Map<number, Entry>, object: number, entry: Entry): void {
  entries.delete(object)
  const dying: [number, Entry][] = [[object, entry]]
  for (let next = dying.pop(); next !== undefined; next = dying.pop()) {
    for (const { to } of next[1].references) {
      const target = entries.get(to)
      if (target === undefined) continue
      removeHolder(target.holders, next[0])
      target.count--
      if (target.count > 0) continue
      entries.delete(to)
      dying.push([to, target])
    }
  }
}

/** Objects that a collection destroyed give up what they held without dying one by one. */
export function takeBuried(entries: Map<number, Entry>, objects: readonly number[]): void {
  for (const object of objects) {
    const entry = entries.get(object)
    if (entry === undefined) continue
    entries.delete(object)
    for (const { to } of entry.references) {
      const target = entries.get(to)
      if (target === undefined) continue
      target.count--
      removeHolder(target.holders, object)
    }
  }
}
