import { type Batch, type Draft, Emit } from '@reheap/kernel'
import type * as DeviceMemory from '../src/index.ts'
import type { Observation, Recording } from './recording.ts'

/** The package, ours or a wrong one. */
export type Subject = typeof DeviceMemory

/** A recorded value that the replay does not give. */
export interface Mismatch {
  readonly row: number
  readonly of: string
  readonly expected: unknown
  readonly simulated: unknown
}

export interface Report {
  readonly requests: number
  readonly compared: number
  readonly mismatches: readonly Mismatch[]
}

type Values = Readonly<Record<string, unknown>>
type State = Draft<DeviceMemory.DeviceMemoryState>

/** Replays a recording and compares every address, fact, statistic and text in it. @param most mismatches after which it stops */
export function verify(subject: Subject, recording: Recording, most = Number.POSITIVE_INFINITY): Report {
  const { rows, observations, profile, driver } = recording
  const { deviceMemoryMechanism, emptyDeviceMemory, simulatedDriver, REQUEST_OPCODES } = subject
  const draft = deviceMemoryMechanism.thaw(emptyDeviceMemory(profile, { driver: simulatedDriver(driver) }))
  const emit = new Emit<DeviceMemory.FactOpcode>()
  const mismatches: Mismatch[] = []
  let requests = 0
  let compared = 0
  const check = (row: number, of: string, expected: unknown, simulated: unknown): void => {
    compared++
    if (!same(expected, simulated)) mismatches.push({ row, of, expected, simulated })
  }
  for (let row = 0; row < rows.length && mismatches.length < most; row++) {
    if (rows.code[row] >= 240) continue
    requests++
    emit.clear()
    const rejected = deviceMemoryMechanism.applyBatch(draft, rows as Batch<DeviceMemory.RequestOpcode>, row, row + 1, emit)
    if (rejected >= 0) check(row, 'request', 'accepted', `rejected for reason ${emit.reason}`)
    const facts = factsOf(subject, emit)
    if (rows.code[row] === REQUEST_OPCODES.DeviceMalloc) {
      const address = facts.find(({ action }) => action === 'alloc')?.address ?? subject.REFUSED
      check(row, 'address', rows.address[row], address)
    }
    const seen = observations.get(row) ?? []
    compareFacts(
      seen.filter(({ of }) => of === 'deviceFact'),
      facts,
      check,
      row,
    )
    for (const { row: place, of, values } of seen) if (of !== 'deviceFact') compareFigures(subject, draft, place, of, values, check)
  }
  return { requests, compared, mismatches }
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

type Check = (row: number, of: string, expected: unknown, simulated: unknown) => void

/** Facts as a snapshot's trace has them. */
function factsOf({ deviceMemoryWording, ACTION_FACTS }: Subject, emit: Emit<DeviceMemory.FactOpcode>): Values[] {
  const actions = new Map(Object.entries(ACTION_FACTS).map(([action, kind]) => [kind as string, action]))
  return Array.from({ length: emit.facts.length }, (_, row) => {
    const fact = deviceMemoryWording.read(emit.facts as Parameters<typeof deviceMemoryWording.read>[0], row)
    const action = actions.get(fact.kind)
    if (fact.kind === 'OutOfMemoryRaised')
      return { action, deviceFreeBytes: fact.deviceFreeBytes, bytes: fact.bytes, stream: fact.stream } as Values
    if ('address' in fact) return { action, address: fact.address, bytes: fact.bytes, stream: fact.stream }
    return { action }
  })
}

/** `free_completed` of several streams within one request come in the order of a hash table: they are compared sorted. */
function compareFacts(seen: readonly Observation[], facts: readonly Values[], check: Check, row: number): void {
  const expected = sortedFrees(seen.map(({ values }) => values))
  const simulated = sortedFrees(facts)
  const rows = Math.max(expected.length, simulated.length)
  for (let place = 0; place < rows; place++) check(seen[place]?.row ?? row, 'deviceFact', expected[place] ?? null, simulated[place] ?? null)
}

function sortedFrees(facts: readonly Values[]): readonly Values[] {
  const isFree = ({ action }: Values): boolean => action === 'free_completed'
  const frees = facts.filter(isFree).sort((a, b) => Number(a.address) - Number(b.address))
  let next = 0
  return facts.map((fact) => (isFree(fact) ? (frees[next++] as Values) : fact))
}

function compareFigures(subject: Subject, draft: State, row: number, of: string, values: Values, check: Check): void {
  if (of === 'outOfMemoryMessage') {
    check(row, of, values.text, subject.outOfMemoryMessage(draft))
    return
  }
  const figures: Values =
    of === 'deviceStats'
      ? { ...subject.deviceStats(draft) }
      : Object.fromEntries(subject.STATISTICS.map((statistic) => [statistic, subject.figureOf(draft, 0, statistic)]))
  for (const [name, expected] of Object.entries(values)) check(row, `${of}.${name}`, expected, figures[name])
}
