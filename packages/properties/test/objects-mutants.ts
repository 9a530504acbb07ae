import type { HeapMutation } from './heap-workshop.ts'

/** Wrong rules of the collector that a reader of gcmodule.c and gc.c could believe in; each is caught by what a real interpreter printed. */
const COLLECTOR: readonly Omit<HeapMutation, 'package'>[] = [
  {
    name: 'a full collection is never put off',
    file: 'generational.ts',
    find: 'return figures.longLivedPending < Math.floor(figures.longLivedTotal / LONG_LIVED_SHARE)',
    replace: 'return figures.longLivedPending < 0',
  },
  {
    name: 'a full collection waits for a half',
    file: 'generational.ts',
    find: 'const LONG_LIVED_SHARE = 4',
    replace: 'const LONG_LIVED_SHARE = 2',
  },
  {
    name: 'survivors of the middle generation are not pending',
    file: 'generational.ts',
    find: 'else if (generation === OLDEST - 1) s.longLivedPending += survivors',
    replace: '',
  },
  {
    name: 'a generation is due when its count is its threshold',
    file: 'generational.ts',
    find: 'figures.count[generation] <= figures.threshold[generation]',
    replace: 'figures.count[generation] < figures.threshold[generation]',
  },
  {
    name: 'younger objects stand before older ones',
    file: 'generational.ts',
    find: `  splice(s, LISTS.generation0 + generation, LISTS.region)
  for (let younger = 0; younger < generation; younger++) splice(s, LISTS.generation0 + younger, LISTS.region)`,
    replace: '  for (let age = 0; age <= generation; age++) splice(s, LISTS.generation0 + age, LISTS.region)',
  },
  {
    name: 'dicts are untracked in every collection',
    file: 'generational.ts',
    find: 'if (isFull && untracksDicts &&',
    replace: 'if (untracksDicts &&',
  },
  { name: 'tuples stay tracked', file: 'profile.ts', find: 'untracksTuples: true,', replace: 'untracksTuples: false,' },
  {
    name: 'a list is gone through from its first item',
    file: 'trial-deletion.ts',
    find: '    const isBackwards = (bits & visitsBackwards) !== 0',
    replace: '    const isBackwards = false',
  },
  {
    name: '3.8 saves only what a saved object leads to',
    file: 'profile.ts',
    find: "minor < 9 ? 'savesAll'",
    replace: "minor < 8 ? 'savesAll'",
  },
  { name: '3.11 collects at the eval breaker', file: 'profile.ts', find: 'minor < 12 ?', replace: 'minor < 11 ?' },
  { name: 'no collection begins inside another', file: 'profile.ts', find: 'nests: minor === 12,', replace: 'nests: false,' },
  {
    name: 'a disabled collector never runs',
    file: 'profile.ts',
    find: 'runsDisabled: minor === 12 && patch !== null,',
    replace: 'runsDisabled: false,',
  },
  {
    name: 'the incremental collector counts what is allocated',
    file: 'profile.ts',
    find: "isIncremental && patch > 0 ? 'tracked' : 'allocated'",
    replace: "'allocated'",
  },
  { name: 'an increment owes half of what is new', file: 'incremental.ts', find: ': created * 2', replace: ': Math.trunc(created / 2)' },
  { name: 'frozen namespaces are walked', file: 'apply.ts', find: '  s.globalsFrozen = 1\n', replace: '' },
  {
    name: 'a freeze leaves the counts',
    file: 'apply.ts',
    find: '  s.globalsFrozen = 1\n  s.count.fill(0)\n',
    replace: '  s.globalsFrozen = 1\n',
  },
  {
    name: 'the young count falls below zero',
    file: 'counting.ts',
    find: 's.count[0] = Math.max(0, s.count[0] - objects)',
    replace: 's.count[0] -= objects',
  },
  {
    name: 'what is due waits on while a collection runs',
    file: 'run.ts',
    find: '  s.due = 0\n  const { runsDisabled, nests } = s.profile\n',
    replace: '  const { runsDisabled, nests } = s.profile\n  if (s.collecting === 1 && !nests) return\n  s.due = 0\n',
  },
  {
    name: 'callbacks make no dict',
    file: 'run.ts',
    find: '  const info = s.work.editor.makeCallbackInfo()\n  checkEvalBreaker(s)\n  s.work.editor.dropCallbackInfo(info, s.callbacks)\n',
    replace: '  checkEvalBreaker(s)\n',
  },
]

