/** Garbage that nobody listens to, cleared as a whole and row by row: what is left has to be the same. */
import { fc } from '@fast-check/vitest'
import { type Batch, Columns, Emit, NO_ID } from '@reheap/kernel'
import type * as Refcount from '../src/index.ts'
import { tiny } from './heap.ts'

type Package = typeof Refcount
type Node = readonly [layout: number, a: number, b: number, extra: number]

const KINDS: readonly Refcount.Layout[] = ['list', 'list', 'dict', 'instance', 'slots', 'set', 'cell']
const FIRST_OTHER = 1000
const CHAIN = 5000
const ENDING = 9000
const NEW = 20_000
const NEW_OBJECTS = 60
const SAMPLE = { seed: 5, numRuns: 40 }
const arbitraryNodes = fc.array(fc.tuple(fc.nat(99), fc.nat(999), fc.nat(999), fc.nat(19)), { minLength: 4, maxLength: 70, size: 'max' })

/** How the garbage is cleared. */
interface Way {
  readonly isWhole: boolean
  /** Links of a chain that dies around it; 0: none does. */
  readonly depth: number
}

/** One package with a draft of objects. */
class Session {
  readonly emit = new Emit<Refcount.FactOpcode>()
  readonly draft: ReturnType<Package['refcountMechanism']['thaw']>
  /** Called when a finalizer runs. */
  onFinalizer = (): void => undefined
  freed = 0
  private readonly refcount: Package

  constructor(refcount: Package, profile: Refcount.RefcountProfile) {
    this.refcount = refcount
    this.draft = refcount.refcountMechanism.thaw(refcount.refcountReducer.initial(profile))
    refcount.connectTracking(this.draft, {
      allocated: () => {},
      freed: () => this.freed++,
      entered: () => this.onFinalizer(),
      track: () => {},
      untrack: () => {},
    })
    for (const [type, layout] of refcount.LAYOUTS.entries()) this.do({ kind: 'DefineType', type, layout, name: layout })
  }

  do(request: Refcount.Request): void {
    const rows = new Columns(1)
    this.refcount.refcountWording.write(request, rows)
    const { refcountMechanism } = this.refcount
    if (refcountMechanism.applyBatch(this.draft, rows as Batch<Refcount.RequestOpcode>, 0, 1, this.emit) >= 0)
      throw new Error(JSON.stringify(request))
  }

  create(object: number, layout: Refcount.Layout): void {
    this.do({
      kind: 'CreateObject',
      object,
      type: this.refcount.LAYOUTS.indexOf(layout),
      bytes: 48 + (object % 3),
      items: layout === 'tuple' ? 2 : 0,
      block: object,
    })
  }

  /** Clears the objects up to a number, which nothing else refers to, unheard. */
  clear(objects: number, isWhole: boolean): void {
    const { answerTo, heapEditor, heapView } = this.refcount
    answerTo(this.draft, new Emit<Refcount.FactOpcode>({ muted: true }), 99)
    const view = heapView(this.draft)
    const isGarbage = (row: number): boolean => {
      const object = view.object[row] as number
      // Dicts of instances have no number.
      return (view.count[row] as number) > 0 && (object < objects || object === NO_ID)
    }
    const rows = Int32Array.from({ length: view.rows - 1 }, (_, row) => row + 1).filter(isGarbage)
    const editor = heapEditor(this.draft)
    let cleared = 0
    if (isWhole)
      cleared = editor.clearGarbage(rows, rows.length, (_, freed) => {
        this.freed += freed
      })
    for (const row of rows.subarray(cleared)) {
      if ((view.count[row] as number) === 0) continue
      editor.hold(row)
      editor.clear(row)
      editor.release(row)
    }
    answerTo(this.draft, this.emit, 99)
  }

  /** A chain from its first link on, whose last link has a finalizer. */
  chain(first: number, links: number): void {
    for (let link = links - 1; link >= 0; link--) {
      this.create(first + link, 'list')
      if (link === links - 1) {
        this.create(ENDING, 'slots')
        this.do({ kind: 'SetFinalizer', object: ENDING, resurrectsInto: null })
        this.give(first + link, ENDING)
      } else this.give(first + link, first + link + 1)
    }
  }

