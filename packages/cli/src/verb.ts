import { Command, InvalidArgumentError, Option } from 'commander'
import type { Input } from './input.ts'
import { writeStdout } from './io/stdout.ts'
import type { Outcome, Result } from './outcome.ts'

/** What every verb understands. */
export interface CommonOptions {
  readonly json?: boolean
}

/** What every verb that reads a log understands. */
export interface LogOptions extends CommonOptions {
  readonly allowTorn?: boolean
}

/** A verb with its example and `--json`. @param usage its name and arguments, as commander spells them */
export function verb(usage: string, summary: string, example: string): Command {
  const [name = usage, ...operands] = usage.split(' ')
  const command = new Command().name(name).description(summary)
  if (operands.length > 0) command.arguments(operands.join(' '))
  return command
    .option('--json', 'print one JSON document instead of text')
    .addHelpText('after', `\nExample:\n${example.replace(/^/gm, '  ')}`)
}

/** A verb that reads a log as its first argument. */
export function logVerb(usage: string, summary: string, example: string): Command {
  return verb(usage, summary, example).option('--allow-torn', 'work on the whole batches of a log that is torn or was not ended')
}

/** `--until INDEX`. */
export const untilOption = (): Option =>
  new Option('--until <index>', 'stop before this event: the state after so many events').argParser(wholeNumber)

/** `--profile NAME`. */
export const profileOption = (): Option => new Option('--profile <name>', 'a profile other than the recorded one, such as cpython-3.9')

/** `--force`. */
export const forceOption = (): Option => new Option('--force', 'overwrite an output that exists')

/** `--interval SECONDS`. */
export const intervalOption = (seconds: number): Option =>
  new Option('--interval <seconds>', 'time between two looks').argParser(positiveSeconds).default(seconds)

/** @throws InvalidArgumentError */
export function positiveSeconds(text: string): number {
  const value = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= 86_400) return value
  throw new InvalidArgumentError('Give a number of seconds above 0, at most a day.')
}

/** @throws InvalidArgumentError, which commander turns into its line of usage */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('Give a whole number.')
}

/** @throws InvalidArgumentError */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text)
  if (value > 0) return value
  throw new InvalidArgumentError('Give a whole number above 0.')
}

/** Opens a log, has it worked on, and closes it. Damage that was allowed is told. */
export async function withLog(
  log: string,
  { allowTorn }: LogOptions,
  work: (input: Input) => Promise<Result<Outcome>>,
): Promise<Result<Outcome>> {
  // Loaded where a log is read: the formats are half of the command.
  const { openInput } = await import('./input.ts')
  const opened = await openInput(log, { allowTorn })
  if (opened._tag === 'Left') return opened
  const input = opened.right
  try {
    for (const line of input.damage) process.stderr.write(`reheap: warning: ${line}\n`)
    const worked = await work(input)
    if (worked._tag === 'Left') return worked
    return { ...worked, right: { ...worked.right, json: { log, ...worked.right.json, damage: input.damage } } }
  } finally {
    await input.close()
  }
}

/** Tells what a verb found and sets the exit status. */
export async function settle({ json }: CommonOptions, worked: Promise<Result<Outcome>>): Promise<void> {
  const result = await worked
  if (result._tag === 'Left') {
    process.stderr.write(`reheap: ${oneLine(result.left)}\n`)
    process.exitCode = 2
    return
  }
  process.exitCode = result.right.status
  const text = json === true ? JSON.stringify(result.right.json) : result.right.text()
  if (text !== '') await writeStdout(`${text}\n`)
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ')
