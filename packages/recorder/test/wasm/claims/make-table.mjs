/**
 * Asks every interpreter that is found what the programs print, and keeps it: `node make-table.mjs`, from anywhere.
 * Native ones are those of pyenv, 3.8 to 3.13; 3.13.2, 3.14.2 and 3.15.0rc1 come from npm.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { recordScript } from '../../../dist/index.js'

const WANTED = ['3.8', '3.11', '3.12', '3.13']
const WASM = ['3.13.2', '3.14.2', '3.15.0rc1']
const here = new URL('.', import.meta.url)
const versions = `${process.env.PYENV_ROOT ?? `${homedir()}/.pyenv`}/versions`
const natives = existsSync(versions) ? readdirSync(versions).filter((name) => WANTED.some((minor) => name.startsWith(`${minor}.`))) : []

async function unrecorded(version, folder, name) {
  let output = ''
  const onOutput = (_stream, bytes) => {
    output += new TextDecoder().decode(bytes)
  }
  const source = readFileSync(new URL(name, folder), 'utf8')
  await recordScript({ source, file: name, interpreter: version, isRecorded: false, onEvents() {}, onOutput })
  return output
}

/** The claims are the scenarios of the command that print counts and collections. */
const CLAIMS = ['counting', 'cycles', 'deleting', 'free-lists', 'function-counts', 'generations', 'thresholds'].map((name) => `${name}.py`)
const scenarios = new URL('../../../../cli/scenarios/', here)
const programsIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.py'))
const claims = {}
for (const name of CLAIMS) {
  claims[name] = {}
  for (const version of natives.sort())
    claims[name][version] = execFileSync(`${versions}/${version}/bin/python`, [new URL(name, scenarios).pathname], { encoding: 'utf8' })
  for (const version of WASM) claims[name][version] = await unrecorded(version, scenarios, name)
}
writeFileSync(new URL('table.json', here), `${JSON.stringify(claims, null, 1)}\n`)

const folder = new URL('../programs/', here)
const outputs = {}
for (const name of programsIn(folder)) {
  outputs[name] = {}
  for (const version of WASM) outputs[name][version] = await unrecorded(version, folder, name)
}
writeFileSync(new URL('outputs.json', folder), `${JSON.stringify(outputs, null, 1)}\n`)
