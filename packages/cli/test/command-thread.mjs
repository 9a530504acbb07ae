import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { workerData } from 'node:worker_threads'
import { run } from '../dist/program.js'

/**
 * Runs one command line after the other, each as its own process would: with its own standard streams, environment and exit status.
 * What is loaded and compiled stays.
 */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const { turn, port } = workerData
const environment = { ...process.env }

/** Keeps what is written to a standard stream. @returns the text that came */
function kept(stream) {
  const chunks = []
  stream.write = (chunk, encoding, done) => {
    chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'))
    const written = typeof encoding === 'function' ? encoding : done
    if (written !== undefined) process.nextTick(written)
    return true
  }
  return () => Buffer.concat(chunks).toString()
}

function setEnvironment(wanted) {
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name]
  Object.assign(process.env, wanted)
}

async function ran({ args, input, env }) {
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)], { objectMode: false }), configurable: true })
  setEnvironment({ ...environment, ...env })
  const stdout = kept(process.stdout)
  const stderr = kept(process.stderr)
  process.exitCode = undefined
  try {
    await run(args, version)
  } catch (fault) {
    return { status: null, signal: null, stdout: stdout(), stderr: `${stderr()}${fault.stack}` }
  }
  return { status: process.exitCode ?? 0, signal: null, stdout: stdout(), stderr: stderr() }
}

port.on('message', async (commandLine) => {
  port.postMessage(await ran(commandLine))
  Atomics.store(turn, 0, 1)
  Atomics.notify(turn, 0)
})
