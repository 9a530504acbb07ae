/** Claims 19 and 20: faults and good habits. */
import type { Scenario } from './scenario.ts'

export const FAULTS_AND_HABITS: readonly Scenario[] = [
  {
    row: 19,
    name: 'faults',
    topic: 'three faults',
    says: 'Leaks (never freed, held by a structure by mistake, cycles or wrong counts, files left open), slow-downs, running out of memory.',
    truth: 'Each is found by what it leaves in a log: who holds what, what was swapped, who was killed.',
    proof: [],
    steps: [
      {
        explains:
          'A leak: leak.py on CPython 3.13.2. `reheap leaks` names the list that keeps 40 requests by mistake, and the cycles that wait for a collector that is off.',
        command: ['leaks', 'leak.jsonl.gz', '--top', '2'],
      },
      {
        explains:
          'Files left open: files.py on CPython 3.13.2 opens a file twelve times and keeps each, and reads it twelve times in a `with`. Of these nothing is left; nothing of the others is garbage, and the list that holds them is named. The thirteenth is `notes`, which is closed.',
        command: ['leaks', 'files.jsonl.gz', '--type', '_io.FileIO', '--top', '2'],
      },
      {
        explains: 'What the twelve keep beside themselves: what was read of the file, its text, and the parts of a text file.',
        command: ['leaks', 'files.jsonl.gz', '--top', '5'],
        only: /^(type|held by a name|bytes|str|_io|IncrementalDecoder)/,
      },
      {
        explains: 'A slow-down: `reheap stats` on capacity.jsonl, when the process walks through more than fits into RAM.',
        command: ['stats', 'capacity.jsonl', '--until', '69'],
        only: /^(host|process|RAM|swap|slowed)/,
      },
      {
        explains: 'Out of memory: `reheap replay` says who was killed, when, and who held what.',
        command: ['replay', 'capacity.jsonl'],
        only: /^(out of memory|swap)/,
        status: 1,
      },
    ],
  },
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
