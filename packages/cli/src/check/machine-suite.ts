import { simulatedSystem } from '@reheap/allocator'
import { collectorOf, cpythonProfile, emptyMachine, heapOf, type MachineState, machineMechanism, objectsOf } from '@reheap/machine'
import { collectedSuite, HEAP_PARTS, type HeapComposition, type Suite } from '@reheap/properties'

/** Objects, their collector and their allocator, as the machine has them. */
export const machineHeap: HeapComposition<MachineState> = {
  name: 'machine',
  parts: HEAP_PARTS,
  mechanism: machineMechanism,
  initial: (profile) => emptyMachine({ ...cpythonProfile('3.13'), ...profile }, simulatedSystem()),
  objects: objectsOf,
  collector: collectorOf,
  allocator: (state) => heapOf(state),
}

/** The suite of the whole machine: objects, what collects them, and the blocks, pools and arenas that they lie in. */
export const machineSuite = (): Suite => collectedSuite('machine', machineHeap)
