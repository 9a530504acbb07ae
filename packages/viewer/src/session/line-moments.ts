/** What the memory was when lines of a program had run. */
import { generationCounts } from '@reheap/cycle-gc'
import { collectorOf, machineAllocatedBlocks } from '@reheap/machine'
import type { LineMoment } from './explore-messages.ts'
import type { PythonSession } from './python-session.ts'
import type { Steps } from './steps.ts'

/** The moments behind these events, in their order. */
export function* lineMoments(session: PythonSession, events: readonly number[]): Steps<readonly LineMoment[]> {
  const moments: LineMoment[] = []
  for (const at of events) {
    moments.push(
      session.read(at, (state) => ({ at, allocatedBlocks: machineAllocatedBlocks(state), counts: generationCounts(collectorOf(state)) })),
    )
    yield
  }
  return moments
}
