import { allocatorSuite, cycleGcSuite, deviceSuite, hostSuite, refcountSuite, type Suite } from '@reheap/properties'
import { eventLogSuite } from './event-log-suite.ts'
import { machineSuite } from './machine-suite.ts'

/** Suites by mechanism, in the order in which they are checked. */
const SUITES: Readonly<Record<string, () => Suite>> = {
  allocator: allocatorSuite,
  refcount: refcountSuite,
  'cycle-gc': cycleGcSuite,
  'device-memory': deviceSuite,
  'host-memory': hostSuite,
  machine: machineSuite,
  'event-log': eventLogSuite,
}

/** What can be checked. */
export const MECHANISMS: readonly string[] = Object.keys(SUITES)

/** Suites of mechanisms by their names. */
export const suitesOf = (mechanisms: readonly string[]): readonly Suite[] =>
  mechanisms.flatMap((mechanism) => {
    const make = SUITES[mechanism]
    return make === undefined ? [] : [make()]
  })
