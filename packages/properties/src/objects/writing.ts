/** A program, written: what the script says, what the log holds, what is looked at and when. */
import type { EventColumns } from '@reheap/kernel'
import { Author } from './author.ts'
import { CALLING } from './calling.ts'
import { CHANGING } from './changing.ts'
import { COLLECTING, collect, setThresholds, watchObjects, watchStats } from './collecting.ts'
import type { Deed, ObjectProgram } from './deed.ts'
import { hollowDict, makeFamily, makeTupleKnot } from './family.ts'
import { INSTANCES } from './instances.ts'
import { MAKING } from './making.ts'
import type { Observation } from './observation.ts'
import { SETS } from './sets.ts'

const TABLE: Record<Deed['do'], (author: Author, deed: Deed) => void> = {
  ...MAKING,
  ...INSTANCES,
  makeFamily,
  makeTupleKnot,
  hollowDict,
  ...SETS,
  ...CHANGING,
  ...CALLING,
  ...COLLECTING,
}

/** A program as a log, and the script that does the same. */
export interface WrittenProgram {
  /** The script's own lines, between its fixed head and tail. */
  readonly lines: readonly string[]
  readonly rows: EventColumns
  /** Number of the deed that each row belongs to. */
  readonly deeds: readonly number[]
  readonly observations: readonly Observation[]
  /** Objects of the runtime, which the log numbers before those of the script. */
  readonly background: number
  /** Chains at whose end versions up to 3.12 put deaths aside. */
  readonly deepChains: number
}

/**
 * Writes a program, with its end: every name goes, and two full collections run.
 *
 * @param background objects that the runtime had frozen when the program began; to one that never unfreezes they are as one
 */
export function writeProgram(program: ObjectProgram, background: number): WrittenProgram {
  const known = program.unfreezes ? background : 1
  const author = new Author({ background: known, hasNamespace: program.unfreezes })
  const { rows } = author
  rows.ask('FreezeObjects')
  rows.callbacks(1)
  watchStats(author)
  setThresholds(author, program.thresholds)
  author.say('enable()')
  rows.ask('EnableCollector')
  author.check()
  for (const deed of program.deeds) {
    next(author)
    TABLE[deed.do](author, deed)
  }
  next(author)
  for (const name of author.names) {
    if (!name.isBound) continue
    author.say(`del ${name.text}`)
    author.unbind(name, true)
  }
  for (const generation of [2, 2]) {
    next(author)
    collect(author, generation)
  }
  for (const generation of [0, 1, 2]) watchObjects(author, generation)
  watchStats(author)
  return {
    lines: author.lines,
    rows: rows.columns,
    deeds: rows.deeds,
    observations: rows.observations,
    background: known,
    deepChains: author.deepChains,
  }
}

/** The next deed begins: the script keeps its number for what its callbacks print. */
function next(author: Author): void {
  author.rows.deed += 1
  author.say(`deed = ${author.rows.deed}`)
}
