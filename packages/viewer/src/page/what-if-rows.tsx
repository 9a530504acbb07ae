/** Rows of a what-if: the figures of `reheap whatif --json`. */
import type { CollectorFigures, DeviceOutcome, DeviceWhatIfRow, VariantHost, WhatIfRow } from '@reheap/machine'
import type { WhatIfAnswer } from '../session/beside-messages.ts'
import { type Figured, FigureTable } from './figure-table.tsx'
import { bytes, change, count, counted, estimate, percent } from './format.ts'

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
  return (
    <>
      <FigureTable
        label="what-if"
        heads={['profile', 'arenas: peak', 'end', 'in all', 'held: peak', 'change', 'held: end', 'change', 'fragmented']}
        notes={{
          change: 'more or less than in the first row, and as a share of that',
          fragmented: 'share of the bytes of arenas that lie in no live block at the end',
        }}
        rows={named(names, rows.map(heapFigures))}
        {...picking}
      />
      <p class="quiet">
        At the end {bytes(rows[0]?.liveBytes ?? 0)} are live, as asked for. Fragmented: the share of the arenas that no live block lies in
        at the end.
      </p>
      {collectors.length > 0 && <Collectors collectors={collectors} names={names} {...picking} />}
      {hosts.length > 0 && <Hosts hosts={hosts} names={names} {...picking} />}
    </>
  )
}

const named = (names: readonly string[], figures: readonly (readonly Figured[])[]) =>
  figures.map((each, place) => ({ name: names[place] ?? '', figures: each }))

const amount = (key: string, value: number): Figured => [key, value, bytes(value)]
const number = (key: string, value: number): Figured => [key, value, count(value)]

/** What a row costs more than the first, and as a share of that. */
function difference(key: string, { bytes: value, percent: share }: WhatIfRow['difference']['heldBytes'], row: number): Figured {
  const sign = value < 0 ? '-' : '+'
  const relative = share === null || value === 0 ? '' : ` ${sign}${Math.abs(share).toFixed(1)} %`
  return [key, value, row === 0 ? '' : `${change(value, bytes)}${relative}`]
}

const heapFigures = (row: WhatIfRow, place: number): readonly Figured[] => [
  number('arenasPeak', row.arenasPeak),
  number('arenas', row.arenas),
  number('arenasTotal', row.arenasTotal),
  amount('heldBytesPeak', row.heldBytesPeak),
  difference('difference.heldBytesPeak.bytes', row.difference.heldBytesPeak, place),
  amount('heldBytes', row.heldBytes),
  difference('difference.heldBytes.bytes', row.difference.heldBytes, place),
  ['externalFragmentation', row.externalFragmentation, percent(row.externalFragmentation)],
]

interface CollectorsProps extends Omit<RowsProps, 'answer'> {
  readonly collectors: readonly CollectorFigures[]
  readonly names: readonly string[]
}

function Collectors({ collectors, names, ...picking }: CollectorsProps) {
  const costs = [...new Set(collectors.map(({ nanosecondsPerVisit }) => Math.round(nanosecondsPerVisit)))].join(', ')
  return (
    <>
      <FigureTable
        label="collections of the what-if"
        heads={[
          'profile',
          'collections: 0',
          '1',
          '2',
          'collected',
          'visited',
          'pauses: all',
          'longest',
          'uncollected: peak',
          'bytes',
          'live: peak',
          'bytes',
        ]}
        rows={named(names, collectors.map(collectorFigures))}
        {...picking}
      />
      <p class="quiet">
        Pauses are an estimate: objects visited, at {costs} ns each as measured on one machine for each version. What is uncollected is
        unreachable and not yet freed.
      </p>
      {collectors.map(({ passedOver }, place) =>
        passedOver === 0 ? null : (
          <p key={names[place]} class="quiet">
            {names[place]}: {counted(passedOver, 'request')} passed over, about objects that were dead by then.
          </p>
        ),
      )}
    </>
  )
}

function collectorFigures({ generations, uncollected, live }: CollectorFigures): readonly Figured[] {
  const sum = (figure: 'collected' | 'visited' | 'pauseNanoseconds'): number => generations.reduce((all, each) => all + each[figure], 0)
  const longest = Math.max(...generations.map(({ pauseNanosecondsMax }) => pauseNanosecondsMax))
  return [
    ...generations.map(({ collections }, generation) => number(`collector.generations.${generation}.collections`, collections)),
    number('collected', sum('collected')),
    number('visited', sum('visited')),
    ['pauseNanoseconds', sum('pauseNanoseconds'), estimate(sum('pauseNanoseconds'))],
    ['pauseNanosecondsMax', longest, estimate(longest)],
    number('collector.uncollected.objects.value', uncollected.objects.value),
    amount('collector.uncollected.bytes.value', uncollected.bytes.value),
    number('collector.live.objects.value', live.objects.value),
    amount('collector.live.bytes.value', live.bytes.value),
  ]
}

interface HostsProps extends Omit<RowsProps, 'answer'> {
  readonly hosts: readonly VariantHost[]
  readonly names: readonly string[]
}

const Hosts = ({ hosts, names, ...picking }: HostsProps) => (
  <>
    <FigureTable
      label="host of the what-if"
      heads={['host', 'RAM', 'swap', 'resident: peak', 'end', 'swapped out', 'swapped in', 'swap cost', 'outcome']}
      rows={named(names, hosts.map(hostFigures))}
      {...picking}
    />
    <p class="quiet">
      Resident sizes are those of process 0. What swapping costs is an estimate: so many pages, at what one takes on a solid-state disk.
    </p>
  </>
)

const hostFigures = ({ system, process, swap }: VariantHost): readonly Figured[] => [
  amount('host.system.total', system.total),
  amount('host.system.swapTotal', system.swapTotal),
  amount('host.process.peakBytes', process.peakBytes),
  amount('host.process.rssBytes', process.rssBytes),
  amount('host.swap.swappedOutBytes', swap.swappedOutBytes),
  amount('host.swap.swappedInBytes', swap.swappedInBytes),
  ['host.swap.nanoseconds', swap.nanoseconds, estimate(swap.nanoseconds)],
  process.ended === null || process.state !== 'killed'
    ? ['host.process.ended', -1, swap.swappedOutBytes > 0 ? 'slowed' : 'fits']
    : ['host.process.ended', process.ended.index, `killed at event ${count(process.ended.index)}`],
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
          notes={{
            change: 'more or less than in the first row',
            fragmented: 'by how much the most reserved is above the most allocated, as a share of the most reserved',
          }}
          rows={rows.map((row, place) => ({
            name: names[place] ?? '',
            figures: deviceFigures(row.devices.find(({ device }) => device === first.device) ?? first, first),
          }))}
          {...picking}
        />
      ))}
      <p class="quiet">Fragmented: by how much the most reserved is above the most allocated, as a share of it.</p>
    </>
  )
}

function deviceFigures(own: DeviceOutcome, first: DeviceOutcome): readonly Figured[] {
  const growth = own.reservedBytesPeak - first.reservedBytesPeak
  return [
    amount('allocatedBytesPeak', own.allocatedBytesPeak),
    amount('reservedBytesPeak', own.reservedBytesPeak),
    ['change', growth, own === first ? '' : change(growth, bytes)],
    ['fragmentation', own.fragmentation, percent(own.fragmentation)],
    number('driverCalls', own.driverCalls),
    number('retries', own.retries),
    number('ooms', own.ooms),
    own.firstOom === null ? ['firstOom', -1, 'never'] : number('firstOom', own.firstOom),
  ]
}
