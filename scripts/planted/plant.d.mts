import type { Bug } from './bugs.mjs'

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}
/** What `reheap check --json` tells of a counterexample. */
interface Found {
  readonly law: string
  readonly steps: readonly string[]
  readonly output: string
  readonly outputEvent: number
}
export function reheap(bug: string | null, args: readonly string[], cwd: string): Ran
export function findPlanted(
  bug: Bug,
  options: { readonly seed: number; readonly seconds: number; readonly folder: string },
): Ran & { readonly fault: string | null; readonly finding?: Found }
