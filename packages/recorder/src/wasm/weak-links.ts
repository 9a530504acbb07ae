/** Weak references with a function, by the object that they refer to; and the other way round. */
export class WeakLinks {
  private readonly callbacks = new Map<number, number[]>()
  private readonly called = new Map<number, number>()

  add(weak: number, object: number): void {
    const weaks = this.callbacks.get(object)
    if (weaks) weaks.push(weak)
    else this.callbacks.set(object, [weak])
    this.called.set(weak, object)
  }

  of(object: number): readonly number[] {
    return this.callbacks.get(object) ?? []
  }

  /** What a weak reference with a function refers to; 0: nothing. */
  objectOf(weak: number): number {
    return this.called.get(weak) ?? 0
  }

  /** The object is gone, or the weak reference. */
  remove(row: number): void {
    const object = this.called.get(row)
    if (object !== undefined) {
      this.called.delete(row)
      const weaks = this.callbacks.get(object)
      weaks?.splice(weaks.indexOf(row), 1)
    }
    for (const weak of this.of(row)) this.called.delete(weak)
    this.callbacks.delete(row)
  }
}
