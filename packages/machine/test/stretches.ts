/** Shares of a log between which a part lies. */
export const STRETCHES = [
  [0, 1],
  [0, 0.4],
  [0.31, 0.32],
  [0.5, 0.9],
  [0.7, 0.7],
  [0.93, 1],
] as const
