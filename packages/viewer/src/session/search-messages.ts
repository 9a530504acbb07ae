/** What a search is answered. */
/** Where a text was found, and where that leads. */
export interface Found {
  readonly kind: 'type' | 'name' | 'object' | 'block' | 'address' | 'line' | 'mark'
  readonly label: string
  readonly detail: string
  /** Event to go to. */
  readonly index?: number
  /** Type to show. */
  readonly type?: number
  /** Object to show. */
  readonly object?: number
  /** Address of the pool to show. */
  readonly pool?: number
}

/** The first places that a text was found in. */
export interface SearchAnswer {
  readonly found: readonly Found[]
  /** How many there are beside them. */
  readonly more: number
}
