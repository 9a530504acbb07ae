import type { Sealed } from '@reheap/kernel'
import {
  emptyHostMemory,
  type Fact,
  type HostMemoryProfile,
  type HostMemoryState,
  type HostSettings,
  hostMemoryProfile,
  hostMemoryReducer,
  type Request,
} from '../src/index.ts'

export const PAGE = 4096
export const LINUX = hostMemoryProfile('linux-x86_64') as HostMemoryProfile

/** A host with so many pages of RAM and swap, none of them used by anyone. */
export const tinyHost = (ramPages: number, swapPages = 0, settings: HostSettings = {}): HostMemoryProfile => ({
  ...LINUX,
  host: { ramBytes: ramPages * PAGE, swapBytes: swapPages * PAGE, romBytes: 0, systemBytes: 0, cacheBytes: 0, ...settings },
})

/** A host, asked one request after the other. */
export class Host {
  state: Sealed<HostMemoryState>

  constructor(profile: HostMemoryProfile = LINUX, settings: HostSettings = {}) {
    this.state = emptyHostMemory(profile, settings)
  }

  /** Facts of the requests. @throws if one is rejected */
  do(...requests: readonly Request[]): readonly Fact[] {
    return requests.flatMap((request) => {
      const answer = hostMemoryReducer.step(this.state, request)
      if (answer._tag === 'Left') throw new Error(`${answer.left.reason.kind}: ${answer.left.reason.message}`)
      this.state = answer.right.state
      return answer.right.emitted
    })
  }

  /** Kind of the rejection of a request; null: it is accepted. */
  refusal(request: Request): string | null {
    const answer = hostMemoryReducer.step(this.state, request)
    return answer._tag === 'Left' ? answer.left.reason.kind : null
  }

  map(mapping: number, pages: number, more: Partial<Extract<Request, { kind: 'MapMemory' }>> = {}): readonly Fact[] {
    return this.do({ kind: 'MapMemory', mapping, bytes: pages * PAGE, backing: 'anonymous', ...more })
  }

  touch(mapping: number, fromPage: number, pages: number, process = 0): readonly Fact[] {
    return this.do({ kind: 'TouchPages', mapping, from: fromPage * PAGE, bytes: pages * PAGE, process })
  }
}