/** Wrong rules of objects, as a reader of the sources of the types could believe in. */
const REFCOUNT: readonly Omit<HeapMutation, 'package'>[] = [
  {
    name: 'the trashcan lets one more in',
    file: 'profile.ts',
    find: 'nestingMax: 50, resumesAt: 0',
    replace: 'nestingMax: 51, resumesAt: 0',
  },
  {
    name: 'what was put aside first dies first',
    file: 'cascade.ts',
    find: 'if (s.asideLength > 0) resume(s, s.aside[--s.asideLength])',
    replace: `if (s.asideLength > 0) {
        const [row, code] = [s.aside[0], s.asideCode[0]]
        s.aside.copyWithin(0, 1, s.asideLength)
        s.asideCode.copyWithin(0, 1, s.asideLength)
        s.asideLength--
        s.asideCode[s.asideLength] = code
        resume(s, row)
      }`,
  },
  {
    name: 'a list drops its first item first',
    file: 'work-list.ts',
    find: 'const isBackwards = (s.rules.flags[s.layout[row]] & FLAGS.visitsBackwards) !== 0',
    replace: 'const isBackwards = false',
  },
  { name: 'a free list keeps 100 lists', file: 'profile.ts', find: "{ layout: 'list', max: 80 }", replace: "{ layout: 'list', max: 100 }" },
  { name: '3.8 keeps no methods', file: 'profile.ts', find: 'if (minor <= 8) lists.push', replace: 'if (minor <= 7) lists.push' },
  {
    name: 'tuples of 20 items come back in 3.11',
    file: 'profile.ts',
    find: "if (leaksTwenty) lists.push({ layout: 'tuple', itemsMin: 20, itemsMax: 20, max: 2000, isNeverTaken: true })",
    replace: "if (leaksTwenty) lists.push({ layout: 'tuple', itemsMin: 20, itemsMax: 20, max: 2000 })",
  },
  { name: '3.10 makes no frames', file: 'profile.ts', find: 'callsMakeFrames: minor <= 10,', replace: 'callsMakeFrames: minor <= 9,' },
  {
    name: '3.10 makes no dict for an instance',
    file: 'profile.ts',
    find: 'instanceDicts: minor <= 10,',
    replace: 'instanceDicts: minor <= 9,',
  },
  { name: 'the stack is not known to 3.14', file: 'profile.ts', find: 'keepsStack: minor === 14,', replace: 'keepsStack: false,' },
  {
    name: 'dicts are tracked at birth',
    file: 'profile.ts',
    find: "trackedWhenNeeded: minor >= 14 ? ['tuple'] : ['dict'],",
    replace: "trackedWhenNeeded: minor >= 14 ? ['tuple'] : [],",
  },
  {
    name: 'a tuple of 3.14 passes over tuples that are not tracked',
    file: 'tracking.ts',
    find: '(s.flags[holder] & FLAGS.tuple) !== 0 || ',
    replace: '',
  },
  {
    name: 'the oldest weak reference is called first',
    file: 'weak-reference.ts',
    find: 'while (next !== NONE && (s.mark[next] & MARKS.callback) === 0) {',
    replace: 'while (next !== NONE) {',
  },
  {
    name: 'weak references that are garbage are called',
    file: 'heap-port.ts',
    find: 'if (hasCallback && garbage[weak] !== 1) waiting.push(weak)',
    replace: 'if (hasCallback) waiting.push(weak)',
  },
  {
    name: 'what a finalizer saved is tracked no longer',
    file: 'finalizer.ts',
    find: '  if ((s.flags[row] & FLAGS.gc) !== 0) track(s, row)\n',
    replace: '',
  },
  {
    name: 'a call of list takes from the free list',
    file: 'memory.ts',
    find: 'list !== NO_LIST && !isCalled',
    replace: 'list !== NO_LIST',
  },
  {
    name: 'a full collection leaves free lists as they are',
    file: 'memory.ts',
    find: '  for (let list = 1; list < s.listHead.length; list++) {',
    replace: '  for (let list = s.listHead.length; list < s.listHead.length; list++) {',
  },
  {
    name: 'a finalizer looks at no eval breaker',
    file: 'finalizer.ts',
    find: '  if (s.tracking !== null) enterWith(s, row, s.tracking)\n',
    replace: '',
  },
]

export const OBJECT_MUTANTS: readonly HeapMutation[] = [
  ...COLLECTOR.map((mutation) => ({ ...mutation, package: 'cycle-gc' as const })),
  ...REFCOUNT.map((mutation) => ({ ...mutation, package: 'refcount' as const })),
]
