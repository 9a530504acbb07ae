import { allocatorStats, recordedSystem, simulatedSystem } from '@reheap/allocator'
import { Emit, EventColumns } from '@reheap/kernel'
import { describe, expect, test } from 'vitest'
import { emptyMachine, heapOf, heapsOf, machineAllocatedBlocks, machineMechanism } from './machine.ts'
import { cpythonProfile } from './profile.ts'
import { profileNamed, profileOfRuntime } from './runtime.ts'
import { machineUsage } from './usage.ts'

const MALLOC = 1
const OBJ = 2

/** Blocks of 64 bytes, one for each heap number given. */
function mallocs(heaps: readonly number[], firstBlock = 0): EventColumns {
  const batch = new EventColumns(heaps.length)
  heaps.forEach((heap, row) => {
    batch.push(MALLOC, OBJ, firstBlock + row, 0, 64, Number.NaN)
    batch.setContext(row, { heap })
  })
  return batch
}

describe('the machine', () => {
  test('[M1] each interpreter of 3.12 and later has an allocator of its own', () => {
    const draft = machineMechanism.thaw(emptyMachine(cpythonProfile('3.12'), simulatedSystem()))
    expect(machineMechanism.applyBatch(draft, mallocs([0, 1, 1, 0, 2, 0]), 0, 6, new Emit())).toBe(-1)
    const machine = machineMechanism.seal(draft)
    expect(heapsOf(machine).map((heap) => allocatorStats(heap).bytesInAllocatedBlocks)).toEqual([192, 128, 64])
    expect(machineAllocatedBlocks(machine)).toBe(6)
    expect(allocatorStats(heapOf(machine, 7)).arenas).toBe(0)
    expect(machine.at).toBe(6)
  })

  test('[M1] up to 3.11 all interpreters share one allocator', () => {
    const draft = machineMechanism.thaw(emptyMachine(cpythonProfile('3.11'), simulatedSystem()))
    machineMechanism.applyBatch(draft, mallocs([0, 1, 1, 0, 2, 0]), 0, 6, new Emit())
    const machine = machineMechanism.seal(draft)
    expect(heapsOf(machine).map((heap) => allocatorStats(heap).bytesInAllocatedBlocks)).toEqual([384])
    expect(heapOf(machine, 2)).toBe(heapOf(machine, 0))
  })

  test('[M16] usage is the sum over all heaps', () => {
    const profile = cpythonProfile('3.12')
    const draft = machineMechanism.thaw(emptyMachine(profile, simulatedSystem()))
    machineMechanism.applyBatch(draft, mallocs([0, 1, 1]), 0, 3, new Emit())
    const big = new EventColumns(1, 3)
    big.push(MALLOC, OBJ, 3, 0, 1000, Number.NaN)
    machineMechanism.applyBatch(draft, big, 0, 1, new Emit())
    expect(machineUsage(machineMechanism.seal(draft))).toEqual({
      requestedBytes: 192,
      blockBytes: 192,
      arenaBytes: 2 * profile.allocator.arenaBytes,
      cLibraryBytes: 1000,
      heldBytes: 2 * profile.allocator.arenaBytes + 1000,
      arenas: 2,
      arenasTotal: 2,
    })
  })

  test('[M11] a sealed machine never changes, whatever is done after', () => {
    const empty = emptyMachine(cpythonProfile('3.12'), recordedSystem([0x7f0000000000]))
    const first = machineMechanism.thaw(empty)
    machineMechanism.applyBatch(first, mallocs([0, 0]), 0, 2, new Emit())
    const sealed = machineMechanism.seal(first)
    const before = heapsOf(sealed).map(allocatorStats)
    const second = machineMechanism.thaw(sealed)
    machineMechanism.applyBatch(second, mallocs([0, 0, 1], 2), 0, 3, new Emit())
    machineMechanism.seal(second)
    expect(heapsOf(sealed).map(allocatorStats)).toEqual(before)
    expect(heapsOf(empty).map((heap) => allocatorStats(heap).arenas)).toEqual([0])
  })
})

describe('profiles', () => {
  test.each([
    [{ name: 'cpython', version: '3.11.7', pointerBits: 64 }, 'cpython-3.11'],
    [{ name: 'cpython', version: '3.8.18', pointerBits: 32 }, 'cpython-3.8-32'],
    [{ name: 'cpython', version: '3.15.0rc1', pointerBits: 64 }, 'cpython-3.15'],
    [{ name: 'cpython', version: '3.6.9', pointerBits: 64, alignmentBytes: 8 }, 'cpython-3.6-align8'],
    [{ name: 'cpython', version: '3.6.15', pointerBits: 64, alignmentBytes: 16 }, 'cpython-3.6'],
  ] as const)('[M9] the profile of %o is %s', (runtime, name) => {
    const profile = profileOfRuntime(runtime)
    expect(profile._tag === 'Right' && profile.right.name).toBe(name)
  })

  test('[M9] an unknown runtime or name is answered with the known ones', () => {
    for (const runtime of [
      { name: 'pypy', version: '3.11.7', pointerBits: 64 },
      { name: 'cpython', version: '2.7.18', pointerBits: 64 },
      { name: 'cpython', version: '3.99.0', pointerBits: 64 },
    ] as const) {
      const profile = profileOfRuntime(runtime)
      expect(profile._tag === 'Left' && profile.left).toMatch(/^no profile for .*cpython-3\.6, cpython-3\.7/)
    }
    const named = profileNamed('cpython-4')
    expect(named._tag === 'Left' && named.left).toMatch(/^no profile is called "cpython-4"; known are cpython-3\.6/)
  })
})
