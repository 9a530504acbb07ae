/** Claims 19 and 20: faults and good habits. */
import type { Scenario } from './scenario.ts'

export const FAULTS_AND_HABITS: readonly Scenario[] = [
  {
    row: 20,
    name: 'habits',
    topic: 'good habits',
    says: 'Fewer globals, fewer objects, reuse, and release by hand save memory.',
    truth:
      'Each does, where it lets go earlier of what is not needed; how much is seen by recording both ways. Recorded on CPython 3.13.2, 32-bit.',
    proof: [],
    steps: [
      { explains: 'Fewer globals: intermediate results end with their function.', pair: 'globals' },
      { explains: 'Fewer objects: two arrays instead of 300 objects.', pair: 'objects' },
      { explains: 'Reuse: one buffer for 40 steps.', pair: 'reuse' },
      { explains: 'Release by hand: the first table goes before the second comes.', pair: 'release' },
    ],
  },
]
