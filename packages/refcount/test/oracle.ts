/** What real interpreters answered: see `scripts/record-oracle.mjs`. */
import { readFileSync } from 'node:fs'
import type * as Refcount from '../src/index.ts'

/** One question: the answers that were given, each with the interpreters that gave it. */
export type Answers<A> = Readonly<Record<string, readonly { readonly interpreters: readonly string[]; readonly answer: A }[]>>

export const readOracle = <A>(name: string): Answers<A> =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as Answers<A>

/** Answers to one question, by interpreter. */
export const answersTo = <A>(oracle: Answers<A>, question: string): readonly (readonly [interpreter: string, answer: A])[] =>
  (oracle[question] ?? []).flatMap(({ interpreters, answer }) => interpreters.map((interpreter) => [interpreter, answer] as const))

/**
 * The profile of an interpreter, `3.11.7` or `wasm-3.12.7`. How deep the C stack is when a program begins is no matter of
 * the version: 3.13 in WebAssembly was asked from within five calls more.
 */
export function profileOf(refcount: typeof Refcount, interpreter: string): Refcount.RefcountProfile {
  const [, version = '', minor = ''] = /((\d+\.\d+)\.\d+)/.exec(interpreter) ?? []
  const isWasm = interpreter.startsWith('wasm-')
  const build = isWasm ? '-32' : ''
  const profile = refcount.REFCOUNT_PROFILES.get(`cpython-${version}${build}`) ?? refcount.REFCOUNT_PROFILES.get(`cpython-${minor}${build}`)
  if (profile === undefined) throw new Error(`no profile for ${interpreter}`)
  if (!isWasm || minor !== '3.13') return profile
  const { trashcan } = profile
  return { ...profile, trashcan: { ...trashcan, nestingMax: trashcan.nestingMax - 5, resumesAt: trashcan.resumesAt - 5 } }
}
