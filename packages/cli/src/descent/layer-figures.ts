/** The live figures of every layer at one moment: what a pyramid shows. */
import { allocatorStats, sizeClassStats } from '@reheap/allocator'
import { deviceStats, openDevices } from '@reheap/device-memory'
import { processMemory, systemMemory } from '@reheap/host-memory'
import { formatBytes, type Sealed } from '@reheap/kernel'
import { devicesOf, heapsOf, hostOf, type MachineState, machineUsage, objectsOf } from '@reheap/machine'
import { liveBytes, objectCount } from '@reheap/refcount'
import type { PyramidStep } from '../show/pyramid.ts'
import { counted } from '../show/table.ts'

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

/** The layers of the host by what stands there where the log does not reach them. */
const NOT_FOLLOWED = 'not followed; give --host linux-x86_64'

/** The figures as the steps of a pyramid, objects on top. */
export function pyramidSteps({ objects, objectAllocator: blocks, rawAllocator, ...below }: LayerFigures): readonly PyramidStep[] {
  const { cLibrary, virtualMemory, physicalMemory: ram } = below
  const swapped = ram === null || ram.swapBytes === 0 ? '' : `, ${formatBytes(ram.swapBytes)} in swap`
  return [
    { layer: '3', name: 'objects', figures: `${counted(objects.live, 'object')}, ${formatBytes(objects.bytes)}` },
    {
      layer: '2',
      name: 'object allocator',
      figures: `${counted(blocks.liveBlocks, 'block')} of ${formatBytes(blocks.blockBytes)} in ${counted(blocks.pools, 'pool')} of ${counted(blocks.arenas, 'arena')}`,
    },
    { layer: '1', name: 'raw allocator', figures: `${formatBytes(rawAllocator.bytes)} passed on` },
    { layer: '0', name: 'C library', figures: cLibrary === null ? NOT_FOLLOWED : `heap of ${formatBytes(cLibrary.heapBytes)}` },
    {
      layer: '-1',
      name: 'virtual memory',
      figures: virtualMemory === null ? NOT_FOLLOWED : `${formatBytes(virtualMemory.mappedBytes)} mapped`,
    },
    {
      layer: '-2',
      name: 'physical memory',
      figures:
        ram === null
          ? NOT_FOLLOWED
          : `${formatBytes(ram.residentBytes)} resident${swapped}; ${formatBytes(ram.usedBytes)} of ${formatBytes(ram.ramBytes)} RAM used`,
    },
  ]
}

/** One line for each GPU beside the pyramid. */
export const deviceLines = ({ devices }: LayerFigures): readonly string[] =>
  devices.map(
    ({ device, allocatedBytes, reservedBytes, capacityBytes }) =>
      `GPU ${device}: ${formatBytes(allocatedBytes)} allocated, ${formatBytes(reservedBytes)} reserved of ${formatBytes(capacityBytes)}`,
  )
