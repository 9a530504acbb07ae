/**
 * The story of python/cpython#142001: how many reference cycles wait for the collector at most, predicted for each version from
 * one recording, and printed by the same program on the real interpreters.
 *
 * usage: node scripts/compare-versions.mjs [--live N] [--cycles N] [--recorded-on VERSION] [--json]
 *   --live N            container objects that stay alive beside the cycles (default 2000)
 *   --cycles N          cycles made (default 1500)
 *   --recorded-on V     the interpreter of the recording (default 3.14.2)
 */
import { parseArgs } from 'node:util'
import { predicted, recording } from './collector/prediction.mjs'
import { outstanding } from './collector/programs.mjs'
import { realRun } from './collector/real-run.mjs'

/** An instance, its list, and the 26 lists in that. */
const CONTAINERS_PER_CYCLE = 28
/** The profile of each row, and the real interpreter that shows the same, where there is one. */
const ROWS = [
  { profile: 'cpython-3.13-32', versions: '3.13', real: '3.13.2' },
  { profile: 'cpython-3.14.0-32', versions: '3.14.0', real: null },
  { profile: 'cpython-3.14.2-32', versions: '3.14.1 to 3.14.4', real: '3.14.2' },
  { profile: 'cpython-3.14-32', versions: '3.14.5 and later', real: null },
  { profile: 'cpython-3.15-32', versions: '3.15', real: '3.15.0rc1' },
]

const { values } = parseArgs({
  options: {
    live: { type: 'string', default: '2000' },
    cycles: { type: 'string', default: '1500' },
    'recorded-on': { type: 'string', default: '3.14.2' },
    json: { type: 'boolean', default: false },
  },
})
const source = outstanding(Number(values.live), Number(values.cycles))
const recorded = await recording(values['recorded-on'], source)
const rows = []
for (const { profile, versions, real } of ROWS) {
  const { collections, uncollectedMax } = predicted(recorded, {}, profile)
  const printed = real === null ? null : Number((await realRun(real, source)).output)
  rows.push({
    versions,
    profile,
    collections: collections.length,
    uncollectedMax,
    cyclesMax: uncollectedMax / CONTAINERS_PER_CYCLE,
    real,
    printed,
  })
}
if (values.json) console.log(JSON.stringify({ live: Number(values.live), cycles: Number(values.cycles), rows }))
else {
  console.log(`${values.cycles} cycles beside ${values.live} containers that stay, recorded on ${values['recorded-on']}`)
  console.log('version           collections  uncollected: containers  cycles  really printed')
  for (const { versions, collections, uncollectedMax, cyclesMax, real, printed } of rows) {
    const truth = printed === null ? 'not run: no such interpreter here' : `${printed} by ${real}`
    const cells = [
      versions.padEnd(16),
      String(collections).padStart(12),
      String(uncollectedMax).padStart(24),
      String(cyclesMax).padStart(7),
    ]
    console.log(`${cells.join(' ')}  ${truth}`)
  }
}
