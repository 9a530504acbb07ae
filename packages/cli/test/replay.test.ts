import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HELLO, HELLO_38, json, linesOf, reheap, storedHello, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

interface Replayed {
  readonly events: number
  readonly placement: string
  readonly final: Readonly<Record<string, number>>
  readonly allocatedBlocks: number
  readonly peaks?: Readonly<Record<string, { readonly value: number; readonly index: number }>>
  readonly heaps: readonly Readonly<Record<string, number>>[]
}

/** What the real runtime answered to an observation, and the event that holds the answer. */
function observed(recording: string, of: string): { readonly index: number; readonly values: Readonly<Record<string, number>> } {
  const lines = linesOf(recording)
  const place = lines.findIndex((line) => line.includes(`"of":"${of}"`))
  return { index: place - 1, values: JSON.parse(lines[place] ?? '{}').values }
}

describe.each([HELLO, HELLO_38])('replay of %s', (recording) => {
  test('[C20] until an observed moment it gives what the real runtime answered there', () => {
    const stats = observed(recording, 'allocatorStats')
    const blocks = observed(recording, 'allocatedBlocks')
    const replayed = json<Replayed>(reheap(['replay', recording, '--until', String(stats.index), '--json']))
    expect(replayed).toMatchObject({ events: stats.index, placement: 'recorded', heaps: [stats.values] })
    expect(replayed.final.blockBytes).toBe(stats.values.bytesInAllocatedBlocks)
    expect(replayed.final.arenas).toBe(stats.values.arenas)
    const later = json<Replayed>(reheap(['replay', recording, '--until', String(blocks.index), '--json']))
    expect(later.allocatedBlocks).toBe(blocks.values.count)
  })

  test('[C21] the facts are those of the whole log, each with its event, and add up to the figures', () => {
    const file = place.at('facts.jsonl')
    const replayed = json<Replayed>(reheap(['replay', recording, '--facts', file, '--force', '--peaks', '--json']))
    const facts = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const lines = linesOf(recording).slice(1)
    let live = 0
    let held = 0
    let heldMax = { value: 0, index: 0 }
    for (const { index, kind, block, bytes } of facts) {
      const cause = JSON.parse(lines[index] ?? '{}')
      if (block !== undefined) expect([cause.block, cause.newBlock]).toContain(block)
      if (kind === 'BlockPlaced' || kind === 'BlockPassedOn') live += 1
      if (kind === 'BlockReturned' || kind === 'BlockHandedBack') live -= 1
      if (kind === 'BlockPassedOn' || kind === 'ArenaOpened') held += bytes
      if (kind === 'BlockHandedBack' || kind === 'ArenaReleased') held -= bytes
      if (held > heldMax.value) heldMax = { value: held, index }
    }
    // Every block of these programs is freed in the end but for what the C library keeps.
    expect(live).toBeGreaterThanOrEqual(replayed.allocatedBlocks)
    expect(held).toBe(replayed.final.heldBytes)
    expect(replayed.peaks?.heldBytes).toEqual(heldMax)
  })
})

describe('replay', () => {
  test('[C21] facts go to standard output alone if - asks for them', () => {
    const file = place.at('same.jsonl')
    reheap(['replay', log, '--facts', file])
    expect(reheap(['replay', log, '--facts', '-']).stdout).toBe(readFileSync(file, 'utf8'))
  })

  test('[C22] another profile is a what-if, and says so', () => {
    const replayed = json<Replayed>(reheap(['replay', log, '--profile', 'cpython-3.8', '--json']))
    expect(replayed).toMatchObject({ profile: 'cpython-3.8', recordedProfile: 'cpython-3.11', placement: 'simulated' })
    expect(reheap(['replay', log, '--profile', 'cpython-3.8']).stdout).toContain(
      'a what-if: recorded as cpython-3.11, arenas of a simulated system',
    )
    expect(reheap(['replay', log]).stdout).toContain('arenas where they were recorded')
  })

  test('[C22] a log that does not say where its arenas lie is replayed on the simulated system, and says so', () => {
    const lines = [
      linesOf(HELLO)[0],
      '{"kind":"Malloc","domain":"obj","block":0,"bytes":100}',
      '{"kind":"Malloc","domain":"raw","block":1,"bytes":7}',
    ]
    writeFileSync(place.at('bare.jsonl'), `${lines.join('\n')}\n`)
    const replayed = json<Replayed>(reheap(['replay', place.at('bare.jsonl'), '--json']))
    expect(replayed).toMatchObject({ placement: 'simulated', final: { requestedBytes: 100, blockBytes: 112, cLibraryBytes: 7, arenas: 1 } })
    expect(reheap(['replay', place.at('bare.jsonl')]).stdout).toContain('the log does not say where arenas lie, a simulated system does')
    expect(json(reheap(['verify', place.at('bare.jsonl'), '--json']))).toMatchObject({ observations: 0, mismatches: 0 })
  })

  test('[C20] --until 0 and an empty log end in an empty state', () => {
    writeFileSync(place.at('none.jsonl'), `${linesOf(HELLO)[0]}\n`)
    for (const args of [
      ['replay', log, '--until', '0', '--json'],
      ['replay', place.at('none.jsonl'), '--json'],
    ])
      expect(json<Replayed>(reheap(args))).toMatchObject({ events: 0, allocatedBlocks: 0, final: { heldBytes: 0, arenas: 0 } })
    for (const verb of [['verify'], ['stats', '--pins'], ['timeline'], ['whatif', '--vary', 'profile=cpython-3.9'], ['export', '-o', '-']])
      expect(reheap([verb[0] ?? '', place.at('none.jsonl'), ...verb.slice(1)]).status).toBe(0)
  })
})
