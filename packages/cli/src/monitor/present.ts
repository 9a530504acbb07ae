/** Shows readings until they end or somebody has seen enough: on a screen, as lines, or as one document. */
import { right } from 'fp-ts/lib/Either.js'
import { writeStdout } from '../io/stdout.ts'
import type { Result } from '../outcome.ts'
import { Controls } from './controls.ts'
import { faceLines, figureLines, mainFigure, plainLine } from './face.ts'
import type { Reading, Readings } from './reading.ts'
import { Screen } from './screen.ts'

/** How readings are shown. */
export interface PresentOptions {
  readonly json: boolean
  /** Time between two readings. @unit seconds */
  readonly interval: number
  /** Readings after which it ends; undefined: when there are no more. */
  readonly count?: number | undefined
  /** What the JSON document says beside its readings. */
  readonly document: object
}

/** One way of showing. */
interface Presenter {
  show(reading: Reading): Promise<void>
  end(): Promise<void>
}

/** Values of the picture that are kept: more columns than a terminal has. */
const HISTORY = 1000

/** @returns the number of readings. Left: what went wrong */
export async function present(readings: Readings, { json, interval, count, document }: PresentOptions): Promise<Result<number>> {
  const controls = new Controls(readings.pace)
  const presenter = json ? jsonPresenter(document) : process.stdout.isTTY === true ? screenPresenter(readings, controls) : linePresenter()
  let shown = 0
  let before = performance.now()
  try {
    while (!controls.isStopped && (count === undefined || shown < count)) {
      const now = performance.now()
      const elapsed = readings.pace?.isPaused === true ? 0 : (now - before) / 1000
      before = now
      const next = await readings.next(elapsed)
      if (next._tag === 'Left') return next
      if (next.right === null) break
      shown++
      await presenter.show(next.right)
      if (shown !== count) await controls.wait(interval * 1000)
    }
  } finally {
    controls.close()
    await presenter.end()
  }
  return right(shown)
}

/** A line for each reading. */
const linePresenter = (): Presenter => ({
  show: (reading) => writeStdout(`${plainLine(reading)}\n`),
  end: async () => {},
})

/** One document whose readings are written as they come, each on a line of its own. */
function jsonPresenter(document: object): Presenter {
  let isFirst = true
  const head = (): string => {
    if (!isFirst) return ',\n'
    isFirst = false
    return `${JSON.stringify({ ...document, readings: [] }).slice(0, -2)}\n`
  }
  return {
    show: (reading) => writeStdout(`${head()}${JSON.stringify(reading)}`),
    end: () => writeStdout(isFirst ? `${JSON.stringify({ ...document, readings: [] })}\n` : '\n]}\n'),
  }
}

/** The screen; the last figures stay on the terminal when it is gone. */
function screenPresenter(readings: Readings, controls: Controls): Presenter {
  const history: number[] = []
  let current: Reading | null = null
  const keys = readings.pace === null ? 'q quit' : 'q quit, space pause, + - speed'
  const screen = new Screen(process.stdout, () => redraw())
  const redraw = (): void => {
    if (current !== null) screen.draw(faceLines({ title: readings.title, status: readings.status(), keys }, current, history, screen.size))
  }
  controls.listen()
  return {
    show: async (reading) => {
      current = reading
      if (readings.pace?.isPaused !== true) history.push(mainFigure(reading).bytes)
      if (history.length > HISTORY) history.shift()
      redraw()
    },
    end: async () => {
      screen.close()
      if (current === null) return
      await writeStdout(`${[readings.title, readings.status(), ...figureLines(current, screen.size.columns)].join('\n')}\n`)
    },
  }
}
