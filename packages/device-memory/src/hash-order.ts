/**
 * The order in which PyTorch goes through its hash tables.
 *
 * Streams with events, and released pools, are kept in `ska::flat_hash_map`: an open table with Fibonacci hashing and robin
 * hood probing. Which block is merged first, and so some statistics, follow from the order of its slots.
 *
 * @source `c10/util/flat_hash_map.h`
 */
const EMPTY = -1
const SLOTS_MIN = 4
/** A table is at most half full. */
const FULL_SHARE = 0.5
const FIBONACCI = 11_400_714_819_323_198_485n
const WORD = 64n

/** Members in the order of their slots. A member is a row of whoever owns the table; its hash stands beside that row. */
export class HashOrder {
  /** @shape [slotCount + longest probe], {@link EMPTY} for none */
  slots = new Int32Array(0)
  /** How far each member lies behind the slot of its hash. */
  distances = new Int32Array(0)
  slotCount = 0
  probeMax = 0
  members = 0
}

/** The upper half of a 64-bit hash times the golden ratio: its top bits are the slot. */
export const fibonacciHash = (hash: bigint): number => Number((BigInt.asUintN(Number(WORD), hash * FIBONACCI) >> 32n) & 0xffff_ffffn)

const slotOf = (table: HashOrder, hash: number): number => Math.floor(hash / (2 ** 32 / table.slotCount))

/** Enters a member; one that is there already stays where it is. @param hashes by member @source `emplace` */
export function enterMember(table: HashOrder, hashes: Float64Array, member: number): void {
  if (table.slotCount === 0) grow(table, hashes)
  let slot = slotOf(table, hashes[member])
  let distance = 0
  while (table.slots[slot] !== EMPTY && table.distances[slot] >= distance) {
    if (table.slots[slot] === member) return
    slot++
    distance++
  }
  if (distance === table.probeMax || table.members + 1 > table.slotCount * FULL_SHARE || !displace(table, slot, member, distance)) {
    grow(table, hashes)
    enterMember(table, hashes, member)
    return
  }
  table.members++
}

/** Puts a member into a slot and moves on who lies there, until one finds an empty slot. @returns false: one would lie too far off */
function displace(table: HashOrder, slot: number, member: number, distance: number): boolean {
  let moving = member
  let away = distance
  for (let at = slot; ; at++) {
    const resident = table.slots[at]
    if (resident === EMPTY || table.distances[at] < away) {
      const residentAway = table.distances[at]
      table.slots[at] = moving
      table.distances[at] = away
      if (resident === EMPTY) return true
      moving = resident
      away = residentAway
    }
    away++
    if (away === table.probeMax) {
      table.slots[slot] = moving
      return false
    }
  }
}

function grow(table: HashOrder, hashes: Float64Array): void {
  const before = table.slots
  table.slotCount = Math.max(SLOTS_MIN, 2 * table.slotCount)
  table.probeMax = Math.max(SLOTS_MIN, Math.log2(table.slotCount))
  table.slots = new Int32Array(table.slotCount + table.probeMax).fill(EMPTY)
  table.distances = new Int32Array(table.slots.length)
  table.members = 0
  for (const member of before) if (member !== EMPTY) enterMember(table, hashes, member)
}

/** Takes the member in a slot out; those behind it that lie off their slots move up. @source `erase` */
export function removeSlot(table: HashOrder, slot: number): void {
  let at = slot
  while (at + 1 < table.slots.length && table.slots[at + 1] !== EMPTY && table.distances[at + 1] > 0) {
    table.slots[at] = table.slots[at + 1]
    table.distances[at] = table.distances[at + 1] - 1
    at++
  }
  table.slots[at] = EMPTY
  table.members--
}

/** Takes every member out; the table keeps its size. */
export function clearMembers(table: HashOrder): void {
  table.slots.fill(EMPTY)
  table.members = 0
}

/** A table as new. */
export function resetMembers(table: HashOrder): void {
  clearMembers(table)
  table.slotCount = 0
}

/** First slot with a member from a slot on; the number of slots if there is none. */
export function memberSlot(table: HashOrder, from: number): number {
  let slot = from
  while (slot < table.slots.length && table.slots[slot] === EMPTY) slot++
  return slot
}
