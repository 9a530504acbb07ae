/** The program with what each line did up to the cursor. */
import type { LineFigures } from '@reheap/recorder/web'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { LineMoment } from '../../session/explore-messages.ts'
import { bytes, count } from '../format.ts'
import { cursor, moveTo, overview } from '../store.ts'
import type { Ran } from './program.ts'
import { useLineMoments } from './use-line-moments.ts'

/** Columns, whether they hold numbers, and what they tell. */
const HEADS = [
  ['line', true, undefined],
  ['runs', true, undefined],
  ['objects', true, 'made and gone'],
  ['bytes', true, 'asked for and given back'],
  ['blocks', true, 'sys.getallocatedblocks() behind the line, of what was recorded'],
  ['generations', true, 'gc.get_count() behind the line'],
  ['source', false, undefined],
  ['reference count of each name', false, undefined],
] as const
/** Collections of a line that are shown: the last ones. */
const COLLECTIONS_MAX = 3

/** @param isOld was the program changed since, or does it run again? */
export function Listing({ ran, isOld }: { readonly ran: Ran; readonly isOld: boolean }) {
  const at = cursor.value
  const { history } = ran
  const current = history.steps[history.placeAt(at)]?.line
  const figures = history.lines(at)
  const texts = ran.source.replace(/\r?\n$/, '').split(/\r?\n/)
  const runs = texts.map((_, row) => history.lastRun(row + 1, at))
  const moments = useLineMoments(
    overview.value,
    runs.filter((run) => run !== undefined),
  )
  const lines = useRef<HTMLDivElement>(null)
  // Figures that come later make rows higher.
  useLayoutEffect(() => {
    if (lines.current !== null) showCurrent(lines.current)
  }, [current, ran, moments.size])
  return (
    <section class={isOld ? 'listing old' : 'listing'} aria-label="lines">
      <Stepping ran={ran} isOld={isOld} />
      <div class="lines" ref={lines}>
        <table>
          <Heads />
          <tbody>
            {texts.map((text, row) => (
              <Line
                key={row}
                line={row + 1}
                text={text}
                figures={figures.get(row + 1)}
                moment={moments.get(runs[row] ?? -1)}
                isCurrent={row + 1 === current}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** From one run of a line to another. */
function Stepping({ ran: { history }, isOld }: { readonly ran: Ran; readonly isOld: boolean }) {
  const { steps } = history
  const place = history.placeAt(cursor.value)
  const go = (to: number): void => void moveTo(steps[to]?.at ?? Number.NaN)
  return (
    <div class="bar">
      <button type="button" disabled={place === 0 || steps.length === 0} onClick={() => go(0)}>
        First line
      </button>
      <button type="button" disabled={place <= 0} onClick={() => go(place - 1)}>
        ‹ Line
      </button>
      <button type="button" disabled={place >= steps.length - 1} onClick={() => go(place + 1)}>
        Line ›
      </button>
      <span class="quiet">
        {count(place + 1)} of {count(steps.length)} steps{isOld && ', of the program as it ran last'}
      </span>
    </div>
  )
}

const Heads = () => (
  <thead>
    <tr>
      {HEADS.map(([head, isNumber, what]) => (
        <th key={head} class={isNumber ? 'number' : ''} title={what}>
          {head}
        </th>
      ))}
    </tr>
  </thead>
)

/** Brings the line that runs into sight, with whole lines below the head; the page itself stays where it is. */
function showCurrent(box: HTMLElement): void {
  const rows = [...box.querySelectorAll<HTMLElement>('tbody tr')]
  const current = rows.find((row) => row.classList.contains('current'))
  const head = box.querySelector('thead')?.clientHeight ?? 0
  if (current === undefined) return
  const lowest = current.offsetTop - head
  const highest = Math.max(current.offsetTop + current.offsetHeight - box.clientHeight, box.scrollTop)
  box.scrollTop = rows.map((row) => row.offsetTop - head).find((top) => top >= highest && top < lowest) ?? lowest
}

interface LineProps {
  readonly line: number
  readonly text: string
  readonly figures: LineFigures | undefined
  readonly moment: LineMoment | undefined
  readonly isCurrent: boolean
}

function Line({ line, text, figures, moment, isCurrent }: LineProps) {
  return (
    <tr data-line={line} class={isCurrent ? 'current' : ''} aria-current={isCurrent ? 'step' : undefined}>
      <td class="number quiet">{line}</td>
      {figures === undefined ? <td colSpan={3} /> : <Figures figures={figures} />}
      {moment === undefined ? <td colSpan={2} /> : <Moment moment={moment} />}
      <td class="text">
        <code>{text}</code>
      </td>
      <td class="names">{figures !== undefined && <Names figures={figures} />}</td>
    </tr>
  )
}

function Figures({ figures }: { readonly figures: LineFigures }) {
  const { runs, born, died, bytesRequested, bytesReleased } = figures
  return (
    <>
      <td class="number">
        <data data-of="runs" value={runs}>
          {count(runs)}
        </data>
      </td>
      <td class="number">
        <data data-of="born" value={born}>
          +{count(born)}
        </data>{' '}
        <data data-of="died" value={died}>
          −{count(died)}
        </data>
      </td>
      <td class="number">
        <data data-of="bytesRequested" value={bytesRequested}>
          +{bytes(bytesRequested)}
        </data>{' '}
        <data data-of="bytesReleased" value={bytesReleased}>
          −{bytes(bytesReleased)}
        </data>
      </td>
    </>
  )
}

/** What there was behind the last run of the line. */
function Moment({ moment: { allocatedBlocks, counts } }: { readonly moment: LineMoment }) {
  return (
    <>
      <td class="number">
        <data data-behind="blocks" value={allocatedBlocks}>
          {count(allocatedBlocks)}
        </data>
      </td>
      <td class="number">
        <data data-behind="generations" value={counts.join()}>
          {counts.map(count).join(' · ')}
        </data>
      </td>
    </>
  )
}

/** What each name that the line changed holds, and the collections that ran in it. */
function Names({ figures: { names, collections } }: { readonly figures: LineFigures }) {
  return (
    <>
      {[...names].map(([name, references]) => (
        <data key={name} data-name={name} value={references ?? ''}>
          {name}: {references === null ? 'gone' : count(references)}
        </data>
      ))}
      {collections.slice(-COLLECTIONS_MAX).map(({ generation, collected, isRequested }, place) => (
        <i key={place} class="collection">
          generation {generation}: {count(collected)} collected{isRequested ? ', asked for' : ''}
        </i>
      ))}
    </>
  )
}
