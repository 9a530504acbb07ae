import type { HeapMutation } from './heap-workshop.ts'

/** Wrong rules of objects and their counts. */
const REFCOUNT: readonly HeapMutation[] = [
  {
    name: 'a finalizer runs at every end',
    package: 'refcount',
    file: 'finalizer.ts',
    find: '  s.flags[row] &= ~FLAGS.finalizer\n',
    replace: '',
  },
  {
    name: 'a finalizer does not store its object',
    package: 'refcount',
    file: 'finalizer.ts',
    find: 'const isResurrected = container !== NONE && s.count[container] > 0',
    replace: 'const isResurrected = container !== NONE && s.count[container] < 0',
  },
  {
    name: 'what a finalizer saved is tracked no longer',
    package: 'refcount',
    file: 'finalizer.ts',
    find: '  if ((s.flags[row] & FLAGS.gc) !== 0) track(s, row)\n',
    replace: '',
  },
  {
    name: 'a dict is never tracked',
    package: 'refcount',
    file: 'holding.ts',
    find: '&& mayBeTracked(s, holder, to))',
    replace: '&& mayBeTracked(s, holder, to) && to < 0)',
  },
  {
    name: 'a free list keeps one too many',
    package: 'refcount',
    file: 'memory.ts',
    find: 's.listLength[list] < s.rules.listMax[list]',
    replace: 's.listLength[list] <= s.rules.listMax[list]',
  },
  {
    name: 'a full collection leaves free lists as they are',
    package: 'refcount',
    file: 'memory.ts',
    find: '  for (let list = 1; list < s.listHead.length; list++) {',
    replace: '  for (let list = s.listHead.length; list < s.listHead.length; list++) {',
  },
  {
    name: 'a new reference goes behind all others, whatever its slot',
    package: 'refcount',
    file: 'references.ts',
    find: '  else if (slot < last) {',
    replace: '  else if (slot < NO_SLOT) {',
  },
  {
    name: 'a name forgets what it was bound to',
    package: 'refcount',
    file: 'apply.ts',
    find: '  if (before !== NONE) lose(s, before)\n',
    replace: '',
  },
  {
    name: 'the outside may let go of what it does not hold',
    package: 'refcount',
    file: 'apply.ts',
    find: '  if (s.outside[object] === 0) return REASONS.NotHeldOutside\n',
    replace: '',
  },
  {
    name: 'weak references without a callback are not cleared',
    package: 'refcount',
    file: 'cascade.ts',
    find: '    clearWeakReference(s, first)\n    first = s.weakHead[annex]',
    replace: '    first = s.weakNext[s.annex[first]]',
  },
  {
    name: 'what the trashcan put aside stays there',
    package: 'refcount',
    file: 'cascade.ts',
    find: 'if (s.asideLength === 0 || s.nesting > s.rules.resumesAt) return',
    replace: 'if (s.asideLength >= 0 || s.nesting > s.rules.resumesAt) return',
  },
]

/** Wrong rules of the cycle collector. */
const COLLECTOR: readonly HeapMutation[] = [
  {
    name: 'an object that holds itself is taken for held',
    package: 'cycle-gc',
    file: 'trial-deletion.ts',
    find: '      if (to < 0) continue\n      const left = refs[to]\n',
    replace: '      if (to < 0 || to === row) continue\n      const left = refs[to]\n',
  },
  {
    name: 'what is reached late is not brought back',
    package: 'cycle-gc',
    file: 'trial-deletion.ts',
    find: '      else if (state === THOUGHT_UNREACHABLE) {',
    replace: '      else if (state > THOUGHT_UNREACHABLE) {',
  },
  {
    name: 'a reference from outside does not count',
    package: 'cycle-gc',
    file: 'trial-deletion.ts',
    find: 'const held = count[row] + 1',
    replace: 'const held = Math.max(1, count[row])',
  },
  {
    name: 'survivors do not grow older',
    package: 'cycle-gc',
    file: 'generational.ts',
    find: '(isFull ? OLDEST : generation + 1)',
    replace: '(isFull ? OLDEST : generation)',
  },
  {
    name: 'a collection leaves the younger generations out',
    package: 'cycle-gc',
    file: 'generational.ts',
    find: '  for (let younger = 0; younger < generation; younger++) splice(s, LISTS.generation0 + younger, LISTS.region)\n',
    replace: '',
  },
  {
    name: 'unfrozen objects are forgotten',
    package: 'cycle-gc',
    file: 'apply.ts',
    find: '  merge(s, LISTS.permanent, oldest)\n',
    replace: '  s.head[oldest] = s.head[oldest]\n',
  },
  {
    name: 'what a finalizer brought back to life is cleared',
    package: 'cycle-gc',
    file: 'garbage.ts',
    find: '  if (isFinalized) {',
    replace: '  if (isFinalized && s.saveAll > 1) {',
  },
  {
    name: 'garbage is kept and cleared as well',
    package: 'cycle-gc',
    file: 'garbage.ts',
    find: 'if (s.saveAll === 1) keepInGarbage(s, row)',
    replace: 'if (s.saveAll === 1) {\n      keepInGarbage(s, row)\n      editor.clear(row)\n    }',
  },
  {
    name: 'finalizers of garbage do not run',
    package: 'cycle-gc',
    file: 'garbage.ts',
    find: '    work.editor.finalize(row)\n',
    replace: '',
  },
  {
    name: 'a disabled collector collects',
    package: 'cycle-gc',
    file: 'run.ts',
    find: 'if (s.enabled === 0 && !runsDisabled) return',
    replace: 'if (runsDisabled) return',
  },
  {
    name: 'the youngest generation that is due is collected',
    package: 'cycle-gc',
    file: 'generational.ts',
    find: '  for (let generation = OLDEST; generation >= 0; generation--) {\n    if (figures',
    replace: '  for (let generation = 0; generation <= OLDEST; generation++) {\n    if (figures',
  },
  {
    name: 'untracking does not look at what a dict holds',
    package: 'cycle-gc',
    file: 'untracking.ts',
    find: '|| holdsTrackable(s, view, row)) continue',
    replace: '|| view.referenceCount[row] > 2) continue',
  },
]

/** Wrong rules of the machine that joins them. */
const MACHINE: readonly HeapMutation[] = [
  {
    name: 'the block of a dead object is not given back',
    package: 'machine',
    file: 'junction.ts',
    find: '    if (given >= 0) this.#ask(Free, cause, given, NO_ID, NOT_GIVEN)\n',
    replace: '',
  },
  {
    name: 'the bytes beside an object are not given back',
    package: 'machine',
    file: 'junction.ts',
    find: '      this.#ask(Free, cause, beside, NO_ID, NOT_GIVEN)\n',
    replace: '',
  },
  {
    name: 'bytes beside an object that are resized are asked for anew',
    package: 'machine',
    file: 'junction.ts',
    find: 'if (before >= 0) this.#ask(Realloc, cause, before, blocks.takeBeside(row), bytes)',
    replace: 'if (before >= 0) this.#ask(Malloc, cause, blocks.takeBeside(row), NO_ID, bytes)',
  },
]

export const HEAP_MUTANTS: readonly HeapMutation[] = [...REFCOUNT, ...COLLECTOR, ...MACHINE]
