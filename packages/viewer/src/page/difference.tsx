/** Two logs side by side, or two moments of one: the figures of `reheap diff --json`. */
import type { DeviceDifference, HeapDifference } from '@reheap/machine'
import { type Between, type ComparedFigure, DEVICE_FIGURES, HEAP_FIGURES, isCompared, isOfWhole, SIDES } from '@reheap/projections'
import type { Compared } from '../session/beside-messages.ts'
import { type Figured, FigureTable } from './figure-table.tsx'
import { asHeading, bytes, change, count } from './format.ts'

interface CostRow {
  readonly key: string
  readonly label: string
  readonly before: number
  readonly after: number
  readonly shown: (value: number) => string
}

/** Every figure of what both sides cost; what neither has of an interpreter's is left out. */
function costsOf(answer: Compared): readonly CostRow[] {
  if (answer.layer === 'device') return rowsOf(DEVICE_FIGURES, ...answer.costs)
  const { before, after } = answer.difference
  return rowsOf(HEAP_FIGURES, before.cost, after.cost).filter((row) => row.before !== 0 || row.after !== 0)
}

type Sides = (typeof SIDES)[Between]
type Cost<Key extends string> = Readonly<Record<Key, number>>

const rowsOf = <Key extends string>(figures: readonly ComparedFigure<Key>[], before: Cost<Key>, after: Cost<Key>): readonly CostRow[] =>
  figures.map(([label, key, shown]) => ({ key, label, before: before[key], after: after[key], shown }))

/** @param between what is compared: two logs, or two moments of one, whose peaks and counts {@link PeaksAndCounts} has */
export function Difference({ answer, between }: { readonly answer: Compared; readonly between: Between }) {
  const sides: Sides = SIDES[between]
  const rows = costsOf(answer).filter(({ key }) => isCompared(key, between))
  return (
    <>
      <FigureTable
        label="difference"
        heads={['figure', ...sides, 'change']}
        rows={rows.map(({ key, label, before, after, shown }) => ({
          name: label,
          figures: [
            [`before.${key}`, before, shown(before)],
            [`after.${key}`, after, shown(after)],
            [`change.${key}`, after - before, change(after - before, shown)],
          ],
        }))}
      />
      {answer.layer === 'python' ? (
        <HeapChanges difference={answer.difference} sides={sides} />
      ) : (
        <DeviceChanges difference={answer.difference} sides={sides} />
      )}
    </>
  )
}

/** What a part of a log reached and did in between: it has these once, and neither of its ends. */
export const PeaksAndCounts = ({ answer, heading }: { readonly answer: Compared; readonly heading: string }) => (
  <FigureTable
    label="peaks and counts"
    heads={[heading, '']}
    rows={costsOf(answer)
      .filter(({ key }) => isOfWhole(key))
      .map(({ key, label, after, shown }) => ({ name: label, figures: [[`after.${key}`, after, shown(after)]] }))}
  />
)

interface HeapProps {
  readonly difference: HeapDifference
  readonly sides: Sides
}

const HeapChanges = ({ difference, sides }: HeapProps) => (
  <>
    <Changes
      label="difference by type"
      heads={headsOf('type', 'objects', sides)}
      rows={difference.types.map((row) => ({ ...row, name: row.type, counts: [row.before.objects, row.after.objects] }))}
    />
    <Changes
      label="difference by size class"
      heads={headsOf('block size', 'blocks', sides)}
      rows={difference.sizeClasses.map((row) => ({
        ...row,
        name: `${row.blockBytes} B`,
        counts: [row.before.blocks, row.after.blocks],
      }))}
    />
  </>
)

interface DeviceProps {
  readonly difference: DeviceDifference
  readonly sides: Sides
}

const DeviceChanges = ({ difference, sides }: DeviceProps) => (
  <>
    <Changes
      label="difference by owner"
      heads={headsOf('who asked', 'blocks', sides)}
      rows={difference.owners.map((row) => ({ ...row, name: row.owner, counts: [row.before.blocks, row.after.blocks] }))}
    />
    <Changes
      label="difference by segment"
      heads={headsOf('segments', 'segments', sides)}
      rows={difference.segments.map((row) => ({
        ...row,
        name: `${row.type} of ${bytes(row.segmentBytes)}`,
        counts: [row.before.segments, row.after.segments],
      }))}
    />
  </>
)

const headsOf = (name: string, counted: string, sides: Sides): readonly string[] => [
  name,
  'change',
  ...sides.map((side) => `bytes ${side}`),
  ...sides.map((side) => `${counted} ${side}`),
]

interface ChangeRow {
  readonly name: string
  readonly change: number
  readonly before: { readonly bytes: number }
  readonly after: { readonly bytes: number }
  readonly counts: readonly [before: number, after: number]
}

interface ChangesProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly ChangeRow[]
}

/** The largest changes first. */
function Changes({ label, heads, rows }: ChangesProps) {
  if (rows.length === 0) return null
  return (
    <>
      <h3>{asHeading(label)}</h3>
      <FigureTable label={label} heads={heads} rows={rows.map((row) => ({ name: row.name, figures: figuresOf(row) }))} />
    </>
  )
}

const figuresOf = (row: ChangeRow): readonly Figured[] => [
  ['change', row.change, change(row.change, bytes)],
  ['before.bytes', row.before.bytes, bytes(row.before.bytes)],
  ['after.bytes', row.after.bytes, bytes(row.after.bytes)],
  ['before.count', row.counts[0], count(row.counts[0])],
  ['after.count', row.counts[1], count(row.counts[1])],
]
