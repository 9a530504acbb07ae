import { REQUEST_OPCODES as CODES, deviceStats, type SegmentView } from '@reheap/device-memory'
import { type EventBatch, formatAddress } from '@reheap/kernel'
import { ownerGroups, ownerOf, type Remedies, refusalReport, refusalsOf, remediesOf, segmentReport } from '@reheap/machine'
import type { SegmentUse } from '@reheap/projections'
import { FORM_BY_OPCODE, readEvent } from '@reheap/trace'
import { left, right } from 'fp-ts/lib/Either.js'
import type { Input } from '../input.ts'
import { Progress } from '../io/progress.ts'
import type { Outcome, Result } from '../outcome.ts'
import { eventLines, segmentReportLines } from '../show/event-report.ts'
import { oomLines } from '../show/explanation.ts'
import { deviceRejection, type LoadedDevice, loadDevice } from './device-input.ts'
import { momentAt } from './moment.ts'

export interface ExplainOptions {
  readonly profile?: string | undefined
  /** The first refused request, or the one of this number, counted from 1. */
  readonly oom?: number | true | undefined
  readonly segment?: number | undefined
  readonly at?: number | undefined
  readonly top: number
}

/** Why a device's memory is as it is. */
export async function explainDevice(input: Input, options: ExplainOptions): Promise<Result<Outcome>> {
  const loaded = await loadDevice(input, { what: 'explain', profile: options.profile })
  if (loaded._tag === 'Left') return loaded
  const { log } = loaded.right
  if (options.at !== undefined && options.at >= log.length)
    return left(`--at ${options.at}: ${input.name} has ${log.length} events; give the index of one, from 0 on`)
  if (options.oom !== undefined) return explainOom(loaded.right, options)
  return options.segment === undefined ? explainEvent(loaded.right, options) : explainSegment(loaded.right, options.segment, options)
}

async function explainOom(loaded: LoadedDevice, { oom, top }: ExplainOptions): Promise<Result<Outcome>> {
  const { input, log, options } = loaded
  const refusals = refusalsOf(log.parts(), options)
  if (refusals._tag === 'Left') return left(deviceRejection(input.name, refusals.left))
  const count = refusals.right.length
  const number = oom === true || oom === undefined ? 1 : oom
  const refusal = refusals.right[number - 1]
  if (refusal === undefined)
    return left(
      count === 0
        ? `${input.name}: no request was refused for want of memory; reheap whatif tells under which capacity one would be`
        : `--oom ${number}: ${input.name} holds ${count} refused requests; give a number up to ${count}`,
    )
  const moment = momentAt(loaded, refusal.index, refusal.device)
  if (moment._tag === 'Left') return moment
  const found = refusalReport(log, options.profile, refusals.right, number - 1, moment.right.state)
  const report = { ...found, remedies: searched(remediesOf(log.parts(), options, refusal.index, found.capacityBytes)) }
  return right({
    status: 0,
    json: { events: log.length, profile: options.profile.name, oom: { ...report, pinned: report.pinned.map(pinJson) } },
    text: () => oomLines(input.name, report, top).join('\n'),
  })
}

/** What a search finds, with a line of progress. */
function searched(search: ReturnType<typeof remediesOf>): Remedies {
  const progress = new Progress('explain', null)
  let rows = 0
  let step = search.next()
  for (; step.done !== true; step = search.next()) {
    rows += step.value
    progress.at(rows)
  }
  progress.end()
  return step.value
}

const pinJson = ({ segment, ...use }: SegmentUse) => ({ address: segment.address, bytes: segment.bytes, ...use })

function explainSegment(loaded: LoadedDevice, address: number, { at, top }: ExplainOptions): Result<Outcome> {
  const { input, log, options } = loaded
  const moment = momentAt(loaded, at ?? log.length - 1, 0)
  if (moment._tag === 'Left') return moment
  const { state, live, index } = moment.right
  const report = segmentReport(state, { address }, live, ownerOf(log))
  if (report === null)
    return left(
      `--segment ${formatAddress(address)}: no segment holds it after event ${index}; reheap stats ${input.name}${at === undefined ? '' : ` --until ${index + 1}`} lists them`,
    )
  return right({
    status: 0,
    json: { events: log.length, profile: options.profile.name, segment: { ...report, after: index } },
    text: () => segmentReportLines(input.name, report, report.blocks, index, top).join('\n'),
  })
}

const holds = ({ address, bytes }: SegmentView, place: number): boolean => address <= place && place < address + bytes

function explainEvent(loaded: LoadedDevice, { at = 0, top }: ExplainOptions): Result<Outcome> {
  const { input, log, options } = loaded
  const device = deviceAt(loaded, at)
  const moment = momentAt(loaded, at, device)
  if (moment._tag === 'Left') return moment
  const { facts, before, statsBefore, state, segments, live } = moment.right
  const placed = facts.find((fact) => fact.kind === 'BlockAllocated')
  const place = placed?.kind === 'BlockAllocated' ? placed.address : null
  const from = place === null ? undefined : before.find((segment) => holds(segment, place))
  const taken = from?.blocks.find(
    (block) => block.state === 'inactive' && block.address <= (place ?? 0) && (place ?? 0) < block.address + block.bytes,
  )
  const report = {
    index: at,
    request: requestAt(log.rows, at),
    device,
    facts,
    /** The free block that the memory was taken from. */
    takenFrom: taken === undefined ? null : { address: taken.address, bytes: taken.bytes, segment: from?.address ?? 0 },
    statsBefore,
    stats: deviceStats(state, device),
    segments: segments.filter((segment) => segment.device === device).length,
    owners: ownerGroups(
      log,
      live.filter((block) => block.device === device),
    ),
    frames: log.frames(at),
  }
  return right({
    status: 0,
    json: { events: log.length, profile: options.profile.name, event: report },
    text: () => eventLines(input.name, report, top).join('\n'),
  })
}

/** An event as its line in JSON Lines. */
function requestAt(rows: EventBatch, at: number): { readonly kind: string } {
  const read = readEvent(rows, at)
  return read._tag === 'Right' ? read.right : { kind: FORM_BY_OPCODE[rows.code[at]]?.kind ?? 'event' }
}

/** The device that a request is about; blocks are of the device that they were asked from. */
function deviceAt({ log }: LoadedDevice, at: number): number {
  const { code, tag, id } = log.rows
  const { DeviceFree, RecordStream, DeviceMalloc } = CODES
  if (code[at] !== DeviceFree && code[at] !== RecordStream)
    return code[at] === DeviceMalloc || code[at] === CODES.DeviceOpened ? tag[at] : 0
  for (let row = at - 1; row >= 0; row--) if (code[row] === DeviceMalloc && id[row] === id[at]) return tag[row]
  return 0
}
