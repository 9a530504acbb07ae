/** What a program looks at, and the lines in which a script and a simulation tell what they saw. */

/** What is looked at. */
export type Watched =
  /** `sys.getrefcount`. */
  | 'refcount'
  /** `gc.get_count`. */
  | 'counts'
  /** `len(gc.get_objects(generation))`. */
  | 'objects'
  /** `gc.get_stats`, less what it was when the program began. */
  | 'stats'
  /** `gc.is_tracked`. */
  | 'tracked'
  /** Whether a weak reference still refers to its object. */
  | 'alive'
  /** `gc.get_freeze_count`, less what it was when the program began. */
  | 'frozen'
  /** `gc.collect`'s result. */
  | 'collected'
  /** `len(gc.garbage)`. */
  | 'garbage'

/** One look at the state between two rows of the log. */
export interface Observation {
  readonly of: Watched
  /** Rows that were applied before the value was made. */
  readonly row: number
  /** Rows that were applied before its line was appended to the script's log: a collection may print between. */
  told: number
  /** The object, or the generation, that is looked at; 0 where there is none. */
  readonly subject: number
}

/** First letters of the lines. */
export const LETTERS = {
  refcount: 'r',
  counts: 'c',
  objects: 'o',
  stats: 's',
  tracked: 't',
  alive: 'a',
  frozen: 'f',
  collected: 'k',
  garbage: 'g',
} as const satisfies Record<Watched, string>

/** The line of a look: `r 3`. */
export function lookLine(of: Watched, values: readonly number[]): string {
  return `${LETTERS[of]} ${values.join(' ')}`
}

/** The line of a finalizer: `del 7`. */
export function finalizerLine(object: number): string {
  return `del ${object}`
}

/** The line of a weak reference's callback: `weak 9`. */
export function callbackLine(weak: number): string {
  return `weak ${weak}`
}

/** The lines of `gc.callbacks`: `start 2 @14`, `stop 2 5 0 @14` (generation, collected, uncollectable, deed). */
export function startLine(generation: number, deed: number): string {
  return `start ${generation} @${deed}`
}
export function stopLine(generation: number, collected: number, uncollectable: number, deed: number): string {
  return `stop ${generation} ${collected} ${uncollectable} @${deed}`
}
