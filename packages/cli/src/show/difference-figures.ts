/** Figures that are compared of two logs, or of two moments of one, for people. */
import { formatChange } from '@reheap/kernel'
import { type Between, type ComparedFigure, isOfWhole, SIDES } from '@reheap/projections'
import { table } from './table.ts'

type Shown = (value: number) => string

/** What a part of a log reached and did, in a line: it has this once, and neither of its ends. None where it is nothing. */
export function reachedLines<Key extends string>(
  figures: readonly ComparedFigure<Key>[],
  cost: Readonly<Record<Key, number>>,
): readonly string[] {
  const reached = figures.filter(([, figure]) => isOfWhole(figure) && cost[figure] !== 0)
  return reached.length === 0 ? [] : [reached.map(([label, figure, shown]) => `${label} ${shown(cost[figure])}`).join('; ')]
}

export const figureLines = (
  between: Between,
  rows: readonly (readonly [label: string, before: number, after: number, shown: Shown])[],
): readonly string[] =>
  table(
    [{ title: '', align: 'left' }, ...SIDES[between].map((title) => ({ title })), { title: 'change' }],
    rows.map(([label, before, after, shown]) => [label, shown(before), shown(after), formatChange(after - before, shown)]),
  )
