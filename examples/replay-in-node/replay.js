// Proves a recording right, and asks what other thresholds of the collector would have made of it: node replay.js LOG
import { openAsBlob } from 'node:fs'
import { profileOfRuntime, startingFrom, Verification, variationsOf, WhatIf } from '@reheap/machine'
import { readJsonl } from '@reheap/trace'

const path = process.argv[2]
const { header, batches } = must(await readJsonl((await openAsBlob(path)).stream(), { name: path }))
const { name, version, pointerBits = 64 } = header.runtime
const recorded = startingFrom(must(profileOfRuntime({ name, version, pointerBits })), header.collector)

const verification = new Verification(recorded)
const whatIf = new WhatIf({ recorded, variations: must(variationsOf(['gc.threshold0=50,700'])) })
for await (const batch of batches) {
  must(verification.feed(must(batch)))
  must(whatIf.feed(must(batch)))
}

const { events, observations, mismatches } = verification.report()
console.log(`${events} events of ${name} ${version}: ${observations} observations, ${mismatches} mismatches`)
const names = whatIf.names()
for (const [place, { collector }] of must(whatIf.rows()).entries()) {
  const collections = collector.generations.map(({ collections }) => collections).join(' ')
  console.log(`${names[place]}: ${collections} collections, at most ${collector.uncollected.objects.value} objects wait for one`)
}

/** What was asked for; what is wrong ends the program with one line. */
function must(answer) {
  if (answer._tag === 'Right') return answer.right
  console.error(answer.left.message ?? answer.left)
  process.exit(2)
}
