/** A round number of bytes at or above `bytes`, four to eight times a power of two: its halves and quarters are round too. */
export function roundTop(bytes: number): number {
  if (bytes <= 4) return 4
  const unit = 2 ** Math.floor(Math.log2(bytes / 4))
  return Math.ceil(bytes / unit) * unit
}
