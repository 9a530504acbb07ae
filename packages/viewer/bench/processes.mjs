/** Processor time and memory of a browser, as Linux counts them. */
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** All processes of the browser that was started with a profile folder: the one with it on its command line, and all below. */
function processesOf(profile) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, parent: /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] }))
  const found = new Set(all.filter(({ pid }) => read(`/proc/${pid}/cmdline`).includes(profile)).map(({ pid }) => pid))
  for (let size = -1; size !== found.size; ) {
    size = found.size
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}

/** Seconds of the processor, in all processes together. */
export function processorSeconds(profile) {
  return processesOf(profile).reduce((sum, pid) => {
    const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND
  }, 0)
}

/** Memory of all processes together; what several share is counted once. @unit bytes */
export function memoryBytes(profile) {
  return processesOf(profile).reduce(
    (sum, pid) => sum + 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    0,
  )
}
