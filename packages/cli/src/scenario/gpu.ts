/** Claim 5: the CPU's memory and the GPU's. */
import { DEVICE_HARDWARE } from '@reheap/device-memory'
import { formatBytes } from '@reheap/kernel'
import type { Scenario } from './scenario.ts'

const GIGA = 1e9

/** Types of memory, each with one device that has it. */
const hardware = (): string =>
  [...DEVICE_HARDWARE.values()]
    .map(
      ({ name, memoryType, capacityBytes, memoryBandwidth }) =>
        `${name} ${formatBytes(capacityBytes)} ${memoryType} ${memoryBandwidth / GIGA} GB/s`,
    )
    .join('; ')

export const GPU: readonly Scenario[] = [
  {
    row: 5,
    name: 'gpu',
    topic: 'CPU and GPU',
    says: "RAM is the CPU's main memory, VRAM the GPU's own: fast, wide, of its own size and type (GDDR5, GDDR6 ...); the two work together.",
    truth: `So it is; HBM is a type of VRAM too. What they exchange goes over a link that is much slower than either. By the data sheets: ${hardware()}.`,
    proof: ['packages/device-memory/src/copy.test.ts'],
    steps: [
      {
        explains:
          'gpu.jsonl is a written example: 64 full HD images go from RAM to a GPU, are made float32 there, and come back. Pageable memory goes through a page-locked buffer, pinned memory directly: the same bytes take less than half the time. A copy inside of the GPU is faster by far. The times are a model, from the data sheet of an A100-80GB and shares of the link that are usual.',
        command: ['replay', 'gpu.jsonl', '--facts', '-'],
        only: /MemoryCopied/,
      },
      { explains: 'Process, RAM and GPU over the same events.', command: ['timeline', 'gpu.jsonl', '--height', '6'] },
    ],
  },
]
