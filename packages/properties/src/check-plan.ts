/** How a check is cut into pieces that any number of workers may share, so that the same seed is always the same check. */

/** Programs of one piece. */
export const PIECE_RUNS = 10

/** Some programs of one law: what a worker does at a time. */
export interface Piece {
  readonly mechanism: string
  readonly law: string
  readonly seed: number
  readonly runs: number
}

/** What is checked: laws in order, by their names. */
export interface CheckedLaw {
  readonly mechanism: string
  readonly law: string
}

/**
 * Pieces of a check in their order: each law's first programs, then each law's next ones. A piece's seed follows from the
 * check's, the law and the round, so that neither workers nor the laws that are checked beside it change it.
 *
 * @param runs programs of each law; endless if not given
 */
export function* piecesOf(laws: readonly CheckedLaw[], seed: number, runs = Number.POSITIVE_INFINITY): Generator<Piece, void, undefined> {
  for (let from = 0; from < runs; from += PIECE_RUNS)
    for (const { mechanism, law } of laws)
      yield { mechanism, law, seed: pieceSeed(`${seed} ${law} ${from}`), runs: Math.min(PIECE_RUNS, runs - from) }
}

/** A seed that the text decides. @source the hash FNV-1a of 32 bits, RFC 9923 */
function pieceSeed(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 1
}
