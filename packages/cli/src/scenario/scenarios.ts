import { ALLOCATOR } from './allocator.ts'
import { COLLECTOR } from './collector.ts'
import { GPU } from './gpu.ts'
import { FAULTS_AND_HABITS } from './habits.ts'
import { MACHINE } from './machine.ts'
import { OBJECTS } from './objects.ts'
import type { Scenario } from './scenario.ts'
import { UNITS_AND_ARRAYS } from './units-and-arrays.ts'

/** Every scenario, in the order of the table of claims. */
export const SCENARIOS: readonly Scenario[] = [
  ...MACHINE,
  ...GPU,
  ...UNITS_AND_ARRAYS,
  ...OBJECTS,
  ...COLLECTOR,
  ...ALLOCATOR,
  ...FAULTS_AND_HABITS,
].toSorted((a, b) => a.row - b.row)
