import { Columns } from '@reheap/kernel'

/** Rows kept aside while a collection runs: what it was and what it found is known at its end, and stands before them. */
export class HeldRows {
  readonly rows = new Columns(64)
  readonly stacks: number[] = []
  readonly details = new Map<number, string>()

  push(code: number, tag: number, id: number, other: number, size: number, address: number, stack: number, detail: string | null): void {
    if (detail !== null) this.details.set(this.rows.length, detail)
    this.stacks.push(stack)
    this.rows.push(code, 0, tag, id, other, size, address)
  }
}
