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

  /** Takes the definitions before row `to`. */
  feed(batch: EventBatch, to: number = batch.length): void {
    const { code, id, tag } = batch
    for (let row = 0; row < to; row++) {
      if (code[row] === DefineType) this.#types.set(id[row], { name: textOf(batch, row, 'name'), layout: LAYOUTS[tag[row]] ?? 'plain' })
      else if (code[row] === DefineName) this.#names.set(id[row], textOf(batch, row, 'text'))
    }
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

function textOf(batch: EventBatch, row: number, field: string): string {
  const value: unknown = JSON.parse(batch.detail(row) ?? '{}')[field]
  return typeof value === 'string' ? value : ''
}
