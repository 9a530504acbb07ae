/** How the views of a device must read. */
import { formatBytes, formatCount } from '@reheap/kernel'
import type { Shown } from './shown.ts'
import { counted, type DeviceStats, type Fact, type HeldSegment, hex, type Segment } from './told.ts'
import type { Recorded } from './told-heap.ts'

const STATES: Readonly<Record<string, string>> = { inactive: 'free', active_allocated: 'allocated' }

/** Colours of their own in a legend. */
const NAMED_MAX = 7

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

const sum = (sizes: readonly number[]): number => sizes.reduce((all, each) => all + each, 0)
const inLegend = (name: string, sizes: readonly number[]): readonly string[] =>
  sizes.length === 0 ? [] : [`${name} (${formatCount(sizes.length)}, ${formatBytes(sum(sizes))})`]
const nameOf = (state: string): string => STATES[state] ?? 'waits for a stream'

/** The map of one device. */
export class DeviceMapTold {
  readonly #rows: readonly Row[]
  readonly #device: number

  constructor(device: DeviceStats) {
    this.#rows = rowsOf(device)
    this.#device = device.device
  }

  map(): Shown {
    const segments = this.#rows.flatMap(({ ranges }) => ranges)
    const blocks = segments.flatMap((segment) => segment.blocks)
    const gaps = this.#rows.map((row) => bytesOf(row) - sum(row.ranges.map(({ bytes }) => bytes))).filter((gap) => gap > 0)
    return {
      tables: {},
      texts: [
        `${counted(segments.length, 'segment')} by address`,
        `GPU map: ${counted(this.#rows.length, 'row')}; arrow keys point at a block, Enter tells where it came from, plus and minus zoom, Shift with left or right moves`,
        ...['allocated', 'waits for a stream', 'free'].flatMap((name) =>
          inLegend(
            name,
            blocks.filter(({ state }) => nameOf(state) === name).map(({ bytes }) => bytes),
          ),
        ),
        ...inLegend('not mapped', gaps),
      ].sort(),
    }
  }

  /** Keys that lead through every block, and what is told at each. */
  walk(): { readonly keys: readonly string[]; readonly texts: readonly string[] } {
    const keys: string[] = []
    const texts: string[] = []
    this.#rows.forEach((row, number) => {
      const own = row.ranges.flatMap((segment) => segment.blocks.map((block) => textOf(row, segment, block, this.#device)))
      keys.push(number === 0 ? 'ArrowRight' : 'ArrowDown', ...own.slice(1).map(() => 'ArrowRight'))
      texts.push(...own)
      if (number === this.#rows.length - 1) return
      keys.push(...own.slice(1).map(() => 'ArrowLeft'))
      texts.push(...own.slice(0, -1).reverse())
    })
    return { keys, texts }
  }
}

function textOf({ reservedBytes }: Row, segment: Segment, block: Segment['blocks'][number], device: number): string {
  const { address, bytes, requestedBytes, state } = block
  const asked = state === 'inactive' || requestedBytes === bytes ? '' : ` (${formatBytes(requestedBytes)} asked for)`
  const name = block.block === null ? '' : `, block ${block.block}`
  const space = reservedBytes === null ? '' : `, mapped in an expandable segment of ${formatBytes(reservedBytes)} of addresses`
  return `${hex(address)}: ${formatBytes(bytes)} ${nameOf(state)}${asked}${name}, in a ${segment.type} segment of ${formatBytes(segment.bytes)}, device ${device}, stream ${segment.stream}${space}`
}

/** A block that was chosen, and what else holds its segment. @param born event that asked for it */
export function chosenTold(map: Shown, told: string, { address, bytes, blocks }: HeldSegment, born: number): Shown {
  const [, place = ''] = /^(0x[0-9a-f]+)/.exec(told) ?? []
  const block = blocks.find((each) => each.address === Number(place))
  const live = blocks.filter(({ state }) => state !== 'inactive').length
  return {
    tables: {
      'blocks of the segment': blocks.map((each) => {
        const isFree = each.state === 'inactive'
        return [
          hex(each.address),
          formatBytes(each.bytes),
          isFree ? '' : formatBytes(each.requestedBytes),
          nameOf(each.state),
          isFree ? '' : each.born === null ? 'before the log' : formatCount(each.born),
          each.owner ?? '',
        ]
      }),
    },
    texts: [
      ...map.texts,
      told,
      `asked for by event ${formatCount(born)}`,
      `Block at ${place}: ${formatBytes(block?.bytes ?? 0)}`,
      `Segment ${hex(address)} of ${formatBytes(bytes)}`,
      ...(live > 1 ? [`It cannot be given back while ${formatCount(live)} blocks are live in it.`] : []),
    ].sort(),
  }
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

  readonly #events: readonly Recorded[]

  constructor(facts: readonly Fact[], events: readonly Recorded[]) {
    this.#facts = facts
    this.#events = events
    this.#asked = facts.filter(({ kind }) => kind === 'BlockAllocated')
  }

  picture(): Shown {
    const all = this.#asked.length
    return {
      tables: {},
      texts: [
        `${formatCount(all)} allocations of device 0: ${formatBytes(this.#coveredBytes())} of addresses upwards, events 0 to ${formatCount(this.#events.length)} to the right. The wheel zooms events, with Shift addresses; a drag moves both.`,
        `${all} allocations; left and right go from one to the next, Enter goes to where it was made; up, down, W and S move and zoom the addresses`,
        ...this.#legend(),
      ].sort(),
    }
  }

  /** No stack is recorded: allocations by the power of two that their requests have room in. */
  #legend(): readonly string[] {
    const sizes = new Map<number, number[]>()
    for (const { index, bytes = 0 } of this.#asked) {
      const most = 2 ** Math.max(9, Math.ceil(Math.log2(Number(this.#events[index]?.bytes ?? 0))))
      sizes.set(most, [...(sizes.get(most) ?? []), bytes])
    }
    const ordered = [...sizes].sort((a, b) => sum(b[1]) - sum(a[1]))
    const rest = ordered.slice(NAMED_MAX).flatMap(([, own]) => own)
    return [
      ...ordered.slice(0, NAMED_MAX).flatMap(([most, own]) => inLegend(`no stack recorded, up to ${formatBytes(most)} each`, own)),
      ...inLegend('others', rest),
    ]
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
