/** Two logs side by side, or two moments of one: the figures of `reheap diff --json`. */
import type { HeapCost } from '@reheap/machine'
import type { Compared } from '../session/beside-messages.ts'
import { type Figured, FigureTable } from './figure-table.tsx'
import { bytes, count } from './format.ts'
import { change } from './what-if-rows.tsx'

type Shown = (value: number) => string

const HEAP: readonly (readonly [key: keyof HeapCost, label: string, shown: Shown])[] = [
  ['heldBytesPeak', 'held: peak', bytes],
  ['heldBytes', 'held: end', bytes],
  ['arenaBytes', 'arenas', bytes],
  ['cLibraryBytes', 'C library', bytes],
  ['blockBytes', 'blocks of pools', bytes],
  ['requestedBytes', 'asked for, in pools', bytes],
  ['allocatedBlocks', 'allocated blocks', count],
  ['objectsPeak', 'objects: peak', count],
  ['objects', 'objects: end', count],
  ['objectBytes', 'objects, bytes', bytes],
  ['collections', 'collections', count],
]

const DEVICE = [
  ['allocatedBytesPeak', 'allocated: peak', bytes],
  ['allocatedBytes', 'allocated: end', bytes],
  ['reservedBytesPeak', 'reserved: peak', bytes],
  ['reservedBytes', 'reserved: end', bytes],
  ['driverCalls', 'driver calls', count],
  ['retries', 'retries', count],
  ['ooms', 'refused', count],
] as const

interface DifferenceProps {
  readonly answer: Compared
  /** What both are called. */
  readonly sides: readonly [first: string, second: string]
}

export function Difference({ answer, sides }: DifferenceProps) {
  return (
    <>
      {answer.layer === 'python' ? (
        <>
          <Costs
            sides={sides}
            rows={HEAP.map(([key, label, shown]) => [
              key,
              label,
              answer.difference.before.cost[key],
              answer.difference.after.cost[key],
              shown,
            ])}
          />
          <Changes
            label="difference by type"
            heads={['type', 'change', 'bytes before', 'bytes after', 'objects before', 'objects after']}
            rows={answer.difference.types.map((row) => ({ ...row, name: row.type, counts: [row.before.objects, row.after.objects] }))}
          />
          <Changes
            label="difference by size class"
            heads={['block size', 'change', 'bytes before', 'bytes after', 'blocks before', 'blocks after']}
            rows={answer.difference.sizeClasses.map((row) => ({
              ...row,
              name: `${row.blockBytes} B`,
              counts: [row.before.blocks, row.after.blocks],
            }))}
          />
        </>
      ) : (
        <>
          <Costs
            sides={sides}
            rows={DEVICE.map(([key, label, shown]) => [key, label, answer.costs[0][key], answer.costs[1][key], shown])}
          />
          <Changes
            label="difference by owner"
            heads={['who asked', 'change', 'bytes before', 'bytes after', 'blocks before', 'blocks after']}
            rows={answer.difference.owners.map((row) => ({ ...row, name: row.owner, counts: [row.before.blocks, row.after.blocks] }))}
          />
          <Changes
            label="difference by segment"
            heads={['segments', 'change', 'bytes before', 'bytes after', 'segments before', 'segments after']}
            rows={answer.difference.segments.map((row) => ({
              ...row,
              name: `${row.type} of ${bytes(row.segmentBytes)}`,
              counts: [row.before.segments, row.after.segments],
            }))}
          />
        </>
      )}
    </>
  )
}

type CostRow = readonly [key: string, label: string, before: number, after: number, shown: Shown]

const Costs = ({ sides, rows }: Pick<DifferenceProps, 'sides'> & { readonly rows: readonly CostRow[] }) => (
  <FigureTable
    label="difference"
    heads={['figure', ...sides, 'change']}
    rows={rows.map(([key, name, before, after, shown]) => ({
      name,
      figures: [
        [`before.${key}`, before, shown(before)],
        [`after.${key}`, after, shown(after)],
        change(`change.${key}`, after - before, shown),
      ],
    }))}
  />
)

interface ChangeRow {
  readonly name: string
  readonly change: number
  readonly before: { readonly bytes: number }
  readonly after: { readonly bytes: number }
  readonly counts: readonly [before: number, after: number]
}

/** The largest changes first. */
function Changes({
  label,
  heads,
  rows,
}: {
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly ChangeRow[]
}) {
  if (rows.length === 0) return null
  return (
    <>
      <h3>{label}</h3>
      <FigureTable label={label} heads={heads} rows={rows.map((row) => ({ name: row.name, figures: figuresOf(row) }))} />
    </>
  )
}

const figuresOf = (row: ChangeRow): readonly Figured[] => [
  change('change', row.change),
  ['before.bytes', row.before.bytes, bytes(row.before.bytes)],
  ['after.bytes', row.after.bytes, bytes(row.after.bytes)],
  ['before.count', row.counts[0], count(row.counts[0])],
  ['after.count', row.counts[1], count(row.counts[1])],
]
