import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HELLO, HELLO_38, json, reheap, spoil, storedHello, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

const isPoolBlock = (line: string): boolean => /"kind":"Malloc","domain":"obj".*"bytes":64,"address"/.test(line)

describe('verify', () => {
  test.each([HELLO, HELLO_38])('[C12] a recording of the real runtime has no mismatch: %s', (recording) => {
    const verified = reheap(['verify', recording, '--json'])
    expect(verified.status).toBe(0)
    const report = json<{ observations: number; events: number }>(verified)
    expect(report).toMatchObject({ mismatches: 0, unanswered: 0, first: [] })
    expect(report.observations).toBeGreaterThan(report.events / 3)
  })

  test('[C12] the stored form verifies alike, and is told in two lines', () => {
    const { status, stdout } = reheap(['verify', log])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /hello\.arrows: 28,895 events of cpython 3\.11\.7, replayed as cpython-3\.11\n[\d,]+ observations compared: all as recorded\n$/,
    )
  })

  test('[C13] one spoiled address is exactly one mismatch, and exit 1', () => {
    let recorded = 0
    const spoiled = place.at('address.jsonl')
    const index = spoil(HELLO, spoiled, isPoolBlock, (line) =>
      line.replace(/"address":(\d+)/, (_all, address: string) => {
        recorded = Number(address)
        return `"address":${recorded + 16}`
      }),
    )
    const verified = reheap(['verify', spoiled, '--json'])
    expect(verified.status).toBe(1)
    expect(json(verified)).toMatchObject({ mismatches: 1, first: [{ index, of: 'address', expected: recorded + 16, simulated: recorded }] })
    const told = reheap(['verify', spoiled])
    expect(told.status).toBe(1)
    expect(told.stdout).toContain(': 1 differs\n')
    expect(told.stdout).toContain(`0x${(recorded + 16).toString(16)}  0x${recorded.toString(16)}\n`)
  })

  test('[C13] one spoiled observation is exactly one mismatch, and exit 1', () => {
    const spoiled = place.at('observation.jsonl')
    const index = spoil(
      HELLO,
      spoiled,
      (line) => line.includes('"of":"allocatorStats"'),
      (line) => line.replace(/"arenas":(\d+)/, (_all, arenas: string) => `"arenas":${Number(arenas) + 1}`),
    )
    const verified = reheap(['verify', spoiled, '--json'])
    expect(verified.status).toBe(1)
    expect(json(verified)).toMatchObject({ mismatches: 1, first: [{ index, of: 'allocatorStats.arenas', expected: 2, simulated: 1 }] })
  })

  test('[C13] a log under another profile than its own differs, and all mismatches are counted', () => {
    const verified = reheap(['verify', HELLO, '--profile', 'cpython-3.8', '--json'])
    expect(verified.status).toBe(1)
    const report = json<{ mismatches: number; first: unknown[] }>(verified)
    expect(report.mismatches).toBeGreaterThan(report.first.length)
    expect(reheap(['verify', HELLO, '--profile', 'cpython-3.8']).stdout).toMatch(/\n\.\.\. and [\d,]+ more\n$/)
  })
})
