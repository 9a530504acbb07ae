/** Claims 6 to 8: units, data types, images. */
import type { Scenario } from './scenario.ts'

export const UNITS_AND_ARRAYS: readonly Scenario[] = [
  {
    row: 6,
    name: 'units',
    topic: 'units',
    says: 'Bit, byte, KB, MB ... YB, each 1024 times the one before.',
    truth:
      'Steps of 1024 are KiB, MiB ... YiB (IEC 80000-13); KB, MB ... YB step by 1000 (SI). Both are in use, so a number needs its unit. reheap prints binary units and reads both.',
    proof: ['packages/kernel/src/quantity.test.ts'],
    steps: [
      { explains: 'One TB is 8 * 10^12 bits.', command: ['units', '1TB', '--to', 'bits'] },
      { explains: 'One YiB is 2^80 bytes, more than a double holds exactly.', command: ['units', '1YiB', '--to', 'B'] },
      { explains: 'The same 1 TB in binary units.', command: ['units', '1TB', '--to', 'TiB'] },
      { explains: 'As the introduction counts, by a flag.', command: ['units', '1TB', '--to', 'B', '--steps', '1024'] },
    ],
  },
  {
    row: 7,
    name: 'dtypes',
    topic: 'data types',
    says: 'bool to uint64 have so many bits and bytes, and a "memory range", such as -128 to 127.',
    truth:
      'The range is one of values, not of memory: an int8 takes one byte whatever its value. A bool takes a whole byte in numpy, although one bit would do.',
    proof: ['packages/kernel/src/dtype.test.ts'],
    steps: [{ explains: 'Every dtype with its bytes and its exact range.', command: ['sizeof'] }],
  },
  {
    row: 8,
    name: 'image',
    topic: 'memory of an image',
    says: 'Width x height x channels x bytes per pixel.',
    truth: 'So it is, with the bytes of one channel of one pixel: an image of three channels of uint8 has three bytes a pixel.',
    proof: ['packages/kernel/src/dtype.test.ts'],
    steps: [
      { explains: 'A full HD image in RGB.', command: ['sizeof', '1080x1920x3', 'uint8'] },
      {
        explains: 'An allocation of that size in the simulation: it is far above 512 bytes, so pymalloc passes it on to the C library.',
        command: ['replay', 'image.jsonl', '--peaks'],
        only: /^(bytes|C library|held)/,
      },
      {
        explains: 'And what the C library does with it: it is above its threshold of 128 KiB, so it is mapped by itself.',
        command: ['trace-request', 'image.jsonl', '--index', '1', '--host', 'linux-x86_64'],
      },
    ],
  },
]
