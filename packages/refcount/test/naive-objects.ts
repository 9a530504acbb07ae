/** Objects of the naive model as they are made, held and tracked, and where the memory of dead ones waits. */
import type { Fact, Layout, RefcountProfile } from '../src/index.ts'
import { Thing, WITHOUT_HEADER } from './naive-thing.ts'

export class NaiveObjects {
  readonly profile: RefcountProfile
  readonly things = new Map<number, Thing>()
  facts: Fact[] = []
  /** Calls of the port: `allocated`, `freed`, `entered`. */
  calls: string[] = []
  private readonly kept = new Map<string, { bytes: number }[]>()

  constructor(profile: RefcountProfile) {
    this.profile = profile
  }

  protected isCollectable(thing: Thing): boolean {
    return !WITHOUT_HEADER.includes(thing.layout)
  }

  private listFor(thing: { layout: Layout; items: number }): { key: string; max: number; isTaken: boolean } | null {
    for (const { layout, itemsMin = 0, itemsMax = 0, max, isNeverTaken } of this.profile.freeLists) {
      if (layout !== thing.layout) continue
      if (layout === 'tuple' && (thing.items < itemsMin || thing.items > itemsMax)) continue
      return { key: `${layout} ${layout === 'tuple' ? thing.items : ''}`, max, isTaken: isNeverTaken !== true }
    }
    return null
  }

  protected make(id: number | null, layout: Layout, items: number, bytes: number, block: number | null): Thing {
    const thing = new Thing(id, layout, items, bytes)
    if (id === null) thing.outside = 0
    const list = this.listFor(thing)
    const isCalled = (layout === 'list' || layout === 'dict') && items === 1
    const kept = list?.isTaken === true && !isCalled ? (this.kept.get(list.key) ?? []) : []
    const isReused = kept.pop() !== undefined
    if (!isReused) {
      this.facts.push({ kind: 'BlockRequested', object: id, bytes, beside: false, block })
      if (this.isCollectable(thing)) this.calls.push('allocated')
    }
    this.facts.push({ kind: 'ObjectCreated', object: id, bytes, isReused })
    if (this.isCollectable(thing) && !this.profile.trackedWhenNeeded.includes(layout)) this.track(thing)
    return thing
  }

  protected resize(thing: Thing, bytes: number): void {
    if (bytes !== thing.beside) {
      if (bytes > 0) this.facts.push({ kind: 'BlockRequested', object: thing.id, bytes, beside: true, block: null })
      else this.facts.push({ kind: 'BlockReleased', object: thing.id, bytes: thing.beside, beside: true, block: null })
    }
    thing.beside = bytes
  }

  protected track(thing: Thing): void {
    if (thing.tracked) return
    thing.tracked = true
    this.facts.push({ kind: 'ObjectTracked', object: thing.id })
  }

  protected untrack(thing: Thing): void {
    if (!thing.tracked) return
    thing.tracked = false
    this.facts.push({ kind: 'ObjectUntracked', object: thing.id })
  }

  protected incref(thing: Thing): void {
    if (!thing.immortal) thing.count++
  }

  protected store(from: Thing, to: Thing, slot: number | null, name: number | null): void {
    let holder = from
    if (from.layout === 'instance' && this.profile.instanceDicts) {
      if (from.dict === null) {
        from.dict = this.make(null, 'dict', 0, this.profile.dictBytes, null)
        from.held.push({ slot: 0, name: null, to: from.dict })
      }
      holder = from.dict
    }
    this.incref(to)
    const last = holder.held.at(-1)
    const at = slot ?? (last === undefined ? 0 : last.slot + 1)
    const behind = holder.held.filter((other) => other.slot > at).length
    holder.held.splice(holder.held.length - behind, 0, { slot: at, name, to })
    const isTrackable = this.isCollectable(to) && (to.layout !== 'tuple' || to.tracked || holder.layout === 'tuple')
    if (this.profile.trackedWhenNeeded.includes(holder.layout) && isTrackable) this.track(holder)
  }

  protected free(thing: Thing): void {
    if (thing.beside > 0) this.resize(thing, 0)
    const list = this.listFor(thing)
    const kept = list === null ? [] : (this.kept.get(list.key) ?? [])
    if (list !== null && kept.length < list.max) {
      kept.push({ bytes: thing.bytes })
      this.kept.set(list.key, kept)
      return
    }
    this.facts.push({ kind: 'BlockReleased', object: thing.id, bytes: thing.bytes, beside: false, block: null })
    if (this.isCollectable(thing)) this.calls.push('freed')
  }
}
