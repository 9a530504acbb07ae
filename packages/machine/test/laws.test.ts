import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { simulatedSystem } from '@reheap/allocator'
import { test } from 'vitest'
import { HEAP_PARTS, type HeapComposition, heapSubject, lawsOf, registerLaws } from '../../properties/src/index.ts'
import { collectorOf, cpythonProfile, emptyMachine, heapOf, type MachineState, machineMechanism, objectsOf } from '../src/index.ts'

const machine: HeapComposition<MachineState> = {
  name: 'machine',
  parts: HEAP_PARTS,
  mechanism: machineMechanism,
  initial: (profile) => emptyMachine({ ...cpythonProfile('3.13'), ...profile }, simulatedSystem()),
  objects: objectsOf,
  collector: collectorOf,
  allocator: (state) => heapOf(state),
}

const folder = mkdtempSync(`${tmpdir()}/laws-`)
registerLaws(test, lawsOf(heapSubject(machine)), { runs: 60, seed: 1, folder })
