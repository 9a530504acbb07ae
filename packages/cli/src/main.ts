#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { watchStdout } from './io/stdout.ts'
import { run } from './program.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }

watchStdout()
try {
  await run(process.argv.slice(2), version)
} catch (fault) {
  process.stderr.write(`reheap: a fault of this program, please report it: ${fault instanceof Error ? fault.stack : String(fault)}\n`)
  process.exitCode = 2
}
