/** Addresses on an axis that leaves out what nothing ever lay in. */

export interface Axis {
  /** Length of the axis. */
  readonly bytes: number
  /** Place of an address from 0 to 1. */
  shareOf(address: number): number
  /** The address at a place from 0 to 1. */
  addressAt(share: number): number
  /** Round addresses between two places, the roundest first. @param apart none is closer to another, as a share */
  ticks(low: number, high: number, apart: number): readonly Tick[]
}

export interface Tick {
  readonly address: number
  /** Place on the axis, from 0 to 1. */
  readonly share: number
}

/** Steps of round addresses, and how many of one are looked at. */
const STEPS = Array.from({ length: 32 }, (_, place) => 2 ** (40 - place))
const LOOKED_MAX = 256

interface Piece {
  readonly address: number
  /** Place on the axis. @unit bytes */
  readonly start: number
  readonly bytes: number
}

/** An axis for ranges of memory. */
export function addressAxis(address: Float64Array, bytes: Float64Array): Axis {
  const order = Array.from(address.keys()).sort((a, b) => (address[a] ?? 0) - (address[b] ?? 0))
  const pieces: Piece[] = []
  let total = 0
  for (const place of order) {
    const first = address[place] ?? 0
    const end = first + (bytes[place] ?? 0)
    const last = pieces.at(-1)
    if (last !== undefined && first <= last.address + last.bytes) {
      const grown = Math.max(last.bytes, end - last.address)
      total += grown - last.bytes
      pieces[pieces.length - 1] = { ...last, bytes: grown }
    } else {
      pieces.push({ address: first, start: total, bytes: end - first })
      total += end - first
    }
  }
  const pieceOf = (isBehind: (piece: Piece) => boolean): Piece => {
    let low = 0
    let high = pieces.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (isBehind(pieces[middle] as Piece)) high = middle - 1
      else low = middle
    }
    return pieces[low] ?? { address: 0, start: 0, bytes: 1 }
  }
  const length = Math.max(1, total)
  const shareOf = (wanted: number): number => {
    const piece = pieceOf((each) => each.address > wanted)
    return (piece.start + Math.min(piece.bytes, wanted - piece.address)) / length
  }
  return {
    bytes: length,
    shareOf,
    addressAt: (share) => {
      const piece = pieceOf((each) => each.start > share * total)
      return piece.address + Math.min(piece.bytes, share * total - piece.start)
    },
    ticks: (low, high, apart) => {
      const shown = pieces.flatMap(({ address: first, start, bytes: own }) => {
        const [from, to] = [Math.max(0, low * length - start), Math.min(own, high * length - start)]
        return from <= to ? [{ address: first + from, start: start + from, bytes: to - from }] : []
      })
      return roundest(shown, (address) => ({ address, share: shareOf(address) }), [low, high], apart)
    },
  }
}

/** Addresses that are multiples of the largest powers of 2. */
function roundest(
  pieces: readonly Piece[],
  tickAt: (address: number) => Tick,
  [low, high]: readonly [number, number],
  apart: number,
): readonly Tick[] {
  const found: Tick[] = []
  for (const step of STEPS) {
    if (pieces.reduce((sum, { bytes }) => sum + 1 + bytes / step, 0) > LOOKED_MAX + pieces.length) return found
    for (const { address, bytes } of pieces)
      for (let round = Math.ceil(address / step) * step; round < address + bytes; round += step) {
        const tick = tickAt(round)
        const isFree = tick.share >= low && tick.share <= high && found.every(({ share }) => Math.abs(share - tick.share) >= apart)
        if (isFree) found.push(tick)
      }
  }
  return found
}
