/** Conservation across layers: what a layer gave is what it asked of the one below, but for the overhead that is stated. */
import { FACT_OPCODES as ALLOCATOR } from '@reheap/allocator'
import {
  type AnyState,
  FACT_OPCODES as HOST,
  hostMemoryProfile,
  owners,
  processMemory,
  REQUEST_OPCODES,
  systemMemory,
} from '@reheap/host-memory'
import type { Batch, FactBatch } from '@reheap/kernel'

const { LibraryMalloc, LibraryCalloc, LibraryAlign, LibraryRealloc, MapMemory, UnmapMemory, RemapMemory } = REQUEST_OPCODES
const PAGE = 4096
const { breakStart = 0, mapTop = 0 } = hostMemoryProfile('linux-x86_64') ?? {}
/** A chunk is mapped by itself where it does not lie in the heap at the break. */
const isMapped = (address: number): boolean => address > breakStart + 2 ** 44 && address < mapTop

/** Bytes that glibc's malloc takes for a request. @source request2size, and sysmalloc's mmap of glibc 2.36 */
const chunkBytes = (asked: number): number => Math.max(32, (asked + 8 + 15) & ~15)
const mappedBytes = (asked: number): number => Math.ceil((chunkBytes(asked) + 8) / PAGE) * PAGE

const isOfLibrary = (code: number): boolean => code >= LibraryMalloc && code < MapMemory
const isOfMapping = (code: number): boolean => code === MapMemory || code === UnmapMemory || code === RemapMemory

/** What each layer gave and got, folded from the facts alone: the layers must agree on it. */
export class Conservation {
  readonly #asked = new Map<number, number>()
  readonly #chunks = new Map<number, { readonly bytes: number; readonly address: number }>()
  readonly #arenas = new Map<number, number>()
  #areaBytes = 0
  /** Of them, what the log itself maps. */
  #ownAreaBytes = 0
  /** Blocks that were asked for at an alignment: their chunks may be larger. */
  readonly #aligned = new Set<number>()
  /** Of the chunk that was freed last. */
  #freedBytes = 0
  #heapBytes = 0
  #residentBytes = 0
  #swapBytes = 0
  /** Blocks that were checked, so that a test sees that there were any. */
  checked = 0

  /** @param requests the rows that the facts follow from */
  feed({ code, cause, id, size, address, length }: FactBatch, requests: Batch): void {
    for (let fact = 0; fact < length; fact++) {
      const bytes = size[fact]
      const row = cause[fact] - requests.firstIndex
      switch (code[fact]) {
        case ALLOCATOR.BlockPassedOn:
          this.#asked.set(id[fact], bytes)
          break
        case ALLOCATOR.BlockHandedBack:
          this.#asked.delete(id[fact])
          break
        case ALLOCATOR.ArenaOpened:
          this.#arenas.set(address[fact], bytes)
          break
        case ALLOCATOR.ArenaReleased:
          this.#arenas.delete(address[fact])
          break
        case HOST.ChunkGiven:
          this.#chunks.set(id[fact], { bytes, address: address[fact] })
          this.#askLibrary(requests, row, id[fact])
          break
        case HOST.ChunkFreed:
          this.#freedBytes = bytes
          this.#chunks.delete(id[fact])
          if (this.#aligned.delete(id[fact]) || isOfLibrary(requests.code[row])) this.#asked.delete(id[fact])
          break
        case HOST.AreaMoved:
          // A mapped chunk is reallocated: what it had moves, the rest is new.
          this.#areaBytes += bytes - this.#freedBytes
          break
        case HOST.AreaMapped:
          this.#areaBytes += bytes
          if (isOfMapping(requests.code[row])) this.#ownAreaBytes += bytes
          break
        case HOST.AreaUnmapped:
          this.#areaBytes -= bytes
          if (isOfMapping(requests.code[row])) this.#ownAreaBytes -= bytes
          break
        case HOST.BreakMoved:
          this.#heapBytes = Math.ceil(bytes / PAGE) * PAGE
          break
        case HOST.PagesTouched:
          this.#residentBytes += bytes
          break
        case HOST.PagesReleased:
          this.#residentBytes -= bytes
          break
        case HOST.PagesSwappedOut:
          this.#residentBytes -= bytes
          this.#swapBytes += bytes
          break
        case HOST.PagesSwappedIn:
          this.#swapBytes -= bytes
      }
    }
  }

  /** A call of the C library that the log itself makes. */
  #askLibrary({ code, other, size }: Batch, row: number, block: number): void {
    const kind = code[row]
    if (kind === LibraryMalloc || kind === LibraryRealloc) this.#asked.set(block, size[row])
    else if (kind === LibraryCalloc) this.#asked.set(block, other[row] * size[row])
    else if (kind === LibraryAlign) {
      this.#asked.set(block, size[row])
      this.#aligned.add(block)
    }
  }

  /** What disagrees with the layer below, in words. */
  faults(host: AnyState): readonly string[] {
    const process = processMemory(host, 0)
    const { systemBytes, processBytes, cacheBytes, freeBytes } = owners(host)
    const arenaBytes = [...this.#arenas.values()].reduce((sum, bytes) => sum + bytes, 0)
    const mapped = [...this.#chunks.values()].filter(({ address }) => isMapped(address))
    const mappedChunks = mapped.reduce((sum, { bytes }) => sum + bytes, 0)
    const inHeap = [...this.#chunks.values()].filter(({ address }) => !isMapped(address)).reduce((sum, { bytes }) => sum + bytes, 0)
    const laws: readonly (readonly [string, number, number])[] = [
      ['blocks passed on = chunks', this.#asked.size, this.#chunks.size],
      ['areas = arenas + mapped chunks + mappings of the log', this.#areaBytes, arenaBytes + mappedChunks + this.#ownAreaBytes],
      ['mapped = areas + heap', process.vmsBytes, this.#areaBytes + this.#heapBytes],
      ['heap', process.heapBytes, this.#heapBytes],
      ['resident = touched - released - swapped', process.rssBytes, this.#residentBytes],
      ['swap', process.swapBytes, this.#swapBytes],
      ['owners have all of RAM', systemBytes + processBytes + cacheBytes + freeBytes, systemMemory(host).total],
    ]
    return [
      ...laws.flatMap(([law, left, right]) => (left === right ? [] : [`${law}: ${left} is not ${right}`])),
      ...(inHeap <= this.#heapBytes ? [] : [`chunks of ${inHeap} bytes are in a heap of ${this.#heapBytes}`]),
      ...(process.rssBytes <= process.vmsBytes ? [] : [`${process.rssBytes} resident, ${process.vmsBytes} mapped`]),
      ...this.#chunkFaults(),
    ]
  }

  /** A chunk is what its request takes, or up to 16 bytes more, where less would be left than a chunk needs. */
  #chunkFaults(): readonly string[] {
    const faults: string[] = []
    for (const [block, bytes] of this.#asked) {
      const chunk = this.#chunks.get(block)
      const asked = Math.max(1, bytes)
      this.checked++
      if (chunk === undefined) faults.push(`block ${block} has no chunk`)
      else if (this.#aligned.has(block)) continue
      else if (isMapped(chunk.address)) {
        if (chunk.bytes !== mappedBytes(asked)) faults.push(`${asked} bytes are mapped as ${chunk.bytes}`)
      } else if (chunk.bytes < chunkBytes(asked) || chunk.bytes > chunkBytes(asked) + 16) faults.push(`${asked} bytes take ${chunk.bytes}`)
    }
    return faults
  }
}
