/** What a recording has, beside its events. */
export interface Tally {
  /** Requests that the system refused: they returned null and changed nothing, so they are no events. */
  refusedRequests: number
  /** `free` and `realloc` of a block that no recorded request had given. */
  unknownFrees: number
  /** Blocks whose address was given again although no recorded request had freed them. */
  lostFrees: number
  /** Arenas mapped for requests that the hooks did not see. */
  bypassedArenas: number
  /** Observations left out because another interpreter was running. */
  skippedObservations: number
  /** Did the interpreter run to the end of its finalization? Not after a signal, `os._exit` or `exec`. */
  isFinalized: boolean
}

export const emptyTally = (): Tally => ({
  refusedRequests: 0,
  unknownFrees: 0,
  lostFrees: 0,
  bypassedArenas: 0,
  skippedObservations: 0,
  isFinalized: false,
})
