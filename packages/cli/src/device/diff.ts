import { formatBytes, formatCount } from '@reheap/kernel'
import { type DeviceOutcome, deviceOutcomes } from '@reheap/machine'
import { liveBlocks } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { table } from '../show/table.ts'
import { deviceRejection, loadDevice, replayOf } from './device-input.ts'
import { type Tuned, tunedOf } from './frontier.ts'
import { ownerGroups } from './owners.ts'

/** What is compared of a log: what it cost, and who holds what in the end. */
export interface DeviceSummary {
  readonly name: string
  readonly events: number
  readonly cost: Tuned
  readonly devices: readonly DeviceOutcome[]
  readonly owners: ReadonlyMap<string, { readonly bytes: number; readonly blocks: number }>
}

export async function summaryOf(input: Input, profile: string | undefined): Promise<Result<DeviceSummary>> {
  const loaded = await loadDevice(input, { what: 'diff', profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  const replay = replayOf(loaded.right)
  const ran = replay.run()
  if (ran._tag === 'Left') return left(deviceRejection(input.name, ran.left))
  const devices = deviceOutcomes(log.parts(), options)
  if (devices._tag === 'Left') return left(deviceRejection(input.name, devices.left))
  const groups = ownerGroups(log, liveBlocks(replay.end(), log.rows))
  const owners = new Map(groups.map(({ owner, bytes, blocks }) => [owner, { bytes, blocks }]))
  return right({ name: input.name, events: log.length, cost: tunedOf('', devices.right), devices: devices.right, owners })
}

const FIGURES = [
  ['allocated: peak', 'allocatedBytesPeak', formatBytes],
  ['reserved: peak', 'reservedBytesPeak', formatBytes],
  ['driver calls', 'driverCalls', formatCount],
  ['retries', 'retries', formatCount],
  ['refused', 'ooms', formatCount],
] as const

/** Two logs of devices side by side. */
export function differenceOf(before: DeviceSummary, after: DeviceSummary, top: number): Outcome {
  const names = [...new Set([...before.owners.keys(), ...after.owners.keys()])]
  const none = { bytes: 0, blocks: 0 }
  const owners = names
    .map((owner) => ({ owner, before: before.owners.get(owner) ?? none, after: after.owners.get(owner) ?? none }))
    .map((row) => ({ ...row, change: row.after.bytes - row.before.bytes }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
  const changed = owners.filter((row) => row.change !== 0 || row.before.blocks !== row.after.blocks)
  const said = ({ name, events, devices }: DeviceSummary) => ({ name, events, devices })
  return {
    status: 0,
    json: { before: said(before), after: said(after), owners: changed },
    text: () =>
      [
        `${before.name} (${formatCount(before.events)} events) and ${after.name} (${formatCount(after.events)} events)`,
        ...table(
          [{ title: '', align: 'left' }, { title: 'first' }, { title: 'second' }, { title: 'change' }],
          FIGURES.map(([label, figure, shown]) => [
            label,
            shown(before.cost[figure]),
            shown(after.cost[figure]),
            changeText(after.cost[figure] - before.cost[figure], shown),
          ]),
        ),
        '',
        ...(changed.length === 0
          ? ['The same is live at the end, by who asked for it.']
          : [
              'live at the end, by who asked for it, the largest change first:',
              ...table(
                [{ title: 'change' }, { title: 'first' }, { title: 'second' }, { title: 'who', align: 'left' }],
                changed
                  .slice(0, top)
                  .map((row) => [
                    changeText(row.change, formatBytes),
                    formatBytes(row.before.bytes),
                    formatBytes(row.after.bytes),
                    row.owner,
                  ]),
              ),
            ]),
      ].join('\n'),
  }
}

const changeText = (amount: number, shown: (value: number) => string): string =>
  amount === 0 ? 'same' : `${amount > 0 ? '+' : '-'}${shown(Math.abs(amount))}`
