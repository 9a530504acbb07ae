import { deviceStats, openDevices } from '@reheap/device-memory'
import { formatBytes, formatCount } from '@reheap/kernel'
import { type OwnerGroup, ownerGroups } from '@reheap/machine'
import { type IterationRest, iterationRests, liveBlocks } from '@reheap/projections'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import type { Outcome, Result } from '../outcome.ts'
import { ownerLines } from '../show/explanation.ts'
import { counted, table } from '../show/table.ts'
import { endOfDevice, loadDevice } from './device-input.ts'

interface LeaksOptions {
  readonly profile?: string | undefined
  readonly at?: number | undefined
  readonly top: number
  /** Text in the owner. */
  readonly type?: string | undefined
  /** Label of the marks that begin an iteration; default: the one that stands most often. */
  readonly iterations?: string | undefined
}

interface Mark {
  readonly index: number
  readonly label: string
}

/** What is live on every device, by who asked for it and since when, and what each iteration left behind. */
export async function leaksDevice(input: Input, { profile, at, top, type, iterations }: LeaksOptions): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'leaks', until: at, profile })
  if (loaded._tag === 'Left') return loaded
  const { log, options } = loaded.right
  const ended = endOfDevice(input, loaded.right)
  if (ended._tag === 'Left') return ended
  const state = ended.right
  const live = liveBlocks(state, log.rows)
  const begun = iterationsOf(log.marks, iterations)
  if (iterations !== undefined && begun.starts.length === 0)
    return left(
      `--iterations ${iterations}: ${input.name} has no mark of this label; marks are ${labelsOf(log.marks).slice(0, 10).join(', ')}`,
    )
  const devices = openDevices(state).map(({ device }) => {
    const blocks = live.filter((block) => block.device === device)
    const owners = ownerGroups(log, blocks).filter(({ owner }) => type === undefined || owner.includes(type))
    const { allocatedBytes, reservedBytes } = deviceStats(state, device)
    return {
      device,
      allocatedBytes,
      reservedBytes,
      blocks: blocks.length,
      owners,
      iterations: iterationRests(blocks, begun.starts, log.length),
    }
  })
  return right({
    status: 0,
    json: {
      events: log.length,
      profile: options.profile.name,
      iterationLabel: begun.label,
      devices: devices.map(({ owners, ...device }) => ({ ...device, owners: owners.slice(0, top), ownersTotal: owners.length })),
    },
    text: () =>
      [
        `${input.name}: ${formatCount(log.length)} events replayed as ${options.profile.name}`,
        ...devices.flatMap((device) => ['', ...deviceLines(device, begun.label, top)]),
      ].join('\n'),
  })
}

const labelsOf = (marks: readonly Mark[]): readonly string[] => [...new Set(marks.map(({ label }) => label))]

/** Marks of a label, or of the one that stands most often; of several the first. A label that stands once begins nothing. */
function iterationsOf(
  marks: readonly Mark[],
  wanted: string | undefined,
): { readonly label: string | null; readonly starts: readonly number[] } {
  const counts = new Map<string, number[]>()
  for (const { label, index } of marks) counts.set(label, [...(counts.get(label) ?? []), index])
  const [label, starts] =
    wanted === undefined ? ([...counts].sort(([, a], [, b]) => b.length - a.length)[0] ?? [null, []]) : [wanted, counts.get(wanted) ?? []]
  return wanted === undefined && starts.length < 2 ? { label: null, starts: [] } : { label, starts }
}

interface DeviceLeaks {
  readonly device: number
  readonly allocatedBytes: number
  readonly reservedBytes: number
  readonly blocks: number
  readonly owners: readonly OwnerGroup[]
  readonly iterations: readonly IterationRest[]
}

function deviceLines(
  { device, allocatedBytes, reservedBytes, blocks, owners, iterations }: DeviceLeaks,
  label: string | null,
  top: number,
): readonly string[] {
  return [
    `device ${device}: ${counted(blocks, 'block')} with ${formatBytes(allocatedBytes)} live, ${formatBytes(reservedBytes)} reserved`,
    ...ownerLines(owners, top),
    ...(label === null ? [] : ['', ...iterationLines(iterations, label, top)]),
  ]
}

function iterationLines(iterations: readonly IterationRest[], label: string, top: number): readonly string[] {
  const done = iterations.slice(0, -1)
  const leaking = done.filter(({ blocks }) => blocks > 0)
  const kept = leaking.reduce((sum, { bytes }) => sum + bytes, 0)
  return [
    leaking.length === 0
      ? `${counted(done.length, 'iteration')} by the mark "${label}" left nothing behind`
      : `${formatCount(leaking.length)} of ${counted(done.length, 'iteration')} by the mark "${label}" left blocks behind, ${formatBytes(kept)} in all:`,
    ...(leaking.length === 0
      ? []
      : table(
          [{ title: 'events' }, { title: 'blocks' }, { title: 'bytes' }],
          leaking
            .slice(-top)
            .map(({ from, to, blocks, bytes }) => [
              `${formatCount(from)} to ${formatCount(to - 1)}`,
              formatCount(blocks),
              formatBytes(bytes),
            ]),
        )),
  ]
}
