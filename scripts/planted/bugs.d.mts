/** A bug that somebody could make: one place of a package's sources, written otherwise. */
export interface Bug {
  readonly mechanism: string
  readonly name: string
  readonly package: string
  readonly file: string
  readonly find: string
  readonly replace: string
}
export const BUGS: readonly Bug[]
