import type { TriggerExplanation } from '@reheap/cycle-gc'
import { formatBytes, formatCount } from '@reheap/kernel'
import {
  type Amount,
  type HeldBy,
  type Holder,
  type LeakGroup,
  type LeakReport,
  type PathStep,
  verdictOf,
  whyLate,
} from '@reheap/projections'
import { counted, table } from './table.ts'

/** How much of a report is shown. */
export interface Shown {
  /** Groups listed of what is held and of what is not. */
  readonly top: number
  /** Only this type; undefined: all. */
  readonly type?: string | undefined
}

const amount = ({ objects, bytes }: Amount): string => `${counted(objects, 'object')}, ${formatBytes(bytes)}`
const sum = (amounts: readonly Amount[]): Amount => ({
  objects: amounts.reduce((total, { objects }) => total + objects, 0),
  bytes: amounts.reduce((total, { bytes }) => total + bytes, 0),
})

/** Why a live object lives. */
export const WORDS: Readonly<Record<HeldBy, string>> = {
  name: 'held by a name',
  outside: 'held by C code or a running expression',
  late: 'unreachable, late',
  garbage: 'kept in gc.garbage',
  frozen: 'unreachable, frozen',
  unfindable: 'unreachable, found by no collection',
}
const ORDER: readonly HeldBy[] = ['name', 'outside', 'late', 'garbage', 'frozen', 'unfindable']
const HELD: readonly HeldBy[] = ['name', 'outside', 'garbage']

/** The report for a person: the verdict, the sums, then the largest groups. */
export function leakLines(report: LeakReport, isOff: boolean, trigger: TriggerExplanation, { top, type }: Shown): readonly string[] {
  const { live, by, late, frozenObjects, groups } = report
  const chosen = groups.filter((group) => type === undefined || group.type === type)
  const waiting = chosen.filter(({ heldBy }) => !HELD.includes(heldBy))
  const held = chosen.filter(({ heldBy }) => HELD.includes(heldBy))
  const sums = ORDER.filter((heldBy) => by[heldBy].objects > 0 || heldBy === 'late').map((heldBy) => [
    WORDS[heldBy],
    formatCount(by[heldBy].objects),
    formatBytes(by[heldBy].bytes),
  ])
  return [
    verdictOf(report, isOff),
    '',
    ...table(
      [{ title: 'live', align: 'left' }, { title: 'objects' }, { title: 'bytes' }],
      [...sums, ['in all', formatCount(live.objects), formatBytes(live.bytes)]],
    ),
    ...(frozenObjects === 0 ? [] : [`frozen: ${counted(frozenObjects, 'object')} that no collection looks at`]),
    ...lateLines(late, trigger),
    ...section(`unreachable${ofType(type)}, the largest first`, waiting, top, waitingTable),
    ...section(`held${ofType(type)}, the largest first`, held, top, heldTable),
  ]
}

const ofType = (type: string | undefined): string => (type === undefined ? '' : ` ${type}`)

function lateLines(late: LeakReport['late'], trigger: TriggerExplanation): readonly string[] {
  const lines = whyLate(late, trigger)
  return lines.length === 0 ? [] : ['', ...lines]
}

function section(
  title: string,
  groups: readonly LeakGroup[],
  top: number,
  shown: (groups: readonly LeakGroup[]) => readonly string[],
): readonly string[] {
  if (groups.length === 0) return []
  const rest = groups.slice(top)
  return [
    '',
    `${title}:`,
    ...shown(groups.slice(0, top)),
    ...(rest.length === 0 ? [] : [`... and ${counted(rest.length, 'group')} more, ${amount(sum(rest))}`]),
  ]
}

const waitingTable = (groups: readonly LeakGroup[]): readonly string[] =>
  table(
    [
      { title: 'type', align: 'left' },
      { title: 'objects' },
      { title: 'bytes' },
      { title: 'since event' },
      { title: 'freed by', align: 'left' },
    ],
    groups.map(({ type, objects, bytes, since, freedBy, heldBy }) => [
      type,
      formatCount(objects),
      formatBytes(bytes),
      since === null ? '' : eventsOf(since),
      freedBy === null ? WORDS[heldBy] : `generation ${freedBy}`,
    ]),
  )

const eventsOf = ({ first, last }: NonNullable<LeakGroup['since']>): string =>
  first === last ? formatCount(first) : `${formatCount(first)} to ${formatCount(last)}`

const heldTable = (groups: readonly LeakGroup[]): readonly string[] =>
  table(
    [{ title: 'type', align: 'left' }, { title: 'objects' }, { title: 'bytes' }, { title: 'held by, for instance', align: 'left' }],
    groups.map(({ type, objects, bytes, holder, heldBy }) => [type, formatCount(objects), formatBytes(bytes), wayOf(holder, heldBy)]),
  )

/** Steps that a way is shown with; of a longer one the middle is left out. */
const STEPS = 6

function wayOf(holder: Holder | null, heldBy: HeldBy): string {
  if (holder === null) return WORDS[heldBy]
  const { name, scope, isCall, type, path } = holder
  const start = name === null ? (heldBy === 'garbage' ? 'gc.garbage' : '(outside)') : isCall ? `${name} (call ${scope})` : name
  const steps = path.map(stepOf)
  const shown =
    steps.length <= STEPS ? steps : [...steps.slice(0, STEPS / 2), `... ${steps.length - STEPS} more ...`, ...steps.slice(-STEPS / 2)]
  return [`${start}: ${type}`, ...shown].join(' -> ')
}

/** A place in a list or tuple, an attribute or a key means something to people; the order key of another reference does not. */
function stepOf({ layout, slot, place, type }: PathStep): string {
  if (layout === 'list' || layout === 'tuple') return `[${slot}] ${type}`
  return place?.startsWith('.') || place?.startsWith('[') ? `${place} ${type}` : type
}
