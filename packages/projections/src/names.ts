import type { EventBatch } from '@reheap/kernel'
import { LAYOUTS, type Layout, REQUEST_OPCODES } from '@reheap/refcount'

const { DefineType, DefineName } = REQUEST_OPCODES

/** A type as a log names it. */
export interface NamedType {
  readonly name: string
  readonly layout: Layout
}

/** What a log calls its types and names. Feed it every batch in order. */
export class Names {
  readonly #types = new Map<number, NamedType>()
  readonly #names = new Map<number, string>()

  /** Types that the log has defined so far: one without has no objects. */
  get types(): number {
    return this.#types.size
  }

  /** Takes the definitions before row `to`. */
  feed(batch: EventBatch, to: number = batch.length): void {
    const { id, tag } = batch
    for (const row of rowsOf(batch, DefineType, to))
      this.#types.set(id[row], { name: textOf(batch, row, 'name'), layout: LAYOUTS[tag[row]] ?? 'plain' })
    for (const row of rowsOf(batch, DefineName, to)) this.#names.set(id[row], textOf(batch, row, 'text'))
  }

  /** Null: an object that the runtime made for itself. */
  typeName(type: number | null): string {
    if (type === null) return 'dict of an instance'
    return this.#types.get(type)?.name ?? `type ${type}`
  }

  nameText(name: number): string {
    return this.#names.get(name) ?? `name ${name}`
  }
}

function* rowsOf({ code }: EventBatch, kind: number, to: number): Generator<number> {
  for (let row = code.indexOf(kind); row >= 0 && row < to; row = code.indexOf(kind, row + 1)) yield row
}

function textOf(batch: EventBatch, row: number, field: string): string {
  const value: unknown = JSON.parse(batch.detail(row) ?? '{}')[field]
  return typeof value === 'string' ? value : ''
}
