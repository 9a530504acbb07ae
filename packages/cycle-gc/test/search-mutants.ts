import type { Mutation } from '../../../scripts/tests/workshop.ts'

/** Wrong rules of generations, of the search and of what becomes of garbage that a reader of gcmodule.c could believe in. */
export const SEARCH_MUTANTS: readonly Mutation[] = [
  {
    name: 'the younger lists come first',
    rule: 'G14',
    file: 'generational.ts',
    find: `  splice(s, LISTS.generation0 + generation, LISTS.region)
  for (let younger = 0; younger < generation; younger++) splice(s, LISTS.generation0 + younger, LISTS.region)`,
    replace: `  for (let younger = 0; younger <= generation; younger++) splice(s, LISTS.generation0 + younger, LISTS.region)`,
  },
  {
    name: 'only the generation itself is looked at',
    rule: 'G14',
    file: 'generational.ts',
    find: '  for (let younger = 0; younger < generation; younger++) splice(s, LISTS.generation0 + younger, LISTS.region)\n',
    replace: '',
  },
  {
    name: 'lists and tuples are gone through forwards',
    rule: 'G16',
    file: 'trial-deletion.ts',
    find: 'const isBackwards = (bits & visitsBackwards) !== 0',
    replace: 'const isBackwards = false',
  },
  {
    name: 'what is reached late comes back to the front',
    rule: 'G16',
    file: 'trial-deletion.ts',
    find: `  removeFrom(s, unreachable, row)
  append(s, region, row)`,
    replace: `  removeFrom(s, unreachable, row)
  const rest: number[] = []
  for (let other = s.head[region]; other !== NONE; other = s.head[region]) {
    removeFrom(s, region, other)
    rest.push(other)
  }
  for (const other of [row, ...rest]) append(s, region, other)`,
  },
  {
    name: 'survivors go straight to the oldest generation',
    rule: 'G17',
    file: 'generational.ts',
    find: '(isFull ? OLDEST : generation + 1)',
    replace: 'OLDEST',
  },
  {
    name: '3.12 untracks objects of fixed count',
    rule: 'G18',
    file: 'profile.ts',
    find: "immortals: minor < 14 ? 'permanent'",
    replace: "immortals: minor < 12 ? 'permanent'",
  },
  {
    name: 'tuples are untracked by full collections only',
    rule: 'G19',
    file: 'generational.ts',
    find: 'if (untracksTuples && (',
    replace: 'if (isFull && untracksTuples && (',
  },
  {
    name: 'a tuple inside a tuple keeps it tracked',
    rule: 'G19',
    file: 'untracking.ts',
    find: '(bits & gc) !== 0 && ((bits & tuple) === 0 || s.list[row] !== LISTS.untracked)',
    replace: '(bits & gc) !== 0',
  },
  {
    name: 'dicts are untracked by every collection',
    rule: 'G20',
    file: 'generational.ts',
    find: 'if (isFull && untracksDicts && (',
    replace: 'if (untracksDicts && (',
  },
  {
    name: '3.15 untracks dicts',
    rule: 'G20',
    file: 'profile.ts',
    find: 'untracksDicts: minor < 14',
    replace: 'untracksDicts: true',
  },
  {
    name: 'called weak references go back to the youngest generation',
    rule: 'G21',
    file: 'garbage.ts',
    find: 'if (s.head[callbacks] === weak) move(s, weak, into)',
    replace: 'if (s.head[callbacks] === weak) move(s, weak, LISTS.generation0)',
  },
  {
    name: 'an untracked weak reference is called and not tracked again',
    rule: 'G21',
    file: 'garbage.ts',
    find: 'append(s, callbacks, weak)',
    replace: 's.work.editor.callBack(weak)',
  },
  {
    name: 'weak references inside the garbage are called too',
    rule: 'G21',
    file: 'garbage.ts',
    find: 'if ((bits & (weaklyReferenced | legacyFinalizer)) !== 0) mark(s)',
    replace: 'if ((bits & legacyFinalizer) !== 0) mark(s)',
  },
  {
    name: '3.14 clears weak references after the finalizers',
    rule: 'G22',
    file: 'profile.ts',
    find: "weakReferences: minor < 15 ? 'clearedEarly'",
    replace: "weakReferences: minor < 14 ? 'clearedEarly'",
  },
  {
    name: 'finalizers run from the end of the list',
    rule: 'G23',
    file: 'garbage.ts',
    find: `  for (let row = s.head[unreachable]; row !== NONE; row = s.head[unreachable]) {
    removeFrom(s, unreachable, row)
    append(s, seen, row)`,
    replace: `  for (let row = s.tail[unreachable]; row !== NONE; row = s.tail[unreachable]) {
    removeFrom(s, unreachable, row)
    append(s, seen, row)`,
  },
  {
    name: 'garbage is not looked at again behind the finalizers',
    rule: 'G24',
    file: 'garbage.ts',
    find: 'if (isFinalized) {',
    replace: 'if (isFinalized && bits === 0) {',
  },
  {
    name: '3.9 lets all garbage live on',
    rule: 'G24',
    file: 'profile.ts',
    find: "minor < 9 ? 'savesAll' : 'savesReachable'",
    replace: "minor < 10 ? 'savesAll' : 'savesReachable'",
  },
  {
    name: '3.8 lets live on what is reachable',
    rule: 'G25',
    file: 'profile.ts',
    find: "minor < 9 ? 'savesAll' : 'savesReachable'",
    replace: "minor < 8 ? 'savesAll' : 'savesReachable'",
  },
  {
    name: 'what an old-style finalizer leads to is collected',
    rule: 'G27',
    file: 'garbage.ts',
    find: '      move(s, to, legacyFinalizers)\n',
    replace: '      if (to < 0) move(s, to, legacyFinalizers)\n',
  },
  {
    name: 'all uncollectable objects go into gc.garbage',
    rule: 'G27',
    file: 'garbage.ts',
    find: 'if (s.saveAll === 1 || (flags[row] & legacyFinalizer) !== 0) keepInGarbage',
    replace: 'keepInGarbage',
  },
  {
    name: 'what DEBUG_SAVEALL keeps is not counted',
    rule: 'G28',
    file: 'garbage.ts',
    find: '  s.work.collected += s.size[unreachable]\n  deleteGarbage',
    replace: '  if (s.saveAll === 0) s.work.collected += s.size[unreachable]\n  deleteGarbage',
  },
  {
    name: 'free lists are never emptied',
    rule: 'G29',
    file: 'generational.ts',
    find: '  if (isFull) s.work.editor.emptyFreeLists()\n',
    replace: '',
  },
  {
    name: 'freezing keeps the counts',
    rule: 'G30',
    file: 'apply.ts',
    find: '  s.count.fill(0)\n',
    replace: '',
  },
  {
    name: 'what is unfrozen is young again',
    rule: 'G30',
    file: 'apply.ts',
    find: '?? LISTS.generation2',
    replace: '?? LISTS.generation0',
  },
  {
    name: 'the tuples that 3.12 begins with stay unfrozen',
    rule: 'G31',
    file: 'generational.ts',
    find: '    unseen[PERMANENT] += s.unseenThawed\n',
    replace: '',
  },
  {
    name: '3.14.2 collects the young objects automatically',
    rule: 'G33',
    file: 'incremental.ts',
    find: 'choose: () => INCREMENT',
    replace: 'choose: () => 0',
  },
]
