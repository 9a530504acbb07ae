/** What real interpreters printed for generated programs, kept so that a test needs none of them. */
import type { ObjectProgram } from './deed.ts'

/** One interpreter's answers. */
export interface InterpreterRun {
  readonly name: string
  readonly version: string
  readonly pointerBits: 32 | 64
  /** What it printed for each program. */
  readonly printed: readonly string[]
}

/** Programs and answers, each different line kept once. */
export interface ObjectRecording {
  readonly programs: readonly ObjectProgram[]
  readonly lines: readonly string[]
  readonly runs: readonly (Omit<InterpreterRun, 'printed'> & { readonly printed: readonly (readonly number[])[] })[]
}

/** What interpreters printed for programs, each different line kept once. */
export function packRecording(programs: readonly ObjectProgram[], runs: readonly InterpreterRun[]): ObjectRecording {
  const numbers = new Map<string, number>()
  const numberOf = (line: string): number => {
    const known = numbers.get(line)
    if (known !== undefined) return known
    numbers.set(line, numbers.size)
    return numbers.size - 1
  }
  const packed = runs.map(({ printed, ...run }) => ({ ...run, printed: printed.map((text) => shortened(text).split('\n').map(numberOf)) }))
  return { programs, lines: [...numbers.keys()], runs: packed }
}

/** The runs of a packed recording, as they were printed. */
export function unpackRecording({ lines, runs }: ObjectRecording): readonly InterpreterRun[] {
  return runs.map(({ printed, ...run }) => ({
    ...run,
    printed: printed.map((numbers) => numbers.map((number) => lines[number]).join('\n')),
  }))
}

/** 3.15 adds times to the statistics: they are different in each run and compared with nothing. */
function shortened(text: string): string {
  return text.replace(/, '(?:candidates|duration)': [\d.e+-]+/g, '')
}
