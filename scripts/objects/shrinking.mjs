/** Makes a program that shows a difference smaller, asking the real interpreter each time, and puts the difference into words. */
import { compareProgram, plainLines, readLines, sourceOfProgram, writeProgram } from '../../packages/properties/dist/index.js'

const LINES_BEFORE = 8

async function differenceOf(program, interpreter, profile) {
  const printed = await interpreter.run(sourceOfProgram(program))
  const difference = compareProgram(program, printed, profile)
  return difference === null ? null : { program, printed, difference }
}

/** The smallest program found that differs. */
export async function shrunk(program, interpreter, profile) {
  let best = await differenceOf(program, interpreter, profile)
  for (let isSmaller = best !== null; isSmaller; ) {
    isSmaller = false
    for (const smaller of smallerPrograms(best.program)) {
      const found = await differenceOf(smaller, interpreter, profile)
      if (found === null) continue
      best = found
      isSmaller = true
      break
    }
  }
  return best ?? { program, printed: '', difference: { line: 0, expected: 'a difference', simulated: 'none when asked again', row: 0 } }
}

/** One deed less, half of them less, one number less. */
function* smallerPrograms(program) {
  const { deeds } = program
  for (let size = deeds.length >> 1; size > 0; size >>= 1) {
    for (let from = deeds.length - size; from >= 0; from -= size) yield { ...program, deeds: deeds.toSpliced(from, size) }
  }
  if (program.unfreezes) yield { ...program, unfreezes: false }
  for (const [index, deed] of deeds.entries()) {
    if (deed.more.length > 0) yield { ...program, deeds: deeds.with(index, { ...deed, more: deed.more.slice(1) }) }
    for (const name of ['a', 'b', 'c']) if (deed[name] > 0) yield { ...program, deeds: deeds.with(index, { ...deed, [name]: 0 }) }
  }
}

/** The script, and the lines around the first that differs. */
export function describeDifference({ program, printed, difference }, profile) {
  if (printed === '') return 'a difference that did not show again'
  const { background, lines } = readLines(printed)
  const script = writeProgram(program, 1).lines
  const real = plainLines(lines, background).slice(Math.max(0, difference.line - LINES_BEFORE), difference.line)
  return [
    `${profile.collector.name}, program ${JSON.stringify(program)}`,
    ...script.map((line) => `    ${line}`),
    ...real.map((line) => `  as printed: ${line}`),
    `  expected:   ${difference.expected}`,
    `  simulated:  ${difference.simulated}`,
  ].join('\n')
}
