/** The program with what each line did up to the cursor. */
import type { LineFigures } from '@reheap/recorder/web'
import { useEffect, useRef } from 'preact/hooks'
import { bytes, count } from '../format.ts'
import { cursor, moveTo } from '../store.ts'
import type { Ran } from './program.ts'

/** Columns, and whether they hold numbers. */
const HEADS = [
  ['line', true],
  ['runs', true],
  ['objects', true],
  ['bytes', true],
  ['source', false],
  ['references to what each name holds', false],
] as const
/** Collections of a line that are shown: the last ones. */
const COLLECTIONS_MAX = 3

/** @param isOld was the program changed since, or does it run again? */
export function Listing({ ran, isOld }: { readonly ran: Ran; readonly isOld: boolean }) {
  const at = cursor.value
  const { steps } = ran.history
  const place = ran.history.placeAt(at)
  const current = steps[place]?.line
  const lines = ran.history.lines(at)
  const table = useRef<HTMLTableElement>(null)
  useEffect(() => table.current?.querySelector('.current')?.scrollIntoView({ block: 'nearest' }), [current])
  const go = (to: number): void => void moveTo(steps[to]?.at ?? at)
  return (
    <section class={isOld ? 'listing old' : 'listing'} aria-label="lines">
      <div class="bar">
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
      <div class="lines">
        <table ref={table}>
          <thead>
            <tr>
              {HEADS.map(([head, isNumber]) => (
                <th key={head} class={isNumber ? 'number' : ''}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ran.source
              .replace(/\r?\n$/, '')
              .split(/\r?\n/)
              .map((text, row) => (
                <Line key={row} line={row + 1} text={text} figures={lines.get(row + 1)} isCurrent={row + 1 === current} />
              ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

interface LineProps {
  readonly line: number
  readonly text: string
  readonly figures: LineFigures | undefined
  readonly isCurrent: boolean
}

function Line({ line, text, figures, isCurrent }: LineProps) {
  return (
    <tr data-line={line} class={isCurrent ? 'current' : ''} aria-current={isCurrent ? 'step' : undefined}>
      <td class="number quiet">{line}</td>
      {figures === undefined ? <td colSpan={3} /> : <Figures figures={figures} />}
      <td class="text" title={text}>
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
