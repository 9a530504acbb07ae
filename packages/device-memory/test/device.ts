import type { Sealed } from '@reheap/kernel'
import {
  type DeviceMemoryOptions,
  type DeviceMemoryState,
  deviceMemoryReducer,
  emptyDeviceMemory,
  type Fact,
  pytorchProfile,
  type Request,
} from '../src/index.ts'

export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB

/** An allocator with one opened device, as a program would use it. */
export class Device {
  state: Sealed<DeviceMemoryState>

  constructor(version = '2.11', options: DeviceMemoryOptions & { readonly capacityBytes?: number } = {}) {
    this.state = emptyDeviceMemory(pytorchProfile(version), options)
    this.do({ kind: 'DeviceOpened', device: 0, capacityBytes: options.capacityBytes ?? GIB, contextBytes: 0 })
  }

  /** Facts of a request. @throws if it is rejected */
  do(request: Request): readonly Fact[] {
    const answer = deviceMemoryReducer.step(this.state, request)
    if (answer._tag === 'Left') throw new Error(`${answer.left.reason.kind}: ${answer.left.reason.message}`)
    this.state = answer.right.state
    return answer.right.emitted
  }

  /** Address of a new block; null: out of memory. */
  malloc(block: number, bytes: number, stream = 0, device = 0): number | null {
    const fact = this.do({ kind: 'DeviceMalloc', block, device, stream, bytes }).find(({ kind }) => kind === 'BlockAllocated')
    return fact?.kind === 'BlockAllocated' ? fact.address : null
  }

  free(...blocks: number[]): readonly Fact[] {
    return blocks.flatMap((block) => this.do({ kind: 'DeviceFree', block }))
  }

  configure(settings: string): readonly Fact[] {
    return this.do({ kind: 'Configure', settings })
  }
}

/** Kinds of facts, with their bytes in MiB where they are about segments. */
export const kinds = (facts: readonly Fact[]): readonly string[] =>
  facts.map((fact) => (fact.kind.startsWith('Segment') && 'bytes' in fact ? `${fact.kind} ${fact.bytes / MIB}` : fact.kind))
