/** How the views of a device must read. */
import { formatBytes, formatCount } from '@reheap/kernel'
import type { Shown } from './shown.ts'
import { type DeviceStats, type Fact, hex, type Segment } from './told.ts'

const STATES: Readonly<Record<string, string>> = { inactive: 'free', active_allocated: 'allocated' }

/** A row of the map: a segment, or all that is mapped of an expandable one. */
interface Row {
  readonly ranges: readonly Segment[]
  /** Address space of an expandable segment; null: it is none. */
  readonly reservedBytes: number | null
}

function rowsOf({ segments, reservations }: DeviceStats): readonly Row[] {
  const spaceOf = ({ address, isExpandable }: Segment) =>
    isExpandable ? reservations.find((space) => space.address <= address && address < space.address + space.bytes) : undefined
  return segments.flatMap((segment): readonly Row[] => {
    const space = spaceOf(segment)
    if (space === undefined) return [{ ranges: [segment], reservedBytes: null }]
    const ranges = segments.filter((each) => spaceOf(each) === space)
    return ranges[0] === segment ? [{ ranges, reservedBytes: space.bytes }] : []
  })
}

/** From where a row begins to where its last range ends. */
function bytesOf({ ranges }: Row): number {
  const [first, last] = [ranges[0], ranges.at(-1)]
  return (last?.address ?? 0) + (last?.bytes ?? 0) - (first?.address ?? 0)
}

/** The map of one device. */
export class DeviceMapTold {
  readonly #rows: readonly Row[]

  constructor(device: DeviceStats) {
    this.#rows = rowsOf(device)
  }

  map(): Shown {
    const longest = this.#rows.reduce((most, row) => Math.max(most, bytesOf(row)), 1)
    return {
      tables: {},
      texts: [
        `${formatCount(this.#rows.length)} segments by address, one a row; the longest is ${formatBytes(longest)}`,
        `${this.#rows.length} segments; arrow keys point at a block, Enter tells where it came from`,
      ].sort(),
    }
  }

  /** Keys that lead through every block, and what is told at each. */
  walk(): { readonly keys: readonly string[]; readonly texts: readonly string[] } {
    const keys: string[] = []
    const texts: string[] = []
    this.#rows.forEach((row, number) => {
      const own = row.ranges.flatMap((segment) => segment.blocks.map((block) => textOf(row, segment, block)))
      keys.push(number === 0 ? 'ArrowRight' : 'ArrowDown', ...own.slice(1).map(() => 'ArrowRight'))
      texts.push(...own)
      if (number === this.#rows.length - 1) return
      keys.push(...own.slice(1).map(() => 'ArrowLeft'))
      texts.push(...own.slice(0, -1).reverse())
    })
    return { keys, texts }
  }
}

function textOf({ reservedBytes }: Row, segment: Segment, { address, bytes, state, block }: Segment['blocks'][number]): string {
  const name = block === null ? '' : `, block ${block}`
  const space = reservedBytes === null ? '' : `, mapped in an expandable segment of ${formatBytes(reservedBytes)} of addresses`
  return `${hex(address)}: ${formatBytes(bytes)} ${STATES[state] ?? 'waits for a stream'}${name}, in a ${segment.type} segment of ${formatBytes(segment.bytes)}, stream ${segment.stream}${space}`
}

export const segmentsTold = ({ segments }: DeviceStats): Shown => ({
  tables: {
    segments: segments.map(({ address, type, isExpandable, bytes, blocks, stream }) => {
      const live = blocks.filter(({ state }) => state !== 'inactive')
      const used = live.reduce((sum, block) => sum + block.bytes, 0)
      return [
        hex(address),
        isExpandable ? `${type}, expandable` : type,
        formatBytes(bytes),
        formatCount(live.length),
        formatBytes(used),
        formatBytes(bytes - used),
        String(stream),
      ]
    }),
  },
  texts: [],
})

/** Allocations of device 0 from request to free, as the facts of `reheap replay` have them. */
export class HistoryTold {
  readonly #facts: readonly Fact[]
  readonly #asked: readonly Fact[]

  constructor(facts: readonly Fact[]) {
    this.#facts = facts
    this.#asked = facts.filter(({ kind }) => kind === 'BlockAllocated')
  }

  /** @param events those of the log */
  picture(events: number): Shown {
    const all = this.#asked.length
    return {
      tables: {},
      texts: [
        `${formatCount(all)} allocations of device 0: ${formatBytes(this.#coveredBytes())} of addresses upwards, events 0 to ${formatCount(events)} to the right. The wheel zooms events, with Shift addresses; a drag moves both.`,
        `${all} allocations; left and right go from one to the next, Enter goes to where it was made; up, down, W and S move and zoom the addresses`,
      ].sort(),
    }
  }

  /** What is told of the first ones. */
  first(many: number): readonly { readonly bytes: string; readonly text: string }[] {
    return this.#asked.slice(0, many).map(({ index, bytes = 0, address = 0, stream = 0 }) => {
      const died = this.#facts.find((fact) => fact.kind === 'FreeRequested' && fact.index > index && fact.address === address)
      const end = died === undefined ? 'to the end' : `to event ${formatCount(died.index)}`
      return {
        bytes: String(bytes),
        text: `${formatBytes(bytes)} at ${hex(address)}, stream ${stream}: from event ${formatCount(index)} ${end}`,
      }
    })
  }

  /** Bytes of all addresses that anything ever lay at. */
  #coveredBytes(): number {
    let [sum, end] = [0, 0]
    for (const { address = 0, bytes = 0 } of this.#asked.toSorted((a, b) => (a.address ?? 0) - (b.address ?? 0))) {
      sum += Math.max(0, address + bytes - Math.max(end, address))
      end = Math.max(end, address + bytes)
    }
    return sum
  }
}
