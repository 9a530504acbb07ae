/**
 * Layouts, bytes, references and lifetimes (further births while held from outside) of 3962 objects.
 *
 * @source packages/cli/test/fixtures/sessions.jsonl.gz
 * @source packages/cli/scenarios/cycles.jsonl.gz
 * @source packages/cli/scenarios/files.jsonl.gz
 * @source packages/cli/scenarios/leak.jsonl.gz
 * @source packages/cli/scenarios/objects-before.jsonl.gz
 * Measured by scripts/measure-streams.mjs.
 */
export const RECORDED_OBJECTS = {
  layouts: [
    {
      layout: 'list',
      weight: 1651,
      parts: [
        { bytes: 28, lives: [0, 0, 0, 0, 0, 0, 0, 10] },
        { bytes: 28, lives: [0, 0, 0, 0, 0, 0, 0, 10] },
        { bytes: 28, lives: [0, 0, 0, 0, 0, 0, 0, 10] },
        { bytes: 28, lives: [0, 0, 0, 0, 0, 1, 2, 2] },
      ],
      degrees: [0, 0, 0, 0, 0, 0, 1, 10],
      reaches: [-1, 2, 3, 5, 7, 9, 12, 375],
    },
    {
      layout: 'plain',
      weight: 1115,
      parts: [
        { bytes: 16, lives: [0, 0, 1, 1, 1, 1, 2, 4] },
        { bytes: 16, lives: [1, 1, 1, 1, 1, 1, 1, 2] },
        { bytes: 20, lives: [1, 1, 1, 1, 11, 11, 11, 11] },
        { bytes: 27, lives: [0, 0, 0, 1, 3, 5, 6, null] },
      ],
      degrees: [0, 0, 0, 0, 0, 0, 0, 0],
      reaches: [],
    },
    {
      layout: 'instance',
      weight: 505,
      parts: [
        { bytes: 44, lives: [0, 0, 0, 0, 0, 0, 0, 0] },
        { bytes: 44, lives: [0, 0, 0, 0, 0, 0, 0, 0] },
        { bytes: 48, lives: [0, 0, 0, 0, 0, 0, 0, 0] },
        { bytes: 104, lives: [0, 0, 0, 0, 0, 0, 4, 4] },
      ],
      degrees: [2, 2, 2, 2, 2, 3, 3, 3],
      reaches: [-664, -367, -143, -2, -1, -1, 0, 3],
    },
    {
      layout: 'tuple',
      weight: 281,
      parts: [
        { bytes: 24, lives: [1, 1, 1, 1, 1, 1, 3, 10] },
        { bytes: 28, lives: [0, 0, 0, 1, 1, 1, 1, 2] },
        { bytes: 28, lives: [0, 0, 0, 1, 1, 1, 1, 2] },
        { bytes: 36, lives: [0, 1, 7, 7, 7, 10, 10, 10] },
      ],
      degrees: [0, 0, 0, 1, 1, 1, 2, 2],
      reaches: [-9, -8, -2, -1, -1, -1, -1, 1],
    },
    {
      layout: 'gcOther',
      weight: 175,
      parts: [
        { bytes: 36, lives: [0, 0, 6, 18, 18, 18, 18, 18] },
        { bytes: 68, lives: [0, 0, 0, 1, 2, 2, 2, 2] },
        { bytes: 96, lives: [0, 1, 1, 1, 1, 1, 2, 10] },
        { bytes: 128, lives: [10, 12, 12, 12, 12, 12, 12, 12] },
      ],
      degrees: [0, 0, 1, 1, 1, 1, 1, 9],
      reaches: [-12, -10, -2, -1, 1, 8, 10, 22],
    },
    {
      layout: 'builtinMethod',
      weight: 84,
      parts: [
        { bytes: 36, lives: [0, 0, 1, 1, 1, 2, 3, 3] },
        { bytes: 36, lives: [0, 0, 0, 0, 0, 1, 2, 3] },
        { bytes: 36, lives: [0, 0, 0, 1, 1, 14, 14, 14] },
        { bytes: 36, lives: [0, 0, 1, 1, 1, 4, 14, 14] },
      ],
      degrees: [0, 0, 0, 0, 1, 1, 1, 1],
      reaches: [-12, -12, -11, -11, -11, -11, -11, -10],
    },
    {
      layout: 'dict',
      weight: 72,
      parts: [
        { bytes: 40, lives: [0, 0, 0, 0, 11, 12, 12, 12] },
        { bytes: 40, lives: [0, 0, 0, 0, 12, 12, 12, 12] },
        { bytes: 40, lives: [0, 0, 0, 0, 12, 12, 12, 12] },
        { bytes: 40, lives: [0, 0, 0, 0, 0, 0, 11, 15] },
      ],
      degrees: [0, 0, 0, 0, 0, 0, 2, 4],
      reaches: [-12, -6, -6, -3, -1, 3, 231, 1131],
    },
    {
      layout: 'slots',
      weight: 24,
      parts: [
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
      ],
      degrees: [1, 1, 1, 1, 1, 1, 1, 1],
      reaches: [-2, -2, -2, -2, -2, -2, -2, -2],
    },
    {
      layout: 'slice',
      weight: 24,
      parts: [
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
        { bytes: 28, lives: [2, 2, 2, 2, 2, 2, 2, 2] },
      ],
      degrees: [0, 0, 0, 0, 0, 0, 0, 0],
      reaches: [],
    },
    {
      layout: 'function',
      weight: 19,
      parts: [
        { bytes: 80, lives: [0, 0, 0, 0, 17, 17, null, null] },
        { bytes: 80, lives: [0, 0, 0, 0, 0, null, null, null] },
        { bytes: 80, lives: [0, 0, 0, 2, 2, 17, null, null] },
        { bytes: 80, lives: [0, 0, 0, 2, 2, 17, null, null] },
      ],
      degrees: [0, 0, 0, 0, 0, 0, 0, 0],
      reaches: [],
    },
    {
      layout: 'type',
      weight: 3,
      parts: [
        { bytes: 492, lives: [10, 10, 10, 10, 10, 10, 10, 10] },
        { bytes: 492, lives: [10, 10, 10, 10, 10, 10, 10, 10] },
        { bytes: 492, lives: [10, 10, 10, 10, 10, 10, 10, 10] },
      ],
      degrees: [3, 3, 3, 3, 3, 3, 3, 3],
      reaches: [-2, -2, -2, -1, -1, 1, 1, 1],
    },
    {
      layout: 'weakref',
      weight: 3,
      parts: [
        { bytes: 40, lives: [null, null, null, null, null, null, null, null] },
        { bytes: 40, lives: [null, null, null, null, null, null, null, null] },
        { bytes: 40, lives: [null, null, null, null, null, null, null, null] },
      ],
      degrees: [0, 0, 0, 0, 0, 0, 0, 0],
      reaches: [],
    },
    {
      layout: 'listIterator',
      weight: 2,
      parts: [
        { bytes: 24, lives: [1, 1, 1, 1, 1, 1, 1, 1] },
        { bytes: 24, lives: [1, 1, 1, 1, 1, 1, 1, 1] },
      ],
      degrees: [1, 1, 1, 1, 1, 1, 1, 1],
      reaches: [-933, -933, -933, -933, -646, -646, -646, -646],
    },
    {
      layout: 'generator',
      weight: 2,
      parts: [
        { bytes: 100, lives: [0, 0, 0, 0, 0, 0, 0, 0] },
        { bytes: 100, lives: [1, 1, 1, 1, 1, 1, 1, 1] },
      ],
      degrees: [15, 15, 15, 15, 303, 303, 303, 303],
      reaches: [-622, -546, -470, -390, -312, -232, -152, -42],
    },
    {
      layout: 'cMethod',
      weight: 1,
      parts: [{ bytes: 40, lives: [0, 0, 0, 0, 0, 0, 0, 0] }],
      degrees: [1, 1, 1, 1, 1, 1, 1, 1],
      reaches: [-9, -9, -9, -9, -9, -9, -9, -9],
    },
    {
      layout: 'tupleIterator',
      weight: 1,
      parts: [{ bytes: 24, lives: [0, 0, 0, 0, 0, 0, 0, 0] }],
      degrees: [0, 0, 0, 0, 0, 0, 0, 0],
      reaches: [],
    },
  ],
} as const
