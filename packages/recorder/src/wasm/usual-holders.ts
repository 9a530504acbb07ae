/** Containers of a type's objects that are kept in mind. */
const KEPT = 2

/** Which containers took in the last objects of a type: where the next one is looked for. */
export class UsualHolders {
  private readonly byType: number[][] = []

  /** A container took in an object of the type. */
  note(holder: number, type: number): void {
    this.byType[type] ??= []
    const holders = this.byType[type]
    if (holders[0] === holder) return
    const place = holders.indexOf(holder)
    if (place > 0) holders.splice(place, 1)
    holders.unshift(holder)
    if (holders.length > KEPT) holders.pop()
  }

  /** Rows of the last ones, the latest first; they may have ended by now. */
  of(type: number): readonly number[] {
    return this.byType[type] ?? []
  }
}
