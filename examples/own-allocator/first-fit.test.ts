import { allocatorPrograms, tinyProfiles } from '@reheap/properties'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FirstFit } from './first-fit.ts'

const CAPACITY = 2 ** 20

/** Plays the requests of a program. Says which rule was broken, or null. */
function broken(allocator: FirstFit, requests: readonly { kind: string; block?: number | null; bytes?: number }[]): string | null {
  const live = new Map<number, { address: number; bytes: number }>()
  for (const { kind, block, bytes = 0 } of requests) {
    if (typeof block !== 'number') continue
    const held = live.get(block)
    // A Free, or a Realloc, which goes on under another id.
    if (held !== undefined) {
      allocator.release(held.address)
      live.delete(block)
    }
    const address = kind === 'Malloc' ? allocator.malloc(bytes) : null
    if (address === null) continue
    for (const other of live.values())
      if (address < other.address + other.bytes && other.address < address + bytes)
        return `${bytes} bytes at ${address} lie in a live block`
    live.set(block, { address, bytes })
  }
  for (const { address } of live.values()) allocator.release(address)
  const [range] = allocator.free
  return allocator.free.length === 1 && range?.bytes === CAPACITY ? null : 'not all memory came back'
}

const programs = allocatorPrograms(tinyProfiles)

test('blocks never overlap, and all memory comes back', () => {
  fc.assert(
    fc.property(programs, ({ requests }) => broken(new FirstFit(CAPACITY), requests) === null),
    { seed: 1 },
  )
})

/** A fault: sizes are rounded down. */
class RoundsDown extends FirstFit {
  override rounded(bytes: number): number {
    return Math.max(16, Math.floor(bytes / 16) * 16)
  }
}

test('a fault is found, and shrunk to a dozen requests at most', () => {
  const found = fc.check(
    fc.property(programs, ({ requests }) => broken(new RoundsDown(CAPACITY), requests) === null),
    { seed: 1 },
  )
  const requests = found.counterexample?.[0].requests ?? []
  expect(found.failed).toBe(true)
  expect(requests.filter(({ kind }) => kind === 'Malloc' || kind === 'Free').length).toBeLessThanOrEqual(12)
})
