/** Where replays of one log part, and where two logs do. */
import { formatCount } from '@reheap/kernel'

interface Row {
  /** Null: it never does. */
  readonly firstParting: number | null
}

/** Where each row first differs from the first, one line each. @param names of the rows */
export const partingLines = (rows: readonly Row[], names: readonly string[]): readonly string[] =>
  rows
    .slice(1)
    .map(({ firstParting }, place) =>
      firstParting === null
        ? `${names[place + 1]} never differs from ${names[0]}`
        : `${names[place + 1]} first differs from ${names[0]} at event ${formatCount(firstParting)}`,
    )

/** Where two logs part. @param parting null: they never do */
export const logsPartingLine = (parting: number | null): string =>
  `The requests of both logs ${parting === null ? 'never differ' : `first differ at event ${formatCount(parting)}`}.`
