/** A host's memory as the naive model has it: a note for every page of every address space, every figure counted anew. */
import type { Backing, Fact, HostMemoryProfile, HostSize, ProcessState } from '@reheap/host-memory'

/** A page of an address space. */
export interface Cell {
  readonly backing: Backing
  /** Number of the file or shared memory that it shows; null: it shows none. */
  readonly object: number | null
  readonly objectPage: number
  /** In RAM as the process's own, in RAM for all that show it, or not. */
  held: 'absent' | 'own' | 'shown'
}

/** A block of the C library, as it was told. @unit bytes */
export interface Chunk {
  readonly address: number
  readonly bytes: number
  /** The system has given its memory to others, since the program had unmapped it. */
  isLost: boolean
}

/** A process that lives or has lived. */
export interface Life {
  state: ProcessState
  /** By number of the page; none once it has ended. */
  readonly cells: Map<number, Cell>
  readonly chunks: Map<number, Chunk>
  /** Pages of the C library's heap. */
  heapPages: number
  peak: number
}

/** A mapping as its requests name it. @unit pages */
export interface NaiveMapping {
  readonly process: number
  readonly start: number
  readonly pages: number
}

/** Everything that one host has. @unit pages */
export class NaiveHost {
  readonly profile: HostMemoryProfile
  readonly lives = new Map<number, Life>()
  readonly mappings = new Map<number, NaiveMapping>()
  facts: Fact[] = []
  ram = 0
  swap = 0
  system = 0
  systemAtStart = 0
  cache = 0
  objects = 0
  hasPower = true
  isOpen = false
  /** Pages of processes had to make room: which ones are still in RAM is not foretold from then on. */
  isPressed = false

  constructor(profile: HostMemoryProfile) {
    this.profile = profile
    openHost(this, profile.host)
    startProcess(this, 0)
  }
}

/** The machine as it is told, before anybody uses it. */
export function openHost(h: NaiveHost, { ramBytes, swapBytes, systemBytes, cacheBytes }: HostSize): void {
  const { pageBytes } = h.profile
  h.ram = Math.floor(ramBytes / pageBytes)
  h.swap = Math.floor(swapBytes / pageBytes)
  h.system = Math.ceil(systemBytes / pageBytes)
  h.systemAtStart = h.system
  h.cache = Math.min(h.ram - h.system, Math.ceil(cacheBytes / pageBytes))
}

export function startProcess(h: NaiveHost, process: number): void {
  const peak = h.lives.get(process)?.peak ?? 0
  h.lives.set(process, { state: 'alive', cells: new Map(), chunks: new Map(), heapPages: 0, peak })
}

/** All that the process has goes back. */
export function endProcess(h: NaiveHost, process: number, state: 'ended' | 'killed'): void {
  const rssBytes = resident(h, process) * h.profile.pageBytes
  const life = lifeOf(h, process)
  life.state = state
  life.cells.clear()
  life.chunks.clear()
  for (const [id, mapping] of h.mappings) if (mapping.process === process) h.mappings.delete(id)
  h.facts.push({ kind: state === 'killed' ? 'ProcessKilled' : 'ProcessEnded', process, rssBytes, swapBytes: 0 })
}

export const lifeOf = (h: NaiveHost, process: number): Life => h.lives.get(process) as Life
export const isAlive = (h: NaiveHost, process: number): boolean => h.lives.get(process)?.state === 'alive'
export const cellsOf = (h: NaiveHost, process: number): ReadonlyMap<number, Cell> => h.lives.get(process)?.cells ?? new Map()

/** Numbers from one on, so many of them. */
export const range = (start: number, count: number): readonly number[] => Array.from({ length: Math.max(0, count) }, (_, at) => start + at)

/** Pages that hold a range of bytes, all of them or in part. */
export function pagesOf(h: NaiveHost, start: number, bytes: number): readonly number[] {
  const { pageBytes } = h.profile
  const first = Math.floor(start / pageBytes)
  return range(first, Math.ceil((start + bytes) / pageBytes) - first)
}

/** Pages that are the process's own. */
export const anonymous = (h: NaiveHost, process: number): number =>
  [...cellsOf(h, process).values()].filter(({ held }) => held === 'own').length

/** Pages of files, or of shared memory, that the process has. */
export const showing = (h: NaiveHost, process: number, ...backings: readonly Backing[]): number =>
  [...cellsOf(h, process).values()].filter(({ held, backing }) => held === 'shown' && backings.includes(backing)).length

export const resident = (h: NaiveHost, process: number): number => anonymous(h, process) + showing(h, process, 'file', 'shared')

/** What is in RAM once for all that show it. */
export function shownPages(h: NaiveHost): ReadonlySet<string> {
  const cells = [...h.lives.values()].flatMap((life) => [...life.cells.values()])
  return new Set(cells.filter(({ held }) => held === 'shown').map(shownName))
}

export const shownName = ({ object, objectPage }: Cell): string => `${object}:${objectPage}`

export function freePages(h: NaiveHost): number {
  const own = [...h.lives.keys()].reduce((sum, process) => sum + anonymous(h, process), 0)
  return h.ram - h.system - h.cache - shownPages(h).size - own
}

export function notePeak(h: NaiveHost, process: number): void {
  const life = lifeOf(h, process)
  life.peak = Math.max(life.peak, resident(h, process))
}
