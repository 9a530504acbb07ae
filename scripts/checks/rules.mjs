import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, isTest, packageFolders, ROOT, text } from './files.mjs'

const RULE = /^\s*(?:[-*]\s+)?\*{0,2}([A-Z]+\d+)\*{0,2}[.:]?\s/gm
const NAMED = /\[([A-Z]+\d+)\]/g

/** Every rule of a SPEC.md is named by a test of its package, every rule that a test names stands in the SPEC.md, and the README leads there. */
export function checkRules() {
  const faults = []
  for (const folder of packageFolders()) {
    const spec = `packages/${folder}/SPEC.md`
    if (!existsSync(join(ROOT, spec))) {
      faults.push(`${spec} is not there`)
      continue
    }
    // From the front page to any rule it is three clicks: the package, its rules, the rule.
    if (!text(`packages/${folder}/README.md`).includes('](SPEC.md)'))
      faults.push(`packages/${folder}/README.md does not lead to its SPEC.md`)
    const rules = [...text(spec).matchAll(RULE)].map((match) => match[1])
    const twice = rules.filter((rule, place) => rules.indexOf(rule) !== place)
    for (const rule of twice) faults.push(`${spec} has two rules ${rule}`)
    const tests = filesBelow(`packages/${folder}`).filter(isTest).map(text).join('\n')
    const named = new Set([...tests.matchAll(NAMED)].map((match) => match[1]))
    for (const rule of rules) if (!named.has(rule)) faults.push(`${spec}: no test is named [${rule}]`)
    for (const rule of named)
      if (!rules.includes(rule)) faults.push(`packages/${folder}: a test names [${rule}], which is no rule of ${spec}`)
  }
  return faults
}
