/** The files that a timeline is drawn into. */
import { right } from 'fp-ts/lib/Either.js'
import type { Result } from '../outcome.ts'
import { timelineCsv } from '../show/csv.ts'
import { timelineSvg } from '../show/svg.ts'
import type { TimelineFigure } from '../show/timeline-figure.ts'
import { type Output, openOutput, STANDARD } from './output.ts'

/** What is wanted, by the option's name. */
export interface DrawnFileOptions {
  readonly csv?: string
  readonly svg?: string
  readonly force?: boolean
}

/** A file that the timeline is drawn into. */
export interface DrawnFile {
  readonly output: Output
  readonly draw: (figure: TimelineFigure) => string
}

/** Opens every output before the work begins; standard output comes last, since its reader may stop early. */
export function openFiles({ csv, svg, force = false }: DrawnFileOptions): Result<readonly DrawnFile[]> {
  const wanted = [
    [csv, timelineCsv],
    [svg, timelineSvg],
  ] as const
  const files: DrawnFile[] = []
  for (const [target, drawn] of csv === STANDARD ? wanted.toReversed() : wanted) {
    if (target === undefined) continue
    const output = openOutput(target, force)
    if (output._tag === 'Right') files.push({ output: output.right, draw: drawn })
    else {
      for (const file of files) file.output.abandon()
      return output
    }
  }
  return right(files)
}

/** @param figure what is written as CSV @param picture what is drawn */
export async function writeFiles(figure: TimelineFigure, picture: TimelineFigure, files: readonly DrawnFile[]): Promise<Result<void>> {
  for (const { output, draw: drawn } of files) {
    const written = await output.write(new TextEncoder().encode(drawn(drawn === timelineSvg ? picture : figure)))
    const committed = written._tag === 'Left' ? written : output.commit()
    if (committed._tag === 'Left') return committed
  }
  return right(undefined)
}
