import type { Mutation } from '../../../scripts/tests/workshop.ts'

/** Wrong rules of garbage that nobody listens to: what stands in its file, and what stands there instead. */
const WRONG: readonly (readonly [name: string, find: string, replace: string])[] = [
  ['references that lead out of the garbage are not looked at', 'leaving += referenceCount[row] - count[row]', 'leaving += 0'],
  [
    'others keep the references that garbage held',
    'const others = changeOthers(s, clearing, -1)',
    'const others = changeOthers(s, clearing, 0)',
  ],
  [
    'others live on without a reference',
    'if (others.some((other) => count[other] === 0)) {',
    'if (others.some((other) => count[other] < 0)) {',
  ],
  ['others that would die have lost their references already', '    changeOthers(s, clearing, 1)\n', ''],
  [
    'one death too few is waited for',
    'Math.max(0, rules.listMax[kind] - listLength[kind])',
    'Math.max(0, rules.listMax[kind] - listLength[kind] - 1)',
  ],
  ['memory that free lists keep counts as given back', 'if ((bits & MARKS.ended) === 0) blocks++', 'blocks++'],
  ['deaths at hand stay on the work-list', '  dropEntries(s, clearing.entries)\n', ''],
  ['deaths stay as deep as they were', '  s.nesting = clearing.nesting\n', ''],
  ['what was held beside the objects counts on', 'freed += bytes[row] + bytesBeside[row]', 'freed += bytes[row]'],
  ['ids of the dead stay taken', '    removeId(objects, object[row])\n', ''],
  ['what is never cleared ends with the rest', ' || cleared[kind] === 0', ''],
  ['what was put aside follows all the same', '  s.asideLength = 0\n', ''],
  ['rows that lie side by side keep their counts', '[bytesBeside, count, flags, mark', '[bytesBeside, flags, mark'],
  ['a row that lies alone keeps its references', '  referenceCount[row] = 0\n', ''],
]

/** Each is caught by garbage that ends otherwise as a whole than row by row. */
export const GARBAGE_MUTANTS: readonly Mutation[] = WRONG.map(([name, find, replace]) => ({
  name,
  rule: 'R52',
  file: 'closed-garbage.ts',
  find,
  replace,
}))