  give(from: number, to: number): void {
    this.do({ kind: 'AddReference', from, to })
    this.do({ kind: 'DropReference', from: null, to })
  }

  /** New objects in the memory of the old ones, and their deaths. */
  goOn(): string {
    this.emit.clear()
    const objects = Array.from({ length: NEW_OBJECTS }, (_, place) => NEW + place)
    for (const object of objects) this.create(object, 'list')
    for (const object of objects.slice(1)) this.give(object - 1, object)
    this.do({ kind: 'DropReference', from: null, to: NEW })
    const { code, id, length } = this.emit.facts
    return JSON.stringify([[...code.subarray(0, length)], [...id.subarray(0, length)]])
  }

  /** All that can be seen: objects, counts, sizes, invariants; and which memory free lists kept. */
  seen(): string {
    const { refcountMechanism, heapEditor, checkFull, objectCount, heapReader, heapView, countOf } = this.refcount
    const before = this.freed
    const view = heapView(this.draft)
    const held = view.count.subarray(0, view.rows).filter((count) => count > 0).length
    const next = this.goOn()
    const { liveBytes } = heapReader(this.draft)
    const state = refcountMechanism.seal(this.draft)
    const sound = checkFull(state)
    const figures = [next, objectCount(state), liveBytes, held, before, countOf(state, FIRST_OTHER), countOf(state, FIRST_OTHER + 1), sound]
    const emptied = refcountMechanism.thaw(state)
    this.refcount.answerTo(emptied, this.emit, 100)
    this.emit.clear()
    heapEditor(emptied).emptyFreeLists()
    const { code, id, address, length } = this.emit.facts
    const kept = Array.from({ length }, (_, row) => [code[row], id[row], address[row]])
    return JSON.stringify([figures, kept])
  }
}

function outcome(refcount: Package, profile: Refcount.RefcountProfile, nodes: readonly Node[], { isWhole, depth }: Way): string {
  const session = new Session(refcount, profile)
  for (const [object, [layout]] of nodes.entries())
    session.create(object, layout === 99 ? 'tuple' : (KINDS[layout % KINDS.length] as Refcount.Layout))
  for (const other of [FIRST_OTHER, FIRST_OTHER + 1]) session.create(other, 'list')
  for (const [object, [, a, b, extra]] of nodes.entries()) {
    if (extra === 7) session.do({ kind: 'ResizeObject', object, bytes: 128 })
    session.do({ kind: 'AddReference', from: object, to: (object + 1) % nodes.length })
    for (const to of [a, b].slice(0, extra % 3)) session.do({ kind: 'AddReference', from: object, to: to % nodes.length })
    if (extra > 14) session.do({ kind: 'AddReference', from: object, to: FIRST_OTHER + (extra % 2) })
  }
  // In some graphs the second of the others is held by garbage alone, where any holds it.
  if (nodes.length % 3 === 0 && nodes.some(([, , , extra]) => extra > 14 && extra % 2 === 1))
    session.do({ kind: 'DropReference', from: null, to: FIRST_OTHER + 1 })
  for (const object of nodes.keys()) session.do({ kind: 'DropReference', from: null, to: object })
  if (depth === 0) session.clear(nodes.length, isWhole)
  else {
    session.chain(CHAIN, depth)
    session.onFinalizer = () => session.clear(nodes.length, isWhole)
    session.do({ kind: 'DropReference', from: null, to: CHAIN })
    session.onFinalizer = () => undefined
  }
  return session.seen()
}

/** The first graph whose garbage ends otherwise as a whole than row by row. */
export function differenceInGarbage(refcount: Package): string | null {
  const graphs = fc.sample(arbitraryNodes, SAMPLE)
  for (const version of ['3.8', '3.12', '3.13', '3.14'] as const) {
    for (const profile of [refcount.cpythonProfile(version), tiny(refcount.cpythonProfile(version))]) {
      for (const [place, nodes] of graphs.entries()) {
        const depth = [0, 0, 1, 3][place % 4] as number
        const [whole, one] = [true, false].map((isWhole) => outcome(refcount, profile, nodes, { isWhole, depth }))
        if (whole !== one) return `garbage, ${profile.name}`
      }
    }
  }
  return null
}
