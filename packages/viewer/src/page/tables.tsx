/** Figures of the moment, and tables of them. */
import type { ComponentChildren } from 'preact'
import type { PythonView, View } from '../session/messages.ts'
import { chosenPlace } from './device-map.tsx'
import { placeOf, placeText } from './device-rows.ts'
import { bytes, count, hex, percent } from './format.ts'
import { showTab } from './store.ts'
import { type Cell, Table } from './table.tsx'

interface FigureProps {
  readonly name: string
  readonly label: string
  readonly note: string | undefined
  readonly children: ComponentChildren
}

function Figure({ name, label, note, children }: FigureProps) {
  return (
    <div class="figure" data-figure={name} title={note}>
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
      {figures.map(([name, label, value, shown, note]) => (
        <Figure key={name} name={name} label={label} note={note}>
          <data value={value}>{shown}</data>
        </Figure>
      ))}
    </dl>
  )
}

/** A share has a note: of what it is one. */
type FigureRow = readonly [name: string, label: string, value: number, shown: string, note?: string]

function pythonFigures({ usage, allocatedBlocks, allocatorStats, fragmentation, objects }: PythonView): readonly FigureRow[] {
  const ofBytes = (name: string, label: string, value: number): FigureRow => [name, label, value, bytes(value)]
  const ofShare = (name: string, value: number, note: string): FigureRow => [name, `${name} fragmentation`, value, percent(value), note]
  return [
    ofBytes('heldBytes', 'held: arenas + C library', usage.heldBytes),
    ofBytes('arenaBytes', 'arenas', usage.arenaBytes),
    ofBytes('cLibraryBytes', 'C library', usage.cLibraryBytes),
    ofBytes('blockBytes', 'blocks of pools', usage.blockBytes),
    ofBytes('requestedBytes', 'asked for, in pools', usage.requestedBytes),
    ['allocatedBlocks', 'sys.getallocatedblocks()', allocatedBlocks, count(allocatedBlocks)],
    ['arenas', 'arenas mapped', allocatorStats.arenas, count(allocatorStats.arenas)],
    ['unusedPools', 'free pools', allocatorStats.unusedPools, count(allocatorStats.unusedPools)],
    ofShare('internal', fragmentation.internal, 'share of the bytes of live blocks that nobody asked for'),
    ofShare('external', fragmentation.external, 'share of the bytes of mapped arenas that lie in no live block'),
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
      [
        `${device}.fragmentation`,
        `${prefix}reserved, not allocated${suffix}`,
        fragmentation.share,
        percent(fragmentation.share),
        'share of what is reserved that no program holds',
      ],
      ...counts,
    ]
  })
}

const countCell = (value: number): Cell => [value, count(value)]
const byteCell = (value: number): Cell => [value, bytes(value)]

export const SizeClasses = ({ view }: { readonly view: PythonView }) => (
  <Table
    label="size classes"
    heads={['block size', 'pools', 'used blocks', 'free blocks', 'used', 'wasted']}
    rows={view.sizeClasses.map((each) => [
      [each.blockBytes, `${each.blockBytes} B`],
      countCell(each.pools),
      countCell(each.usedBlocks),
      countCell(each.availableBlocks),
      byteCell(each.usedBlocks * each.blockBytes),
      byteCell(each.wastedBytes),
    ])}
  />
)

/** A segment that is picked is shown on the map, with what holds it. @param mapTab key of the view with the map */
export function Segments({ view, mapTab }: { readonly view: View; readonly mapTab: string }) {
  const all = view.devices.flatMap(({ segments }) => segments)
  const chosen = placeOf(chosenPlace.value)
  const isChosen = ({ device, address, bytes: size }: (typeof all)[number]): boolean =>
    chosen !== null && device === chosen.device && address <= chosen.address && chosen.address < address + size
  return (
    <div class="scroll tall">
      <Table
        label="segments"
        heads={['segment', 'kind', 'bytes', 'live blocks', 'live', 'free', 'stream', ...(view.devices.length > 1 ? ['device'] : [])]}
        rows={all.map(({ address, type, isExpandable, bytes: size, blocks, stream, device }) => {
          const live = blocks.filter(({ state }) => state !== 'inactive')
          const used = live.reduce((sum, block) => sum + block.bytes, 0)
          return [
            [address, hex(address)],
            isExpandable ? `${type}, expandable` : type,
            byteCell(size),
            countCell(live.length),
            byteCell(used),
            byteCell(size - used),
            stream,
            ...(view.devices.length > 1 ? [device] : []),
          ]
        })}
        picked={all.findIndex(isChosen)}
        onPick={(row) => {
          const segment = all[row]
          chosenPlace.value = segment === undefined ? '' : placeText(segment)
          showTab(mapTab)
        }}
      />
    </div>
  )
}
