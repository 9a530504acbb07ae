/** The programs whose collections are predicted, and the settings that they are run under. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const sourceOf = (name) => readFileSync(fileURLToPath(new URL(`../programs/collector/${name}.py`, import.meta.url)), 'utf8')

/** Recorded once under the first setting, predicted for all. */
const SETTINGS = {
  '3.13.2': ['700,10,10', '2000,10,10', '5000,10,10', '150,4,3', '50,10,10', '20,2,2', '1000,1,1', '0,10,10'],
  '3.14.2': ['2000,10,0', '700,10,0', '200,10,0', '100,2,0', '2000,50,0', '5000,10,0'],
}

/**
 * The incremental collector of 3.14.2 first pays for the interpreter's own 20,000 containers, so its programs have to make
 * more of them before anything is collected.
 */
const CASES = [
  { name: 'linked_lists', version: '3.13.2' },
  { name: 'trees', version: '3.13.2' },
  { name: 'tracebacks', version: '3.13.2' },
  { name: 'caches', version: '3.13.2' },
  { name: 'finalizers', version: '3.13.2' },
  { name: 'closures', version: '3.13.2' },
  { name: 'callbacks', version: '3.13.2' },
  { name: 'outstanding', version: '3.13.2' },
  { name: 'outstanding', version: '3.14.2', constants: { CYCLES: 2500 } },
  { name: 'trees', version: '3.14.2', constants: { BALLAST: 20000, TURNS: 200 } },
  { name: 'closures', version: '3.14.2', constants: { BALLAST: 20000, TURNS: 2000 } },
  // What a finalizer does is taken from the recording, at the time at which it was recorded: see docs/what-ifs.md.
  { name: 'resurrections', version: '3.13.2', isKnownToDiffer: true },
]

/** The program with one line changed: the call of `gc.set_threshold`. Its objects are the same, whatever stands there. */
export function withThresholds(source, thresholds) {
  const changed = source.replace(/^gc\.set_threshold\(.*\)$/m, `gc.set_threshold(${thresholds.split(',').join(', ')})`)
  if (!changed.includes(`gc.set_threshold(${thresholds.split(',').join(', ')})`)) throw new Error('the program sets no thresholds')
  return changed
}

function withConstant(source, [name, value]) {
  const line = new RegExp(`^${name} = \\d+$`, 'm')
  if (!line.test(source)) throw new Error(`the program has no constant ${name}`)
  return source.replace(line, `${name} = ${value}`)
}

/** Every program with its interpreter, source and settings. */
export const cases = CASES.map(({ name, version, constants = {}, isKnownToDiffer = false }) => ({
  name,
  version,
  isKnownToDiffer,
  source: Object.entries(constants).reduce(withConstant, sourceOf(name)),
  settings: SETTINGS[version],
}))

/** The program after python/cpython#142001, with the interpreter's own thresholds. */
export const outstanding = (live, cycles) =>
  withConstant(withConstant(sourceOf('outstanding'), ['LIVE', live]), ['CYCLES', cycles]).replace(
    /^gc\.set_threshold\(.*\)$/m,
    'gc.enable()',
  )
