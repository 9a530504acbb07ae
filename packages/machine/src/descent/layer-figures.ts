/** The live figures of every layer at one moment: what a pyramid shows. */
import { allocatorStats, sizeClassStats } from '@reheap/allocator'
import { deviceStats, openDevices } from '@reheap/device-memory'
import { processMemory, systemMemory } from '@reheap/host-memory'
import type { Sealed } from '@reheap/kernel'
import { liveBytes, objectCount } from '@reheap/refcount'
import { devicesOf, heapsOf, hostOf, objectsOf } from '../machine.ts'
import type { MachineState } from '../machine-draft.ts'
import { machineUsage } from '../usage.ts'

/** Figures of every layer. @unit bytes, unless the name says otherwise; null: the log does not reach there */
export interface LayerFigures {
  readonly objects: { readonly live: number; readonly bytes: number }
  readonly objectAllocator: {
    readonly liveBlocks: number
    readonly requestedBytes: number
    readonly blockBytes: number
    readonly pools: number
    readonly arenas: number
    readonly arenaBytes: number
  }
  /** What the object allocator passed on, and what the RAW domain asked for. */
  readonly rawAllocator: { readonly bytes: number }
  readonly cLibrary: { readonly heapBytes: number } | null
  readonly virtualMemory: { readonly mappedBytes: number } | null
  readonly physicalMemory: {
    readonly residentBytes: number
    readonly peakBytes: number
    readonly swapBytes: number
    readonly ramBytes: number
    readonly usedBytes: number
  } | null
  readonly devices: readonly {
    readonly device: number
    readonly allocatedBytes: number
    readonly reservedBytes: number
    readonly capacityBytes: number
  }[]
}

/** The process that a log is about. */
const PROCESS = 0

/** Figures of every layer of a machine, from objects down to RAM. */
export function layerFigures(state: Sealed<MachineState>): LayerFigures {
  const usage = machineUsage(state)
  const classes = heapsOf(state).flatMap((heap) => [...sizeClassStats(heap)])
  const sum = (figure: (row: (typeof classes)[number]) => number): number => classes.reduce((total, row) => total + figure(row), 0)
  const host = hostOf(state)
  const process = host && processMemory(host, PROCESS)
  const system = host && systemMemory(host)
  const devices = devicesOf(state)
  return {
    objects: { live: objectCount(objectsOf(state)), bytes: liveBytes(objectsOf(state)) },
    objectAllocator: {
      liveBlocks: sum(({ usedBlocks }) => usedBlocks),
      requestedBytes: usage.requestedBytes,
      blockBytes: usage.blockBytes,
      pools: sum(({ pools }) => pools),
      arenas: heapsOf(state).reduce((total, heap) => total + allocatorStats(heap).arenas, 0),
      arenaBytes: usage.arenaBytes,
    },
    rawAllocator: { bytes: usage.cLibraryBytes },
    cLibrary: process && { heapBytes: process.heapBytes },
    virtualMemory: process && { mappedBytes: process.vmsBytes },
    physicalMemory: process &&
      system && {
        residentBytes: process.rssBytes,
        peakBytes: process.peakBytes,
        swapBytes: process.swapBytes,
        ramBytes: system.total,
        usedBytes: system.used,
      },
    devices: openDevices(devices).map(({ device, capacityBytes }) => {
      const { allocatedBytes, reservedBytes } = deviceStats(devices, device)
      return { device, allocatedBytes, reservedBytes, capacityBytes }
    }),
  }
}
