/** Claims 13 to 15 and 22: the cycle collector. */
import type { Scenario } from './scenario.ts'

export const COLLECTOR: readonly Scenario[] = [
  {
    row: 13,
    name: 'triggers',
    topic: 'when the collector runs',
    says: 'By hand with gc.collect(); automatically by generations, not by the clock. It costs time, so it should not be called often.',
    truth:
      'A collection is due when more container objects were made than went since the last one, by more than the threshold. Its cost goes with the objects that it visits: by hand it visits all of them.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains:
          'triggers.py on CPython 3.13.2 with thresholds 100, 5, 5: five collections that the count called (101 is above 100), then one by hand.',
        command: ['replay', 'triggers.jsonl.gz', '--facts', '-'],
        only: /CollectionStarted|CollectionFinished/,
      },
      { explains: 'All of them are as they were observed.', command: ['verify', 'triggers.jsonl.gz'] },
      {
        explains: 'What a lower threshold would cost: more collections, and less garbage that waits.',
        command: ['whatif', 'triggers.jsonl.gz', '--vary', 'gc.threshold0=50'],
        only: /collections|gc\.threshold0=50 +\d+ +\d+ +\d|recorded\) +\d+ +\d+ +\d|Pauses/,
      },
    ],
  },
  {
    row: 14,
    name: 'cycles',
    topic: 'reference cycles',
    says: 'Objects that refer to each other never reach 0; without cycle detection they would leak.',
    truth: 'So it is. With the collector off they leak; the question "leak or only late?" has an answer for every byte.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains: 'cycles.py on CPython 3.13.2 with the collector off, just before gc.collect() at event 2,831.',
        command: ['leaks', 'cycles.jsonl.gz', '--at', '2831', '--top', '2'],
      },
      { explains: 'At its end, after the collections by hand.', command: ['leaks', 'cycles.jsonl.gz', '--top', '2'] },
      {
        explains: 'The picture: what is live and unreachable grows until the collection.',
        command: ['timeline', 'cycles.jsonl.gz', '--height', '6'],
      },
    ],
  },
  {
    row: 15,
    name: 'generations',
    topic: 'generations',
    says: 'There are generations 0, 1, 2; new objects are in 0, survivors move up; 0 is always scanned, older ones after several runs of the younger.',
    truth:
      'Each generation has a count and a threshold. Generation 2 waits besides until what has newly come of age is more than a quarter of what is old. 3.14.0 to 3.14.4 had another collector, of two generations.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains: 'generations.py on CPython 3.13.2: a ring survives collections of 0 and 1, and is found in 2.',
        command: ['replay', 'generations.jsonl.gz', '--facts', '-'],
        only: /CollectionStarted|CollectionFinished/,
      },
      {
        explains: 'The generations at the end, with counts, thresholds and what each has collected.',
        command: ['stats', 'generations.jsonl.gz'],
        only: /^(generation| +[012] )/,
      },
      { explains: 'Real and simulated figures are the same.', command: ['verify', 'generations.jsonl.gz'] },
    ],
  },
  {
    row: 22,
    name: 'thresholds',
    topic: 'setting the thresholds',
    says: 'gc.set_threshold(700, 10, 5) sets how often each generation is collected.',
    truth: 'So it does. Its effect depends on the program, and can be asked before it is deployed.',
    proof: ['packages/recorder/test/wasm/claims.test.ts'],
    steps: [
      {
        explains: 'thresholds.py on CPython 3.13.2: the call is a request of the log.',
        command: ['export', 'thresholds.jsonl.gz', '-o', '-'],
        only: /Thresholds|DisableCollector|EnableCollector/,
      },
      { explains: 'The replay obeys it as the real one did.', command: ['verify', 'thresholds.jsonl.gz'] },
      {
        explains: 'The same program had it not switched the collector off: under 700, 10, 5 it collects by itself.',
        command: ['whatif', 'thresholds.jsonl.gz', '--vary', 'gc.enabled=true'],
        only: /collections|gc\.enabled=true +\d+ +\d+ +\d|recorded\) +\d+ +\d+ +\d/,
      },
    ],
  },
]
