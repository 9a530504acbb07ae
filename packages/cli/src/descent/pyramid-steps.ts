/** The live figures of every layer in words. */
import { formatBytes } from '@reheap/kernel'
import type { LayerFigures } from '@reheap/machine'
import type { PyramidStep } from '../show/pyramid.ts'
import { counted } from '../show/table.ts'

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
