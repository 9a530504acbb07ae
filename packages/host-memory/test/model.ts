/**
 * A host, obviously right: a note for every page of every address space, all figures counted anew, places searched page by page.
 *
 * It knows no swap and shares no code with the package. It goes as far as RAM suffices, cache gives way, or a process must be killed
 * because nothing else can leave; where pages of processes would have to leave, it gives up.
 */
import { PAGE } from './host.ts'

type Backing = 'anonymous' | 'file' | 'shared' | 'stack'

interface Cell {
  readonly backing: Backing
  readonly object: object | null
  readonly objectPage: number
  held: 'absent' | 'own' | 'shown'
}
interface Mapping {
  readonly process: number
  readonly start: number
  readonly pages: number
}
interface Life {
  readonly cells: Map<number, Cell>
  peak: number
  isKilled: boolean
}

/** Thrown where pages would leave for others. */
export const PRESSED = Symbol('pages of processes must leave')

export class Model {
  readonly lives = new Map<number, Life>()
  readonly mappings = new Map<number, Mapping>()
  readonly ram: number
  cache: number
  readonly #top: number

  constructor(ram: number, cache: number, top: number) {
    this.ram = ram
    this.cache = cache
    this.#top = top
    this.start(0)
  }

  start(process: number): boolean {
    const life = this.lives.get(process)
    if (life !== undefined && !life.isKilled && life.cells !== ENDED) return false
    this.lives.set(process, { cells: new Map(), peak: life?.peak ?? 0, isKilled: false })
    return true
  }

  end(process: number, isKilled: boolean): void {
    const peak = this.lives.get(process)?.peak ?? 0
    this.lives.set(process, { cells: ENDED, peak, isKilled })
    for (const [id, mapping] of this.mappings) if (mapping.process === process) this.mappings.delete(id)
  }

  isAlive(process: number): boolean {
    const life = this.lives.get(process)
    return life !== undefined && life.cells !== ENDED
  }

  /** Was it killed? Then what is asked for it is passed over. */
  isKilled(process: number): boolean {
    return this.lives.get(process)?.isKilled === true
  }

  map(id: number, process: number, pages: number, backing: Backing, object: object | null, at: number | null): boolean {
    if (this.mappings.has(id)) return false
    const start = at ?? this.#place(process, pages)
    for (let page = 0; page < pages; page++) this.#put(process, start + page, { backing, object, objectPage: page, held: 'absent' })
    this.mappings.set(id, { process, start, pages })
    return true
  }

  share(id: number, of: number, process: number, pages: number): boolean {
    const shown = this.mappings.get(of)
    if (this.mappings.has(id) || shown === undefined || pages > shown.pages) return false
    const cell = this.#cells(shown.process).get(shown.start)
    if (cell === undefined || cell.object === null) return false
    return this.map(id, process, pages, cell.backing, cell.object, null)
  }

  unmap(id: number, process: number, from: number, pages: number): boolean {
    const mapping = this.#within(id, process, from, pages)
    if (mapping === null) return false
    const cells = this.#cells(process)
    const mapped = range(mapping.start + from, pages).filter((page) => cells.has(page))
    if (mapped.length === 0) return false
    for (const page of mapped) cells.delete(page)
    if (!range(mapping.start, mapping.pages).some((page) => cells.has(page))) this.mappings.delete(id)
    return true
  }

  release(id: number, process: number, from: number, pages: number): boolean {
    const mapping = this.#within(id, process, from, pages)
    if (mapping === null) return false
    for (const page of range(mapping.start + from, pages)) {
      const cell = this.#cells(process).get(page)
      if (cell !== undefined) cell.held = 'absent'
    }
    return true
  }

