import type { Mutation } from '../../../scripts/tests/workshop.ts'
import { GARBAGE_MUTANTS } from './garbage-mutants.ts'

/** Wrong rules that a reader of CPython could believe in; each is caught by the answers of real interpreters or by the naive model. */
export const MUTANTS: readonly Mutation[] = [
  {
    name: 'what is put aside dies first in first out',
    rule: 'R20',
    file: 'cascade.ts',
    find: 'if (s.asideLength > 0) resume(s, s.aside[--s.asideLength])',
    replace: `if (s.asideLength > 0) {
        const first = s.aside[0]
        s.aside.copyWithin(0, 1, s.asideLength--)
        resume(s, first)
      }`,
  },
  {
    name: 'deaths are put aside one level later',
    rule: 'R20',
    file: 'cascade.ts',
    find: 'if (s.nesting >= s.rules.nestingMax) {',
    replace: 'if (s.nesting > s.rules.nestingMax) {',
  },
  {
    name: 'what was put aside begins at nesting 0',
    rule: 'R20',
    file: 'cascade.ts',
    find: `  s.nesting++
  pushEntry(s, ASIDE`,
    replace: `  pushEntry(s, ASIDE`,
  },
  {
    name: 'nothing is put aside',
    rule: 'R20',
    file: 'cascade.ts',
    find: 'if (s.nesting >= s.rules.nestingMax) {',
    replace: 'if (s.nesting < 0) {',
  },
  {
    name: 'builtin methods take no part in the trashcan',
    rule: 'R20',
    file: 'profile.ts',
    find: `'slots', 'builtinMethod', 'frame']`,
    replace: `'slots', 'frame']`,
  },
  {
    name: 'functions take part in the trashcan',
    rule: 'R20',
    file: 'profile.ts',
    find: `'slots', 'builtinMethod', 'frame']`,
    replace: `'slots', 'builtinMethod', 'function', 'frame']`,
  },
  {
    name: 'names stay where slots move',
    rule: 'R63',
    file: 'references.ts',
    find: '  s.name.copyWithin(to, from, end)\n',
    replace: '',
  },
  {
    name: 'the dict of an instance takes no part of its own',
    rule: 'R12',
    file: 'profile.ts',
    find: 'instanceDicts: minor <= 10,',
    replace: 'instanceDicts: minor < 6,',
  },
  {
    name: 'instances have dicts in 3.11 too',
    rule: 'R12',
    file: 'profile.ts',
    find: 'instanceDicts: minor <= 10,',
    replace: 'instanceDicts: minor <= 11,',
  },
  {
    name: 'frames of finalizers are never put aside',
    rule: 'R21',
    file: 'frame.ts',
    find: 'if (s.profile.callsMakeFrames && s.nesting >= s.rules.nestingMax) {',
    replace: 'if (s.profile.callsMakeFrames && s.nesting < 0) {',
  },
  {
    name: 'lists drop what they hold from the first to the last',
    rule: 'R18',
    file: 'layout.ts',
    find: `export const BACKWARDS: readonly Layout[] = ['list', 'tuple']`,
    replace: `export const BACKWARDS: readonly Layout[] = ['tuple']`,
  },
  {
    name: 'dicts drop what they hold from the last to the first',
    rule: 'R18',
    file: 'layout.ts',
    find: `export const BACKWARDS: readonly Layout[] = ['list', 'tuple']`,
    replace: `export const BACKWARDS: readonly Layout[] = ['list', 'tuple', 'dict']`,
  },
  {
    name: 'breadth first',
    rule: 'R18',
    file: 'cascade.ts',
    find: '    if (s.stackLeft[top] > 0) {',
    replace:
      '    if (s.stackLeft[base] > 0 && top !== base) {\n      putAside(s, s.stackRow[top], NO_ID)\n      s.stackLength--\n    } else if (s.stackLeft[top] > 0) {',
  },
  {
    name: 'weak references are cleared before the finalizer',
    rule: 'R17',
    file: 'cascade.ts',
    find: `  if (!isDoomed && (s.flags[row] & FLAGS.finalizer) !== 0 && s.layout[row]`,
    replace: `  for (let weak = s.annex[row] === NONE ? NONE : s.weakHead[s.annex[row]]; weak !== NONE; weak = s.weakHead[s.annex[row]]) {
    clearWeakReference(s, weak)
    if ((s.mark[weak] & MARKS.callback) !== 0) callWeakReference(s, weak)
  }
  if (!isDoomed && (s.flags[row] & FLAGS.finalizer) !== 0 && s.layout[row]`,
  },
  {
    name: 'memory goes back before what the object held is dropped',
    rule: 'R17',
    file: 'cascade.ts',
    find: `  else if (s.referenceCount[row] > 0) push(s, DEATH, row)
  else finish(s, row)`,
    replace: `  else if (s.referenceCount[row] > 0) {
    push(s, CLEARING, row)
    finish(s, row)
  } else finish(s, row)`,
  },
  {
    name: 'the oldest weak reference is called first',
    rule: 'R22',
    file: 'weak-reference.ts',
    find: 'while (next !== NONE && (s.mark[next] & MARKS.callback) === 0) {',
    replace: 'while (next !== NONE) {',
  },
  {
    name: 'functions of weak references stay with them',
    rule: 'R23',
    file: 'cascade.ts',
    find: `  if (s.referenceCount[weak] > 0) push(s, CLEARING, weak)
`,
    replace: '',
  },
  {
    name: 'several functions are called and dropped one by one',
    rule: 'R23',
    file: 'cascade.ts',
    find: 'else callGathered(s, annex)',
    replace: 'else for (let weak = first; weak !== NONE; weak = s.weakHead[annex]) callAlone(s, weak)',
  },
  {
    name: 'a weak reference is called although it died before',
    rule: 'R24',
    file: 'cascade.ts',
    find: '  if (weakTargetOf(s, row) !== NONE) unlinkWeakReference(s, row)',
    replace:
      '  if (weakTargetOf(s, row) !== NONE) callWeakReference(s, row)\n  if (weakTargetOf(s, row) !== NONE) unlinkWeakReference(s, row)',
  },
  {
    name: 'a finalizer runs at each death',
    rule: 'R25',
    file: 'finalizer.ts',
    find: '  s.flags[row] &= ~FLAGS.finalizer\n',
    replace: '',
  },
  {
    name: 'a resurrected object is finalized and dies',
    rule: 'R25',
    file: 'finalizer.ts',
    find: '  if (isResurrected) addReference(s, container, row, NO_SLOT, NO_ID)\n',
    replace: '',
  },
  {
    name: 'the old object goes before the new one is held',
    rule: 'R5',
    file: 'apply.ts',
    find: `  gain(s, object)
  s.bindingObject[binding] = object
  if (before !== NONE) lose(s, before)`,
    replace: `  s.bindingObject[binding] = NONE
  if (before !== NONE) lose(s, before)
  gain(s, object)
  s.bindingObject[binding] = object`,
  },
  {
    name: 'locals go in the order of their last binding',
    rule: 'R6',
    file: 'apply.ts',
    find: `  s.bindingObject[binding] = NONE
  lose(s, before)`,
    replace: `  s.bindingObject[binding] = NONE
  for (let at = s.scopeFirst[scope], prev = NONE; at !== NONE; prev = at, at = s.bindingNext[at]) {
    if (at !== binding || s.scopeLast[scope] === at) continue
    if (prev === NONE) s.scopeFirst[scope] = s.bindingNext[at]
    else s.bindingNext[prev] = s.bindingNext[at]
    s.bindingNext[s.scopeLast[scope]] = at
    s.scopeLast[scope] = at
    s.bindingNext[at] = NONE
    break
  }
  lose(s, before)`,
  },
  {
    name: 'locals go from the first to the last in 3.14',
    rule: 'R6',
    file: 'profile.ts',
    find: 'leavesBackwards: minor >= 14,',
    replace: 'leavesBackwards: minor >= 16,',
  },
  {
    name: 'dicts are tracked from birth',
    rule: 'R14',
    file: 'profile.ts',
    find: `trackedWhenNeeded: minor >= 14 ? ['tuple'] : ['dict'],`,
    replace: `trackedWhenNeeded: minor >= 14 ? ['tuple'] : [],`,
  },
  {
    name: 'an untracked tuple tracks the dict that holds it',
    rule: 'R14',
    file: 'tracking.ts',
    find: `(flags & FLAGS.tuple) === 0 || (s.flags[holder]`,
    replace: `(flags & FLAGS.gc) !== 0 || (s.flags[holder]`,
  },
  {
    name: 'lists are kept up to 100',
    rule: 'R26',
    file: 'profile.ts',
    find: `{ layout: 'list', max: 80 },`,
    replace: `{ layout: 'list', max: 100 },`,
  },
  {
    name: 'tuples of 20 come back in 3.11',
    rule: 'R26',
    file: 'profile.ts',
    find: 'const leaksTwenty = minor === 11 || (minor === 12 && isEarly)',
    replace: 'const leaksTwenty = minor === 12 && isEarly',
  },
  {
    name: 'methods are kept after 3.8 too',
    rule: 'R26',
    file: 'profile.ts',
    find: `if (minor <= 8) lists`,
    replace: `if (minor <= 9) lists`,
  },
  {
    name: 'the first kept is given first',
    rule: 'R27',
    file: 'memory.ts',
    find: `    s.firstReference[row] = s.listHead[list]
    s.listHead[list] = row
    s.listLength[list]++`,
    replace: `    let last = s.listHead[list]
    while (last !== NONE && s.firstReference[last] !== NONE) last = s.firstReference[last]
    s.firstReference[row] = NONE
    if (last === NONE) s.listHead[list] = row
    else s.firstReference[last] = row
    s.listLength[list]++`,
  },
  {
    name: 'a code keeps no frame',
    rule: 'R29',
    file: 'frame.ts',
    find: `    if (handleOfId(s.keptFrames, code) === KEPT) return false
`,
    replace: `    if (code >= 0) return false
`,
  },
  {
    name: 'a callback lets nobody go of its weak reference',
    rule: 'R61',
    file: 'weak-reference.ts',
    find: '(s.mark[weak] & MARKS.lettingGo) !== 0',
    replace: '(s.mark[weak] & MARKS.lettingGo) < 0',
  },
  {
    name: 'what the log says to be called is cleared only',
    rule: 'R62',
    file: 'apply.ts',
    find: '  for (const weak of clearAllOf(s, object)) {\n    callWeakReference(s, weak)\n',
    replace: '  for (const weak of clearAllOf(s, object)) {\n',
  },
  ...GARBAGE_MUTANTS,
]
