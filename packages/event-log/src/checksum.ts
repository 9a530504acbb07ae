import xxhash from 'xxhash-wasm'

/** 64-bit xxHash of some bytes. */
export type Hash = (bytes: Uint8Array, seed: bigint) => bigint

let hash: Promise<Hash> | undefined

/** The hash function; WebAssembly is compiled at the first call. */
export function loadHash(): Promise<Hash> {
  hash ??= xxhash().then((api) => api.h64Raw)
  return hash
}

/** Digits of a checksum as it stands in a log. */
export const CHECKSUM_DIGITS = 16

/** A checksum as the 16 hexadecimal digits that stand in a log. */
export function checksumDigits(checksum: bigint): string {
  return checksum.toString(16).padStart(CHECKSUM_DIGITS, '0')
}

/** Checksum of `bytes` with the 16 digits at `at` taken as zeros: those that will hold, or hold, the checksum itself. */
export function checksumAround(hash: Hash, bytes: Uint8Array, at: number, seed: bigint): bigint {
  return hash(new Uint8Array(bytes).fill(0x30, at, at + CHECKSUM_DIGITS), seed)
}

/** Writes 16 digits into `bytes`. */
export function putChecksum(bytes: Uint8Array, at: number, checksum: bigint): void {
  new TextEncoder().encodeInto(checksumDigits(checksum), bytes.subarray(at))
}

/** Whether the 16 digits at `at` are those of `checksum`. */
export function hasChecksum(bytes: Uint8Array, at: number, checksum: bigint): boolean {
  const digits = checksumDigits(checksum)
  for (let i = 0; i < CHECKSUM_DIGITS; i++) if (bytes[at + i] !== digits.charCodeAt(i)) return false
  return true
}