  touch(id: number, process: number, from: number, pages: number, use: 'write' | 'read' | 'copy'): boolean {
    const mapping = this.#within(id, process, from, pages)
    if (mapping === null) return false
    for (const page of range(mapping.start + from, pages)) {
      const cell = this.#cells(process).get(page)
      if (cell === undefined || cell.held === 'own' || (cell.held === 'shown' && use !== 'copy')) continue
      const shows = cell.object !== null && use !== 'copy'
      if (!shows && cell.object === null && use === 'read') continue
      cell.held = 'absent'
      const isThere = shows && this.#shownPages().has(keyOf(cell))
      if (!isThere && !this.#makeRoom(process)) return true
      cell.held = shows ? 'shown' : 'own'
      this.#notePeak(process)
    }
    return true
  }

  resize(id: number, process: number, pages: number): boolean {
    const mapping = this.mappings.get(id)
    if (mapping === undefined || mapping.process !== process) return false
    const cells = this.#cells(process)
    const run = this.#run(mapping)
    if (run === 0 || range(mapping.start + run, mapping.pages - run).some((page) => cells.has(page))) return false
    for (const page of range(mapping.start + pages, run - pages)) cells.delete(page)
    const kept = range(mapping.start, Math.min(run, pages)).map((page) => cells.get(page) as Cell)
    const isFree = !range(mapping.start + run, pages - run).some((page) => cells.has(page))
    const start = isFree ? mapping.start : this.#place(process, pages)
    for (const page of range(mapping.start, kept.length)) cells.delete(page)
    const [first] = kept as [Cell]
    for (let page = 0; page < pages; page++)
      cells.set(start + page, kept[page] ?? { ...first, objectPage: first.objectPage + page, held: 'absent' })
    this.mappings.set(id, { process, start, pages })
    return true
  }

  readFile(pages: number): void {
    this.cache += Math.min(pages, this.free())
  }

  resident(process: number, ...backings: readonly Backing[]): number {
    const cells = [...this.#cells(process).values()]
    return cells.filter(({ held, backing }) => held === 'shown' && backings.includes(backing)).length
  }

  anonymous(process: number): number {
    return [...this.#cells(process).values()].filter(({ held }) => held === 'own').length
  }

  mapped(process: number): number {
    return this.#cells(process).size
  }

  free(): number {
    return this.ram - this.cache - this.#shownPages().size - [...this.lives.keys()].reduce((sum, life) => sum + this.anonymous(life), 0)
  }

  cached(): number {
    return this.cache + this.#shownPages().size
  }

  #cells(process: number): Map<number, Cell> {
    return this.lives.get(process)?.cells ?? ENDED
  }

  #put(process: number, page: number, cell: Cell): void {
    this.#cells(process).set(page, cell)
  }

  #within(id: number, process: number, from: number, pages: number): Mapping | null {
    const mapping = this.mappings.get(id)
    return mapping !== undefined && mapping.process === process && from + pages <= mapping.pages ? mapping : null
  }

  /** The highest free place. */
  #place(process: number, pages: number): number {
    let start = this.#top - pages
    while (range(start, pages).some((page) => this.#cells(process).has(page))) start--
    return start
  }

  /** Pages of a mapping, from its start, that show one thing in order. */
  #run({ process, start, pages }: Mapping): number {
    const cells = this.#cells(process)
    const first = cells.get(start)
    if (first === undefined) return 0
    const follows = (page: number): boolean => {
      const cell = cells.get(start + page)
      if (cell === undefined || cell.backing !== first.backing || cell.object !== first.object) return false
      return cell.object === null || cell.objectPage === first.objectPage + page
    }
    let run = 1
    while (run < pages && follows(run)) run++
    return run
  }

  #shownPages(): Set<string> {
    const shown = new Set<string>()
    for (const { cells } of this.lives.values()) for (const cell of cells.values()) if (cell.held === 'shown') shown.add(keyOf(cell))
    return shown
  }

  /** @returns does the process that asks live still? */
  #makeRoom(process: number): boolean {
    while (this.free() === 0) {
      if (this.cache > 0) this.cache -= Math.min(32, this.cache)
      else if (this.#shownPages().size > 0) throw PRESSED
      else this.end(this.#largest(), true)
      if (!this.isAlive(process)) return false
    }
    return true
  }

  #largest(): number {
    const alive = [...this.lives.keys()].filter((process) => this.isAlive(process)).sort((a, b) => a - b)
    const most = Math.max(...alive.map((process) => this.anonymous(process)))
    return alive.find((process) => this.anonymous(process) === most) as number
  }

  #notePeak(process: number): void {
    const life = this.lives.get(process) as Life
    life.peak = Math.max(life.peak, this.anonymous(process) + this.resident(process, 'file', 'shared'))
  }
}

const ENDED: Map<number, Cell> = new Map()
const range = (start: number, pages: number): readonly number[] => Array.from({ length: Math.max(0, pages) }, (_, page) => start + page)

const names = new WeakMap<object, number>()
let named = 0
function keyOf({ object, objectPage }: Cell): string {
  const of = object as object
  if (!names.has(of)) names.set(of, named++)
  return `${names.get(of)}:${objectPage}`
}

export const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE)
