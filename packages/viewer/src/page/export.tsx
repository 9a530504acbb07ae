/** What is shown, saved as a file: the timeline, and the view that is open. */
import type { Overview, View } from '../session/messages.ts'
import { compared, whatIf } from './beside.ts'
import { csvText } from './csv.ts'
import { curvesCsv } from './curves-csv.ts'
import { drawnSvg } from './drawn-svg.ts'
import { counted, save } from './format.ts'
import { Menu, type MenuItem } from './menu.tsx'
import { hasDrawings, pictureOf } from './picture.ts'
import { tablesShown } from './saved-tables.ts'
import { answersShown } from './shown-answers.ts'
import { cursor, range, theme } from './store.ts'
import { extentOf } from './timeline-scales.ts'
import { drawn, hidden, keyOf, shownAxis } from './timeline-state.ts'
import { timelineSvg } from './timeline-svg.ts'

/** Columns are written as plain lists, maps as objects; a pyramid of curves is no figure. */
const plain = (key: string, value: unknown): unknown =>
  ArrayBuffer.isView(value)
    ? Array.from(value as Float64Array)
    : value instanceof Map
      ? Object.fromEntries(value)
      : key === 'curves'
        ? undefined
        : value

const drawing = (log: Overview): ReturnType<typeof timelineSvg> =>
  timelineSvg({
    log,
    cut: drawn.value ?? { width: 1, x: [], min: [], max: [] },
    range: range.value ?? [0, log.events],
    axis: shownAxis.value,
    extentOf: (scale) => extentOf(log, scale),
    isShown: (curve) => !hidden.value.has(keyOf(curve)),
    at: cursor.value,
    isLight: theme.value === 'light',
  })

const viewName = (): string => document.querySelector('[role=tab][aria-selected=true]')?.textContent ?? ''

function saveText(name: string, text: string, type: string): void {
  save(name, new Blob([text], { type }))
}

async function savePicture(log: Overview, { at }: View): Promise<void> {
  const picture = await pictureOf(drawing(log), `${viewName()}, after ${counted(at, 'event')}`)
  if (picture !== null) save(`${log.name}.png`, picture)
}

/** What the view that is open was answered. */
function answersOf(): readonly object[] {
  const beside = whatIf.value ?? compared.value
  const isBeside = beside !== null && document.querySelector('[role=tabpanel] [aria-label=beside]') !== null
  return [
    ...answersShown().map(({ kind, value, answer }) => ({ asked: kind, ...value, answer })),
    ...(isBeside ? [{ answer: beside }] : []),
  ]
}

/** What can be saved now. @param log with what stands beside it */
function itemsOf(log: Overview, view: View): readonly MenuItem[] {
  const shown = viewName()
  const graph = document.querySelector<SVGSVGElement>('[role=tabpanel] svg.graph')
  const item = (name: string, detail: string, act: () => void): MenuItem => ({ name, detail, act })
  return [
    item('PNG', hasDrawings() ? `timeline and ${shown}` : 'timeline', () => void savePicture(log, view)),
    item('SVG', 'timeline', () => saveText(`${log.name}.svg`, drawing(log).text, 'image/svg+xml')),
    ...(graph === null
      ? []
      : [item('SVG', 'graph of the object', () => saveText(`${log.name}.object.svg`, drawnSvg(graph).text, 'image/svg+xml'))]),
    item('CSV', 'curves of the timeline', () => saveText(`${log.name}.csv`, curvesCsv(log), 'text/csv')),
    ...tablesShown().map(({ label, heads, rows }) =>
      item('CSV', `${label}, ${counted(rows.length, 'row')}`, () =>
        saveText(`${log.name}.${label.replaceAll(' ', '-')}.csv`, csvText(heads, rows), 'text/csv'),
      ),
    ),
    item('JSON', 'moment at the cursor', () => saveText(`${log.name}.${view.at}.json`, JSON.stringify(view, plain), 'application/json')),
    ...(answersOf().length === 0
      ? []
      : [
          item('JSON', `what ${shown} shows`, () =>
            saveText(
              `${log.name}.${shown.replaceAll(' ', '-')}.json`,
              JSON.stringify({ log: log.name, at: view.at, view: shown, answers: answersOf() }, plain),
              'application/json',
            ),
          ),
        ]),
  ]
}

/** @param log with what stands beside it */
export const Export = ({ log, view }: { readonly log: Overview; readonly view: View }) => (
  <Menu label="Export" items={() => itemsOf(log, view)} />
)
