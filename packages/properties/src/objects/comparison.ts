/** What a real interpreter printed against what the simulation says. */
import type { ObjectProgram } from './deed.ts'
import { OBJECT_PARTS, type ObjectParts, type ObjectProfile } from './parts.ts'
import { readLines, sourceOf } from './script.ts'
import { simulate } from './simulation.ts'
import type { Meetings } from './teller.ts'
import { type WrittenProgram, writeProgram } from './writing.ts'

/** The first line in which they differ; null is no line. */
export interface Difference {
  readonly line: number
  readonly expected: string | null
  readonly simulated: string | null
  /** Row of the log that the simulated line belongs to, or the last one. */
  readonly row: number
}

/** The source of a program, as it is given to an interpreter. */
export function sourceOfProgram(program: ObjectProgram): string {
  return sourceOf(writeProgram(program, 1).lines)
}

/** Compares a program's printed lines with the simulation. */
export function compareProgram(
  program: ObjectProgram,
  printed: string,
  profile: ObjectProfile,
  parts: ObjectParts = OBJECT_PARTS,
  meetings: Meetings = new Map(),
): Difference | null {
  const { background, lines } = readLines(printed)
  const { start } = profile.collector
  const written = writeProgram(program, background - start.objects[3])
  // The incremental collector weighs its work against the whole heap.
  const collector = { ...profile.collector, start: { ...start, heapSize: background - written.background } }
  return firstDifference(plainLines(lines, background), written, { ...profile, collector }, parts, meetings)
}

function firstDifference(
  expected: readonly string[],
  written: WrittenProgram,
  profile: ObjectProfile,
  parts: ObjectParts,
  meetings: Meetings,
): Difference | null {
  const simulated = simulate(parts, profile, written, meetings)
  for (let line = 0; line < Math.max(expected.length, simulated.length); line++) {
    const text = simulated[line]?.text ?? null
    if (text === (expected[line] ?? null)) continue
    return { line, expected: expected[line] ?? null, simulated: text, row: simulated[line]?.row ?? written.rows.length - 1 }
  }
  return null
}

/** Printed values as numbers: stats since the first ones, frozen objects beside the runtime's own. */
export function plainLines(lines: readonly string[], background: number): readonly string[] {
  let before: readonly number[] | null = null
  return lines.map((line) => {
    switch (line[0]) {
      case 't':
      case 'a':
        return line.replace('True', '1').replace('False', '0')
      case 'c':
        return line.replace(/[(),]/g, '')
      case 'f':
        return `f ${Number(line.slice(2)) - background}`
      case 's': {
        if (line[1] !== ' ') return line
        const numbers = [...line.matchAll(/'(?:collections|collected|uncollectable)': (\d+)/g)].map(([, number]) => Number(number))
        before ??= numbers
        const first = before
        return `s ${numbers.map((number, index) => number - (first[index] ?? 0)).join(' ')}`
      }
      default:
        return line
    }
  })
}
