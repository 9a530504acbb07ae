/**
 * Bugs that somebody could make, two for each mechanism: one place of its sources, written otherwise.
 *
 * @type {readonly { mechanism: string, name: string, package: string, file: string, find: string, replace: string }[]}
 */
export const BUGS = [
  {
    mechanism: 'allocator',
    name: 'a full pool stays listed',
    package: 'allocator',
    file: 'apply.ts',
    find: 'if (next === 0) unlinkPool(s, pool, sizeClass)',
    replace: '',
  },
  {
    mechanism: 'allocator',
    name: 'a pool hands out its second block first',
    package: 'allocator',
    file: 'pool.ts',
    find: '  let place = geometry.firstUnit\n',
    replace: '  let place = geometry.firstUnit + units\n',
  },
  {
    mechanism: 'refcount',
    name: 'a name forgets what it was bound to',
    package: 'refcount',
    file: 'apply.ts',
    find: '  if (before !== NONE) lose(s, before)\n',
    replace: '',
  },
  {
    mechanism: 'refcount',
    name: 'a finalizer runs at every end',
    package: 'refcount',
    file: 'finalizer.ts',
    find: '  s.flags[row] &= ~FLAGS.finalizer\n',
    replace: '',
  },
  {
    mechanism: 'cycle-gc',
    name: 'a disabled collector collects',
    package: 'cycle-gc',
    file: 'run.ts',
    find: 'if (s.enabled === 0 && !runsDisabled) return',
    replace: 'if (runsDisabled) return',
  },
  {
    mechanism: 'cycle-gc',
    name: 'the youngest generation that is due is collected',
    package: 'cycle-gc',
    file: 'generational.ts',
    find: '  for (let generation = OLDEST; generation >= 0; generation--) {\n    if (figures',
    replace: '  for (let generation = 0; generation <= OLDEST; generation++) {\n    if (figures',
  },
  {
    mechanism: 'machine',
    name: 'the block of a dead object is not given back',
    package: 'machine',
    file: 'junction.ts',
    find: '    if (given >= 0) this.#ask(Free, cause, given, NO_ID, NOT_GIVEN)\n',
    replace: '',
  },
  {
    mechanism: 'machine',
    name: 'the bytes beside an object are not given back',
    package: 'machine',
    file: 'junction.ts',
    find: '      this.#ask(Free, cause, beside, NO_ID, NOT_GIVEN)\n',
    replace: '',
  },
  {
    mechanism: 'event-log',
    name: 'the bytes of a batch are not checked',
    package: 'event-log',
    file: 'batch-reader.ts',
    find: '  if (!hasChecksum(head, bodyChecksumAt, hash(body, 0n))) throw new Malformed(MISMATCH)\n',
    replace: '',
  },
]
