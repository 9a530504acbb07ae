import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { blocksOf, faultOf, pages } from '../docs/blocks.mjs'
import { ROOT, text } from './files.mjs'

/** A paragraph by four spaces is code that no test sees. */
const INDENTED = /^(?![ \-*\d|]).*\n\n {4}\S/m

/** Every block of every page is run by a test, and every script that a page names is there. */
export function checkBlocks() {
  const npm = JSON.parse(text('package.json')).scripts
  const faults = []
  for (const path of pages()) {
    const page = text(path)
    for (const block of blocksOf(page)) {
      const fault = faultOf(path, page, block)
      if (fault !== null) faults.push(`${path}:${block.line}: ${fault}`)
    }
    if (INDENTED.test(page)) faults.push(`${path}: holds code by indentation: fence it, so that a test runs it`)
    for (const [, name] of page.matchAll(/\bnpm run (?:-s )?([a-z][\w:]*)/g))
      if (npm[name] === undefined) faults.push(`${path}: npm run ${name}: package.json has no such script`)
    for (const [, script] of page.matchAll(/\bnode (scripts\/[\w./-]+\.mjs)/g))
      if (!existsSync(join(ROOT, script))) faults.push(`${path}: ${script} is not there`)
  }
  return faults
}
