/** What the scenarios say, and what real interpreters said. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { json, linesOf, reheap } from './command.ts'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
export const LOGS = `${ROOT}packages/cli/scenarios`

interface Step {
  readonly explains: string
  readonly commands: readonly string[]
  readonly lines: readonly string[]
  readonly saved?: { readonly beforeBytes: number; readonly afterBytes: number; readonly savedBytes: number }
}
interface Told {
  readonly row: number
  readonly name: string
  readonly proof: readonly string[]
}

export const { scenarios } = json<{ scenarios: readonly Told[] }>(reheap(['scenario', '--json']))
/** Each scenario is run once. */
const ran = new Map<string, readonly Step[]>()

export function stepsOf(name: string): readonly Step[] {
  const steps = ran.get(name) ?? json<{ steps: readonly Step[] }>(reheap(['scenario', name, '--json'])).steps
  ran.set(name, steps)
  return steps
}

export const linesOfAll = (name: string): string =>
  stepsOf(name)
    .flatMap(({ lines }) => lines)
    .join('\n')

/** What real interpreters printed for each program, by version: made by the recorder's claims/make-table.mjs. */
export const PRINTED = JSON.parse(readFileSync(`${ROOT}packages/recorder/test/wasm/claims/table.json`, 'utf8')) as Record<
  string,
  Record<string, string>
>
export const printed = (program: string, version: string, word: string): number[] =>
  [...(PRINTED[program]?.[version] ?? '').matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, count]) => Number(count))
export const numbers = (text: string, pattern: RegExp): number[] => [...text.matchAll(pattern)].map(([, value]) => Number(value))

export const MIB = 1024 ** 2

/** Cells of a step's table of moments, without its titles. */
export const tableOf = (name: string, step: number): readonly (readonly string[])[] =>
  (stepsOf(name)[step]?.lines ?? []).slice(1).map((line) => line.trim().split(/ {2,}/))

/** Observed values of a log. */
export const observed = (log: string, of: string): Record<string, number>[] =>
  linesOf(`${LOGS}/${log}`)
    .filter((line) => line.includes(`"of":"${of}"`))
    .map((line) => (JSON.parse(line) as { values: Record<string, number> }).values)

/** The most that was asked for at once of pools and of the C library, from the log's own lines and the rules of pymalloc in 32 bits. */
export function mostAsked(path: string): number {
  const live = new Map<number, { readonly bytes: number; readonly isPooled: boolean }>()
  const [pools, library] = [new Gauge(), new Gauge()]
  const give = (block: number, bytes: number, isPooled: boolean): void => {
    live.set(block, { bytes, isPooled })
    ;(isPooled ? pools : library).change(bytes)
  }
  const take = (block: number): void => {
    const old = live.get(block)
    if (old !== undefined) (old.isPooled ? pools : library).change(-old.bytes)
    live.delete(block)
  }
  for (const line of linesOf(path).slice(1)) {
    const {
      kind,
      block = -1,
      newBlock = -1,
      bytes,
      count = 0,
      elementBytes = 0,
    } = JSON.parse(line) as Record<string, number> & { kind: string }
    const asked = bytes ?? count * elementBytes
    const fits = asked > 0 && asked <= 512
    // An empty block is one of one byte for the C library.
    const taken = asked === 0 ? 1 : asked
    if (kind === 'Malloc' || kind === 'Calloc') give(block, taken, fits)
    else if (kind === 'Free') take(block)
    else if (kind === 'Realloc') {
      const old = live.get(block)
      const room = Math.ceil((old?.bytes ?? 0) / 8) * 8
      const stays = old !== undefined && (!old.isPooled || (asked <= room && 4 * asked > 3 * room))
      if (stays) take(block)
      give(newBlock, taken, stays ? old.isPooled : fits)
      if (!stays) take(block)
    }
  }
  return pools.most + library.most
}

class Gauge {
  most = 0
  #now = 0

  change(by: number): void {
    this.#now += by
    this.most = Math.max(this.most, this.#now)
  }
}
