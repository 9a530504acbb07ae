/** Claims 1 to 4, 17, 23 and 24: the machine's memory and the pyramid. */
import { introductionArray, introductionSystem, memoryTable, ownersTable, pagingTable } from './moments.ts'
import type { Scenario } from './scenario.ts'

export const MACHINE: readonly Scenario[] = [
  {
    row: 1,
    name: 'ram',
    topic: 'RAM',
    says: 'RAM is volatile, random access, fast, and of limited capacity; its content is lost at power-off.',
    truth:
      'So it is. What lay in swap and in ROM is still there, but without what RAM held nobody can use the swap: a process does not come back.',
    proof: [],
    steps: [
      {
        explains:
          'ram.jsonl is a written example: a machine of 256 MiB with 128 MiB of swap, and a process of 200 MiB when the power goes.',
        log: 'ram.jsonl',
        moments: [
          ['before the power goes', 6],
          ['off', 8],
          ['on again', 11],
        ],
        show: memoryTable,
      },
      { explains: 'What was lost.', command: ['replay', 'ram.jsonl', '--facts', '-'], only: /PowerLost|ProcessEnded/ },
    ],
  },
  {
    row: 2,
    name: 'capacity',
    topic: 'capacity',
    says: 'It is the most that programs and data may hold at one time; above it the machine slows down as it pages to disk, and may crash.',
    truth:
      'Below capacity nothing is swapped. Above it pages go to the swap device and come back when they are touched; a program that walks through more than fits pays for every page each time (thrashing). When RAM and swap are full the kernel kills the largest process: the machine itself goes on.',
    proof: [],
    steps: [
      {
        explains:
          'capacity.jsonl is a written example: a machine of 1 GiB RAM and 512 MiB swap, of which the system has 256 MiB. A process takes blocks of 64 MiB, walks through them twice, and takes more. The times are an estimate, for a solid-state disk.',
        log: 'capacity.jsonl',
        moments: [
          ['8 blocks: up to capacity', 19],
          ['16 blocks: above it', 36],
          ['walked through twice', 69],
          ['more than RAM and swap', 86],
        ],
        show: pagingTable,
      },
      {
        explains: 'The picture: from c to d the process only walks through what it has.',
        command: ['timeline', 'capacity.jsonl', '--height', '8'],
      },
      { explains: 'The end, with exit status 1.', command: ['replay', 'capacity.jsonl'], only: /out of memory|slowed/, status: 1 },
    ],
  },
  {
    row: 3,
    name: 'owners',
    topic: 'who uses it',
    says: 'The operating system, running programs, open data, caches.',
    truth:
      'So it is. The page cache takes what is free and gives way before anything is swapped, so a machine whose RAM is nearly full may have much available.',
    proof: [],
    steps: [
      {
        explains:
          'owners.jsonl is a written example: a system of 200 MiB on a machine of 1 GiB, 300 MiB of files that were read, then two processes that grow.',
        log: 'owners.jsonl',
        moments: [
          ['system only', 2],
          ['files read', 4],
          ['two processes', 10],
          ['the cache gives way', 13],
          ['swapping', 16],
          ['process 1 has ended', 18],
        ],
        show: ownersTable,
      },
    ],
  },
  {
    row: 4,
    name: 'monitor',
    topic: 'looking at it',
    says: 'Total, used, free, share in per cent; the current and the peak size of the process.',
    truth:
      "psutil's names are total, available, percent, used, free, buffers, cached, and rss and vms of a process. Its peak is peak_wset on Windows, VmHWM or ru_maxrss on Linux. Free is not what a program can have: available is. In psutil 7.2 used is total - available; up to 7.0 it was total - free - cached - buffers.",
    proof: ['packages/cli/src/monitor/proc.test.ts', 'packages/cli/test/monitor.test.ts'],
    steps: [
      {
        explains:
          'One look at the machine of the claim before, under those names. On a terminal it is a live screen; `reheap monitor --pid PID` shows the same of a real process.',
        command: ['replay', 'owners.jsonl', '--until', '13', '--monitor', '--speed', 'max'],
      },
      {
        explains: 'The same in full.',
        command: ['replay', 'owners.jsonl', '--until', '13'],
        only: /^(host|process|RAM|swap)/,
      },
    ],
  },
  {
    row: 17,
    name: 'pyramid',
    topic: 'the pyramid',
    says: 'Layers -2 physical memory and swap, ROM; -1 virtual memory; 0 malloc and free; 1 raw allocator; 2 object allocator; 3 objects.',
    truth: 'So it is. The border between 1 and 2 is 512 bytes; 256 KiB is the size of an arena up to 3.9, 1 MiB from 3.10 on.',
    proof: [],
    steps: [
      {
        explains: 'A list is born in object.jsonl: it takes a block of a pool that has to be opened, in an arena that is there.',
        command: ['trace-request', 'object.jsonl', '--index', '8', '--host', 'linux-x86_64'],
      },
      {
        explains:
          'The list of pools.py outgrows its block of 46 KiB: nothing for pymalloc, so the request goes down to the heap of the C library.',
        command: ['trace-request', 'pools.jsonl.gz', '--index', '38446', '--host', 'linux-x86_64'],
      },
    ],
  },
  {
    row: 23,
    name: 'system',
    topic: 'system and process memory',
    says: 'A script prints total, used and free memory, and the current and peak size of its process: 63.75, 9.00 and 54.75 GB; 0.0151 GB twice.',
    truth: 'Two of the names in the script are wrong, so it cannot run as it is printed. Its GB are GiB.',
    proof: [],
    steps: [
      {
        explains: 'system.jsonl is a written example: a machine of that size, of which so much is used, with a process of that size.',
        log: 'system.jsonl',
        moments: [['the script asks', 4]],
        show: introductionSystem,
      },
    ],
  },
  {
    row: 24,
    name: 'array',
    topic: 'releasing an array',
    says: 'A 400 x 500 x 600 int32 array: 29.73 MB at the start, 487.60 with the array, 487.61 and at most 602.06 after `array[array <= 2800] = 0`, 29.85 after `= None` and gc.collect().',
    truth:
      'The array is 480,000,000 bytes, 457.76 MiB; the mask of the comparison 120,000,000 bytes, 114.44 MiB, which explains the peak. `= None` alone gives them back: gc.collect() has nothing to do.',
    proof: [],
    steps: [
      { explains: 'The array.', command: ['sizeof', '400x500x600', 'int32'] },
      { explains: 'The mask.', command: ['sizeof', '400x500x600', 'bool'] },
      {
        explains:
          'array-introduction.jsonl is a written example: a process of 29.73 MiB makes the array, the mask, and lets them go. The other figures follow from the rules of the C library and of the kernel; each is within 1 % of what the introduction printed.',
        log: 'array-introduction.jsonl',
        moments: [
          ['start', 4],
          ['with the array', 7],
          ['after the mask', 12],
          ['released', 14],
        ],
        show: introductionArray,
      },
      {
        explains:
          'array.py really run: array.jsonl.gz is a recording of CPython 3.11.7 with numpy 2.4.6 on Linux, with every call of the C library and every map. The program itself read from /proc: at the start 27.02 MB now, 27.05 MB at most; with the array 490.99, 490.99; after the mask 491.11, 605.44; released 33.35, 605.44. What stays after the release is numpy.random, which was loaded meanwhile. The simulation gives, from the log alone:',
        log: 'array.jsonl.gz',
        moments: [
          ['start', 434_901],
          ['with the array', 466_075],
          ['after the mask', 466_413],
          ['released', 466_927],
        ],
        show: introductionArray,
      },
      { explains: 'And every size that was sampled in between, and every address of pymalloc.', command: ['verify', 'array.jsonl.gz'] },
    ],
  },
]
