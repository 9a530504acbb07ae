/** Checks of the house that no compiler makes: each prints what it found, the exit code says whether all is well. */
import { checkArrows } from './checks/arrows.mjs'
import { checkBlocks } from './checks/blocks.mjs'
import { checkDocstrings } from './checks/docstrings.mjs'
import { checkRules } from './checks/rules.mjs'
import { checkSizes } from './checks/sizes.mjs'

const CHECKS = { arrows: checkArrows, blocks: checkBlocks, docstrings: checkDocstrings, rules: checkRules, sizes: checkSizes }
const chosen = process.argv.slice(2)
let faults = 0
for (const [name, check] of Object.entries(CHECKS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const found = check()
  faults += found.length
  for (const fault of found) console.error(`${name}: ${fault}`)
  if (found.length === 0) console.log(`${name}: in order`)
}
process.exit(faults === 0 ? 0 : 1)
