/** Figures of the moment as tables. */
import type { ComponentChildren } from 'preact'
import type { PythonView, View } from '../session/messages.ts'
import { bytes, count, percent } from './format.ts'
import { TableHead } from './table-head.tsx'

type Cell = string | number
interface TableProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly onPick?: (row: number) => void
  /** Row that was picked. */
  readonly picked?: number | undefined
}

/** A table whose first column is text and whose others are numbers. Rows that can be picked are reached with Tab and picked with Enter. */
export function Table({ label, heads, rows, onPick, picked }: TableProps) {
  const rowClass = (row: number): string => (onPick === undefined ? '' : row === picked ? 'pick picked' : 'pick')
  const picking = (row: number) =>
    onPick === undefined
      ? {}
      : {
          tabIndex: 0,
          'aria-current': row === picked,
          onClick: () => onPick(row),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key === 'Enter') onPick(row)
          },
        }
  return (
    <table aria-label={label}>
      <TableHead heads={heads} />
      <tbody>
        {rows.map((cells, row) => (
          <tr key={`${row}${cells[0]}`} class={rowClass(row)} {...picking(row)}>
            {cells.map((cell, place) => (
              <td key={heads[place]} class={place === 0 ? '' : 'number'}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Figure({ name, label, children }: { readonly name: string; readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="figure" data-figure={name}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The figures of `reheap stats --json` at the cursor; `data-value` holds each as a plain number. */
export function Figures({ view }: { readonly view: View }) {
  const figures = view.layer === 'python' ? [...pythonFigures(view), ...deviceFigures(view)] : deviceFigures(view)
  return (
    <dl class="figures" aria-label="figures at the cursor">
      {figures.map(([name, label, value, shown]) => (
        <Figure key={name} name={name} label={label}>
          <data value={value}>{shown}</data>
        </Figure>
      ))}
    </dl>
  )
}

type FigureRow = readonly [name: string, label: string, value: number, shown: string]

function pythonFigures({ usage, allocatedBlocks, allocatorStats, fragmentation, objects }: PythonView): readonly FigureRow[] {
  const ofBytes = (name: string, label: string, value: number): FigureRow => [name, label, value, bytes(value)]
  return [
    ofBytes('heldBytes', 'held: arenas + C library', usage.heldBytes),
    ofBytes('arenaBytes', 'arenas', usage.arenaBytes),
    ofBytes('cLibraryBytes', 'C library', usage.cLibraryBytes),
    ofBytes('blockBytes', 'blocks of pools', usage.blockBytes),
    ofBytes('requestedBytes', 'asked for, in pools', usage.requestedBytes),
    ['allocatedBlocks', 'sys.getallocatedblocks()', allocatedBlocks, count(allocatedBlocks)],
    ['arenas', 'arenas mapped', allocatorStats.arenas, count(allocatorStats.arenas)],
    ['unusedPools', 'free pools', allocatorStats.unusedPools, count(allocatorStats.unusedPools)],
    ['internal', 'internal fragmentation', fragmentation.internal, percent(fragmentation.internal)],
    ['external', 'external fragmentation', fragmentation.external, percent(fragmentation.external)],
    ...(objects === 0 ? [] : [['objects', 'live objects', objects, count(objects)] as const]),
  ]
}

const DEVICE_KEYS = [
  ['allocated_bytes.all.current', 'allocated'],
  ['allocated_bytes.all.peak', 'allocated, peak'],
  ['active_bytes.all.current', 'active'],
  ['reserved_bytes.all.current', 'reserved'],
  ['reserved_bytes.all.peak', 'reserved, peak'],
  ['requested_bytes.all.current', 'asked for'],
  ['inactive_split_bytes.all.current', 'inactive, split'],
] as const

function deviceFigures({ devices, layer }: View): readonly FigureRow[] {
  return devices.flatMap(({ device, memoryStats, fragmentation }) => {
    const suffix = devices.length > 1 ? `, device ${device}` : ''
    const prefix = layer === 'python' ? 'GPU: ' : ''
    const rows = DEVICE_KEYS.map(
      ([key, label]): FigureRow => [`${device}.${key}`, `${prefix}${label}${suffix}`, memoryStats[key] ?? 0, bytes(memoryStats[key] ?? 0)],
    )
    const counts = (['num_alloc_retries', 'num_ooms'] as const).map(
      (key): FigureRow => [
        `${device}.${key}`,
        `${prefix}${key === 'num_ooms' ? 'out of memory' : 'retries'}${suffix}`,
        memoryStats[key] ?? 0,
        count(memoryStats[key] ?? 0),
      ],
    )
    return [
      ...rows,
      [`${device}.fragmentation`, `${prefix}reserved, not allocated${suffix}`, fragmentation.share, percent(fragmentation.share)],
      ...counts,
    ]
  })
}

export const SizeClasses = ({ view }: { readonly view: PythonView }) => (
  <Table
    label="size classes"
    heads={['block size', 'pools', 'used blocks', 'free blocks', 'used', 'wasted']}
    rows={view.sizeClasses.map((each) => [
      `${each.blockBytes} B`,
      count(each.pools),
      count(each.usedBlocks),
      count(each.availableBlocks),
      bytes(each.usedBlocks * each.blockBytes),
      bytes(each.wastedBytes),
    ])}
  />
)

export const Segments = ({ view }: { readonly view: View }) => (
  <Table
    label="segments"
    heads={['segment', 'bytes', 'live blocks', 'live', 'free', 'stream']}
    rows={view.devices.flatMap(({ segments }) =>
      segments.slice(0, 500).map((segment) => {
        const live = segment.blocks.filter(({ state }) => state !== 'inactive')
        const used = live.reduce((sum, block) => sum + block.bytes, 0)
        return [
          `0x${segment.address.toString(16)}`,
          bytes(segment.bytes),
          count(live.length),
          bytes(used),
          bytes(segment.bytes - used),
          segment.stream,
        ]
      }),
    )}
  />
)
