/** Damage to files: what a crash, a full disk and a failing one leave behind. */
import fc, { type Arbitrary } from 'fast-check'

/** One thing done to bytes. Places are taken modulo the length, so that they always lie in the file; below 0 they count from its end. */
export type Damage =
  /** The file ends early. */
  | { readonly do: 'cut'; readonly at: number }
  /** One bit is turned. */
  | { readonly do: 'flip'; readonly at: number; readonly bit: number }
  /** Bytes are written over others. */
  | { readonly do: 'overwrite'; readonly at: number; readonly bytes: readonly number[] }
  /** Bytes are left out. */
  | { readonly do: 'drop'; readonly at: number; readonly length: number }
  /** Bytes stand twice. */
  | { readonly do: 'repeat'; readonly at: number; readonly length: number }

/** Anywhere, and as often near the end, where the last batches lie. */
const at = fc.oneof(fc.nat(2 ** 20), fc.integer({ min: -3000, max: -1 }))
const length = fc.integer({ min: 1, max: 64 })
const byte = fc.integer({ min: 0, max: 255 })
/** Random bytes, and the extremes of 32- and 64-bit numbers. */
const bytes: Arbitrary<readonly number[]> = fc.oneof(
  fc.array(byte, { minLength: 1, maxLength: 9 }),
  fc.constantFrom([255, 255, 255, 127], [255, 255, 255, 255], [0, 0, 0, 128], [255, 255, 255, 255, 255, 255, 255, 127], Array(8).fill(0)),
)

/** A file that ends early. */
export const cuts: Arbitrary<Damage> = fc.record({ do: fc.constant('cut' as const), at })

/** Any damage. */
export const damages: Arbitrary<Damage> = fc.oneof(
  cuts,
  fc.record({ do: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ do: fc.constant('overwrite' as const), at, bytes }),
  fc.record({ do: fc.constant('drop' as const), at, length }),
  fc.record({ do: fc.constant('repeat' as const), at, length }),
)

/** A copy of a file that the damage was done to. */
export function damaged(file: Uint8Array, damage: Damage): Uint8Array {
  const length = Math.max(1, file.length)
  const place = ((damage.at % length) + length) % length
  switch (damage.do) {
    case 'cut':
      return file.slice(0, place)
    case 'flip': {
      const copy = file.slice()
      copy[place] = (copy[place] ?? 0) ^ (1 << damage.bit)
      return copy
    }
    case 'overwrite': {
      const copy = file.slice()
      copy.set(damage.bytes.slice(0, copy.length - place), place)
      return copy
    }
    case 'drop':
      return joined(file.subarray(0, place), file.subarray(place + damage.length))
    case 'repeat':
      return joined(file.subarray(0, place + damage.length), file.subarray(place))
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length)
  whole.set(head)
  whole.set(tail, head.length)
  return whole
}
