/** The request before the cursor on its way down: the steps of `reheap trace-request`. */
import { deviceMemoryWording, deviceStats, type Fact, openDevices, segments } from '@reheap/device-memory'
import { Emit } from '@reheap/kernel'
import { deviceRequestSteps, layerFigures, machineMechanism, type RequestStep, requestSteps, type ToldFact } from '@reheap/machine'
import { encodeFacts } from '@reheap/trace'
import type { DeviceSession } from './device-session.ts'
import type { DescentAnswer } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'

/** @returns null: there is no such event */
export function descentOf(session: PythonSession, index: number): DescentAnswer | null {
  const one = session.log.batches.event(index)
  if (one === null) return null
  const before = session.stateAt(index)
  const draft = machineMechanism.thaw(before)
  const emit = new Emit()
  machineMechanism.applyBatch(draft, one, 0, 1, emit)
  const lines = new TextDecoder().decode(encodeFacts(emit.facts, one)).split('\n')
  const facts = lines
    .filter((line) => line !== '')
    .map((line) => {
      const { index: _, ...fact } = JSON.parse(line) as ToldFact & { readonly index: number }
      return fact as ToldFact
    })
  const after = machineMechanism.seal(draft)
  return { index, steps: requestSteps({ facts, before, after }), pyramid: layerFigures(after), devices: [] }
}

/** The same of a device's log. */
export function deviceDescentOf(session: DeviceSession, index: number): DescentAnswer | null {
  if (index < 0 || index >= session.log.length) return null
  const replay = session.replayAt(index)
  const before = segments(replay.state)
  const facts: Fact[] = []
  replay.run(index + 1, (told) => {
    for (let fact = 0; fact < told.length; fact++) if (told.cause[fact] === index) facts.push(deviceMemoryWording.read(told, fact))
  })
  const { state } = replay
  const steps: readonly RequestStep[] = deviceRequestSteps(facts, before, segments(state))
  const devices = openDevices(state).map(({ device, capacityBytes }) => {
    const { requestedBytes, allocatedBytes, reservedBytes } = deviceStats(state, device)
    return { device, capacityBytes, requestedBytes, allocatedBytes, reservedBytes }
  })
  return { index, steps, pyramid: null, devices }
}
