/** What happened inside one line, in order. */
export type LineEntry =
  | { readonly kind: 'birth'; readonly object: number; readonly type: number; readonly bytes: number }
  | { readonly kind: 'death'; readonly object: number }
  | { readonly kind: 'enter'; readonly scope: number; readonly code: number }
  | { readonly kind: 'leave'; readonly scope: number }
  | CollectionEntry

export interface CollectionEntry {
  readonly kind: 'collection'
  readonly reason: 'threshold' | 'request'
  generation: number
  collected: number
  uncollectable: number
  /** Those among the recorded objects that were born before it and died in it. */
  readonly objects: number[]
}

/** Births, deaths, frames and collections of the line that is running. */
export class LineJournal {
  entries: LineEntry[] = []
  born = 0
  died = 0

  birth(object: number, type: number, bytes: number): void {
    this.born++
    this.entries.push({ kind: 'birth', object, type, bytes })
  }

  death(object: number): void {
    this.died++
    this.entries.push({ kind: 'death', object })
  }

  /** Forgets the last birth, if it is this object's: an argument that was made for the recorder. */
  withdrawBirth(object: number): boolean {
    const last = this.entries.at(-1)
    if (last?.kind !== 'birth' || last.object !== object) return false
    this.entries.pop()
    this.born--
    return true
  }

  clear(): void {
    this.entries = []
    this.born = 0
    this.died = 0
  }
}
