/** How long a program of the playground may be. */

/** Longest program that is run, and that a link may hold or unpack to: a link comes from anybody. @unit bytes of UTF-8 */
export const PROGRAM_BYTES_MAX = 200_000
