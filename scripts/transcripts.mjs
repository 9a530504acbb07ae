/** Writes into pages what their commands print now: node scripts/transcripts.mjs PAGE ... A test compares, it never writes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { replayed } from './docs/transcripts.mjs'

for (const path of process.argv.slice(2)) writeFileSync(path, replayed(readFileSync(path, 'utf8')))
