/** Claims 16 and 18: pools, and free lists of types. */
import type { Scenario } from './scenario.ts'

export const ALLOCATOR: readonly Scenario[] = [
  {
    row: 16,
    name: 'pools',
    topic: 'the memory pool',
    says: 'Blocks of fixed sizes in steps of 8 bytes are free, allocated or released, and reused without asking the system; memory may not go back.',
    truth:
      'Steps are 16 bytes on 64-bit builds (3.6.15 and all later ones), 8 on 32-bit ones. Freed blocks are used again, the last one first. An arena goes back only when all its pools are empty: one block keeps it.',
    proof: [],
    steps: [
      {
        explains: 'pools.py on CPython 3.11.7: 6,000 bytes objects of 503 bytes, then all but one are freed, then 1,500 new ones.',
        command: ['timeline', 'pools.jsonl.gz', '--height', '8'],
      },
      {
        explains: 'While all are alive (at the mark "full").',
        command: ['replay', 'pools.jsonl.gz', '--until', '38783'],
        only: /blocks of pools|^arenas|mapped in all/,
      },
      {
        explains:
          'After `del`: one arena of five went back. Two are kept by a single block each, one of them the survivor; 3.9 and later keep an empty one that is the last with room.',
        command: ['stats', 'pools.jsonl.gz', '--until', '44787', '--pins', '2'],
        only: /^(arenas {2}|external|[0-9]+ arenas|0x|arena 0x| +arena)/,
      },
      {
        explains: 'The 1,500 new ones fit into what is mapped: no arena was asked of the system for them.',
        command: ['replay', 'pools.jsonl.gz', '--until', '48821'],
        only: /blocks of pools|^arenas|mapped in all/,
      },
      { explains: 'Every address and arena is that of the real run.', command: ['verify', 'pools.jsonl.gz'] },
    ],
  },
  {
    row: 18,
    name: 'free-lists',
    topic: 'pools of their own for types',
    says: 'int, float, list, dict each keep their freed objects; what an int has freed a float cannot use.',
    truth:
      'Exact types keep free lists: float, list, dict, tuples by their length, and some more. An int has none up to 3.13: its block goes back to pymalloc, and a float of the same size class may get it. The maxima differ by version.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains: 'free-lists.py on CPython 3.13.2: three rounds of lists, dicts, tuples and floats.',
        command: ['stats', 'free-lists.jsonl.gz'],
        only: /^(free list|float|list|dict|tuple|int|builtinMethod) /,
      },
      {
        explains: 'The same objects under the rules of 3.14.2, which keeps bound methods of C types too.',
        command: ['stats', 'free-lists.jsonl.gz', '--profile', 'cpython-3.14.2-32'],
        only: /^(free list|float|list|dict|tuple|int|builtinMethod) /,
      },
      { explains: 'Which object took its memory from a free list is observed too.', command: ['verify', 'free-lists.jsonl.gz'] },
    ],
  },
]
