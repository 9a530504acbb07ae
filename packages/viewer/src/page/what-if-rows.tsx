/** Rows of a what-if: the figures of `reheap whatif --json`. */
import type { CollectorFigures, DeviceOutcome, DeviceWhatIfRow, VariantHost, WhatIfRow } from '@reheap/machine'
import type { WhatIfAnswer } from '../session/beside-messages.ts'
import { type Figured, FigureTable } from './figure-table.tsx'
import { bytes, count, percent } from './format.ts'

interface RowsProps {
  readonly answer: WhatIfAnswer
  readonly chosen: number
  readonly onPick: (row: number) => void
}

export function WhatIfRows({ answer, ...picking }: RowsProps) {
  if (answer.layer === 'device') return <DeviceRows rows={answer.rows} names={answer.names} {...picking} />
  const { rows, names } = answer
  const collectors = rows.flatMap(({ collector }) => (collector === undefined ? [] : [collector]))
  const hosts = rows.flatMap(({ host }) => (host === undefined || host === null ? [] : [host]))
  const named = (figures: readonly (readonly Figured[])[]) => figures.map((each, place) => ({ name: names[place] ?? '', figures: each }))
  return (
    <>
      <FigureTable
        label="what-if"
        heads={['profile', 'arenas: peak', 'end', 'in all', 'held: peak', 'change', 'held: end', 'change', 'fragmented']}
        rows={named(rows.map(heapFigures))}
        {...picking}
      />
      {collectors.length > 0 && (
        <FigureTable
          label="collections of the what-if"
          heads={['profile', 'collections: 0', '1', '2', 'collected', 'uncollected: peak', 'bytes', 'live: peak', 'bytes']}
          rows={named(collectors.map(collectorFigures))}
          {...picking}
        />
      )}
      {hosts.length > 0 && (
        <FigureTable
          label="host of the what-if"
          heads={['host', 'RAM', 'swap', 'resident: peak', 'end', 'swapped out', 'swapped in', 'killed at']}
          rows={named(hosts.map(hostFigures))}
          {...picking}
        />
      )}
    </>
  )
}

const amount = (key: string, value: number): Figured => [key, value, bytes(value)]
const number = (key: string, value: number): Figured => [key, value, count(value)]
export const change = (key: string, value: number, shown = bytes): Figured => [
  key,
  value,
  value === 0 ? 'same' : `${value > 0 ? '+' : '−'}${shown(Math.abs(value))}`,
]

const heapFigures = (row: WhatIfRow): readonly Figured[] => [
  number('arenasPeak', row.arenasPeak),
  number('arenas', row.arenas),
  number('arenasTotal', row.arenasTotal),
  amount('heldBytesPeak', row.heldBytesPeak),
  change('difference.heldBytesPeak.bytes', row.difference.heldBytesPeak.bytes),
  amount('heldBytes', row.heldBytes),
  change('difference.heldBytes.bytes', row.difference.heldBytes.bytes),
  ['externalFragmentation', row.externalFragmentation, percent(row.externalFragmentation)],
]

const collectorFigures = ({ generations, uncollected, live }: CollectorFigures): readonly Figured[] => [
  ...generations.map(({ collections }, generation) => number(`collector.generations.${generation}.collections`, collections)),
  number(
    'collected',
    generations.reduce((sum, { collected }) => sum + collected, 0),
  ),
  number('collector.uncollected.objects.value', uncollected.objects.value),
  amount('collector.uncollected.bytes.value', uncollected.bytes.value),
  number('collector.live.objects.value', live.objects.value),
  amount('collector.live.bytes.value', live.bytes.value),
]

const hostFigures = ({ system, process, swap }: VariantHost): readonly Figured[] => [
  amount('host.system.total', system.total),
  amount('host.system.swapTotal', system.swapTotal),
  amount('host.process.peakBytes', process.peakBytes),
  amount('host.process.rssBytes', process.rssBytes),
  amount('host.swap.swappedOutBytes', swap.swappedOutBytes),
  amount('host.swap.swappedInBytes', swap.swappedInBytes),
  process.ended === null || process.state !== 'killed'
    ? ['host.process.ended', -1, 'no']
    : number('host.process.ended', process.ended.index),
]

interface DeviceRowsProps extends Omit<RowsProps, 'answer'> {
  readonly rows: readonly DeviceWhatIfRow[]
  readonly names: readonly string[]
}

function DeviceRows({ rows, names, ...picking }: DeviceRowsProps) {
  const devices = rows[0]?.devices ?? []
  return (
    <>
      {devices.map((first) => (
        <FigureTable
          key={first.device}
          label={devices.length > 1 ? `what-if of device ${first.device}` : 'what-if'}
          heads={[
            'settings',
            'allocated: peak',
            'reserved: peak',
            'change',
            'fragmented',
            'driver calls',
            'retries',
            'out of memory',
            'first at',
          ]}
          rows={rows.map((row, place) => ({
            name: names[place] ?? '',
            figures: deviceFigures(row.devices.find(({ device }) => device === first.device) ?? first, first),
          }))}
          {...picking}
        />
      ))}
    </>
  )
}

const deviceFigures = (own: DeviceOutcome, first: DeviceOutcome): readonly Figured[] => [
  amount('allocatedBytesPeak', own.allocatedBytesPeak),
  amount('reservedBytesPeak', own.reservedBytesPeak),
  change('change', own.reservedBytesPeak - first.reservedBytesPeak),
  ['fragmentation', own.fragmentation, percent(own.fragmentation)],
  number('driverCalls', own.driverCalls),
  number('retries', own.retries),
  number('ooms', own.ooms),
  own.firstOom === null ? ['firstOom', -1, 'never'] : number('firstOom', own.firstOom),
]
