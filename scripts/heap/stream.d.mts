import type * as HostMemory from '../../packages/host-memory/src/index.ts'
import type * as Kernel from '../../packages/kernel/src/index.ts'

export interface Answered {
  readonly line: string
  readonly answer: string
  readonly request: HostMemory.Request | null
}
export const HEAP_STREAM_KINDS: readonly string[]
export function parseHeapStream(text: string): readonly Answered[]
export function heapAnswers(
  host: typeof HostMemory,
  kernel: Pick<typeof Kernel, 'Emit' | 'EventColumns'>,
  stream: readonly Answered[],
  after?: (draft: HostMemory.AnyState) => void,
): readonly string[]
export function sectionsOf(text: string): readonly { readonly title: string; readonly text: string }[]
