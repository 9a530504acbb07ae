/** An object as the naive model has it: an object, its references an array. */
import type { Layout } from '../src/index.ts'

export interface Held {
  slot: number
  name: number | null
  to: Thing
}

export class Thing {
  count = 1
  outside = 1
  held: Held[] = []
  dict: Thing | null = null
  tracked = false
  immortal = false
  dead = false
  finalizer: { into: number | null; code: number | null } | null = null
  weak: Thing[] = []
  refersTo: Thing | null = null
  referredId = -1
  callback = false
  callbackCode: number | null = null
  dropsFrom: number | null | undefined = undefined
  beside = 0
  readonly id: number | null
  readonly layout: Layout
  readonly items: number
  readonly bytes: number
  constructor(id: number | null, layout: Layout, items: number, bytes: number) {
    this.id = id
    this.layout = layout
    this.items = items
    this.bytes = bytes
  }
}

export const WITHOUT_HEADER = ['plain', 'float']
export const FROM_THE_END = ['list', 'tuple']
