/** Claims 9 to 12 and 21: objects and their reference counts. */
import type { Scenario } from './scenario.ts'

export const OBJECTS: readonly Scenario[] = [
  {
    row: 9,
    name: 'objects',
    topic: 'allocation of objects',
    says: 'The manager picks a block by the size of an object; an object has data and references; allocation is always dynamic.',
    truth:
      'An object is a header (count and type), data and references. Blocks of up to 512 bytes come from pools of one size class each, larger ones from the C library.',
    proof: ['packages/allocator/test/recordings.test.ts'],
    steps: [
      {
        explains:
          'object.jsonl is a written example with the sizes of CPython 3.11: a list of two floats, and a bytes object of 600 bytes.',
        command: ['export', 'object.jsonl', '-o', '-'],
        only: /CreateObject|AddReference/,
      },
      {
        explains:
          'Each float gets a block of class 1 (32 bytes), the list one of class 4 (80 bytes), its items one of class 0; 600 bytes are passed on to the C library.',
        command: ['replay', 'object.jsonl', '--facts', '-'],
        only: /ObjectCreated|BlockPlaced|BlockPassedOn/,
      },
    ],
  },
  {
    row: 10,
    name: 'mechanisms',
    topic: 'the two mechanisms',
    says: 'Reference counting and the detection of cycles give memory back automatically.',
    truth: 'Counting frees at once whatever nobody holds any more; the cycle collector finds only what holds itself.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains:
          'deleting.py, recorded on CPython 3.13.2: the finalizers of two objects run with their last reference, at events 317 and 405; the ring waits for gc.collect() at event 513.',
        command: ['replay', 'deleting.jsonl.gz', '--facts', '-'],
        only: /CollectionStarted|CollectionFinished|FinalizerRan/,
      },
      { explains: 'The simulation frees what the real one freed, when it did.', command: ['verify', 'deleting.jsonl.gz'] },
    ],
  },
  {
    row: 11,
    name: 'counting',
    topic: 'reference count',
    says: 'The count starts at 0, goes up by one for each new reference and down by one for each that goes.',
    truth:
      'A new object starts at 1, held by whoever made it. sys.getrefcount holds its argument meanwhile, so it prints one more; from 3.14 on a call borrows a local variable and the one more is gone.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains:
          'counting.py on CPython 3.13.2: what sys.getrefcount printed, call by call (2, 3, 5, 4, 3, 2 in a function; 2, 3 at the top level).',
        command: ['export', 'counting.jsonl.gz', '-o', '-'],
        only: /"refcount"/,
      },
      { explains: 'Each of them is counted alike in the simulation.', command: ['verify', 'counting.jsonl.gz'] },
      {
        explains: 'The same program on 3.14.2: one less in the function.',
        command: ['export', 'counting-3.14.jsonl.gz', '-o', '-'],
        only: /"refcount"/,
      },
    ],
  },
  {
    row: 12,
    name: 'deleting',
    topic: 'del x and x = None',
    says: '`del x` frees at once, `x = None` waits for the collector.',
    truth:
      'Both drop one reference, and at 0 both free at once. Only a cycle waits for the collector. A block goes back to its pool, a pool, once empty, to its arena; the system gets nothing before a whole arena is empty.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains:
          'release.jsonl is a written example for 3.11: two lists of 50 items. Event 15 is `del x`, event 17 `y = None`: the same follows at once. The list dies and its own block waits in the free list of lists; the block of its items goes back to its pool.',
        command: ['replay', 'release.jsonl', '--facts', '-'],
        only: /"index":(15|17),/,
      },
      {
        explains: 'The arena is still mapped and the pages of its pools are still resident: event 17 on its way down.',
        command: ['trace-request', 'release.jsonl', '--index', '17', '--host', 'linux-x86_64'],
      },
      {
        explains:
          'The real order: in deleting.py "freed" stands before "after del" and before "after None" in every version from 3.8 to 3.15.',
        command: ['verify', 'deleting.jsonl.gz'],
      },
    ],
  },
  {
    row: 21,
    name: 'function-counts',
    topic: 'counts in a function',
    says: 'A list, a list that holds it, and a dict have their counts; after `= None` and `del` they are lower.',
    truth:
      'sys.getrefcount prints 3 2 2, then 2 2 after `second = None` and `del third`, on CPython 3.6 to 3.13; 2 1 1, then 1 1 on 3.14, whose calls borrow the argument. Of None it prints 4294967295 from 3.12 on: None is immortal.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains: 'function-counts.py recorded on CPython 3.13.2.',
        command: ['export', 'function-counts.jsonl.gz', '-o', '-'],
        only: /"refcount"/,
      },
      { explains: 'Replayed, every count is the same.', command: ['verify', 'function-counts.jsonl.gz'] },
      {
        explains: 'The same on 3.14.2.',
        command: ['export', 'function-counts-3.14.jsonl.gz', '-o', '-'],
        only: /"refcount"/,
      },
      { explains: 'And replayed under its rules.', command: ['verify', 'function-counts-3.14.jsonl.gz'] },
    ],
  },
]
