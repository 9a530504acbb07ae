import { describe, expect, test } from 'vitest'
import { HELLO, json, reheap } from './command.ts'
import { droppedCycle, droppedCycles, FIRST_EVENT, heldNode, kept, log } from './objects.ts'

interface Report {
  readonly verdict: string
  readonly events: number
  readonly unreachable: { readonly objects: number; readonly bytes: number }
  readonly groups: readonly { readonly type: string; readonly heldBy: string; readonly freedBy: number | null }[]
  readonly groupsTotal: number
}

const LATE = log([...kept(0), ...heldNode(1, 0), ...droppedCycle(2)])
const FROZEN = log([
  { kind: 'CreateObject', object: 0, type: 1, bytes: 48 },
  { kind: 'AddReference', from: 0, to: 0 },
  { kind: 'FreezeObjects' },
  { kind: 'DropReference', from: null, to: 0 },
])
const report = (input: string, ...args: string[]): Report => json<Report>(reheap(['leaks', '-', '--json', ...args], { input }))

describe('leaks', () => {
  test('[C40] the verdict comes first: leak, or only late', () => {
    const verdict = (input: string): string => reheap(['leaks', '-'], { input }).stdout.split('\n')[1] ?? ''
    expect(verdict(LATE)).toBe('Only late: 1 object, 48 B that a collection will free; gc.collect() would free them now.')
    expect(verdict(FROZEN)).toBe('Leak: 1 object, 48 B that nothing will ever free.')
    expect(verdict(log([...droppedCycle(0), { kind: 'DisableCollector' }]))).toMatch(
      /^Leak as long as the collector is off: 1 object, 48 B/,
    )
    expect(verdict(log([...kept(0)]))).toBe('No garbage: every live object is still held.')
    expect(verdict(log([...droppedCycle(0), { kind: 'Collect', generation: 2 }]))).toBe('Nothing is alive.')
  })

  test('[C40] what is held is shown with the way that holds it, what is late with its generation and since when', () => {
    const { stdout } = reheap(['leaks', '-'], { input: LATE })
    expect(stdout).toContain('kept: list -> [0] Node')
    expect(stdout).toMatch(new RegExp(`Node +1 +48 B +${FIRST_EVENT + 8} +generation 0`))
    expect(stdout).toContain('a collection of generation 0 frees 1 object, 48 B: its count is 3, its threshold 2,000')
  })

  test('[C40] a step of the way that is an attribute says which, as does the way to one object', () => {
    const attribute = heldNode(1, 0).map((line) => (line.kind === 'AddReference' ? { ...line, name: 1 } : line))
    const owner = [
      { kind: 'DefineName', name: 1, text: 'peer' },
      { kind: 'DefineType', type: 2, layout: 'slots', name: 'Owner' },
      { kind: 'CreateObject', object: 0, type: 2, bytes: 64 },
      { kind: 'BindName', scope: 0, name: 0, object: 0 },
      { kind: 'DropReference', from: null, to: 0 },
    ]
    const input = log([...owner, ...attribute])
    expect(reheap(['leaks', '-'], { input }).stdout).toContain('kept: Owner -> .peer Node')
    expect(reheap(['leaks', '-', '--object', '1'], { input }).stdout).toContain('kept: Owner 0 -> .peer: Node 1')
  })

  test('[C41] --at looks just before an event, --type and --top choose groups', () => {
    expect(report(LATE, '--at', String(FIRST_EVENT + 8))).toMatchObject({ events: FIRST_EVENT + 8, unreachable: { objects: 0 } })
    expect(report(LATE, '--type', 'Node').groups.map(({ type }) => type)).toEqual(['Node', 'Node'])
    const one = report(LATE, '--top', '1')
    expect([one.groups.length, one.groupsTotal]).toEqual([1, 3])
    expect(reheap(['leaks', '-', '--top', '1'], { input: LATE }).stdout).toContain('... and 1 group more, 1 object, 48 B')
  })

  test('[C41] --type lists its objects with --json, and --object tells one of them', () => {
    const { objects } = json<{ objects: readonly object[] }>(reheap(['leaks', '-', '--json', '--type', 'Node'], { input: LATE }))
    expect(objects).toEqual([
      { object: 1, type: 'Node', count: 1, bytes: 48, generation: 0, heldBy: 'name', typeId: 1 },
      { object: 2, type: 'Node', count: 1, bytes: 48, generation: 0, heldBy: 'late', typeId: 1 },
    ])
    const { object } = json<{ object: object }>(reheap(['leaks', '-', '--json', '--object', '1'], { input: LATE }))
    expect(object).toMatchObject({ ...objects[0], outside: 0, root: 'kept', holders: [{ object: 0, slot: 0, type: 'list', count: 1 }] })
    const { stdout } = reheap(['leaks', '-', '--object', '2'], { input: LATE })
    expect(stdout).toContain("Node, object 2: count 1, 0 from outside of the log's objects; 48 B; generation 0")
    expect(stdout).toContain('unreachable, late: a collection of generation 0 frees it')
    expect(reheap(['leaks', '-', '--object', '1'], { input: LATE }).stdout).toContain('kept: list 0 -> item 1 of 1: Node 1')
    expect(reheap(['leaks', '-', '--object', '7'], { input: LATE }).stderr).toContain('object 7 is not alive after')
  })

  test('[C42] --max-unreachable is a budget: exit 1 above it', () => {
    const status = (...args: string[]): number | null => reheap(['leaks', '-', ...args], { input: log(droppedCycles(3)) }).status
    expect([status(), status('--max-unreachable', '144'), status('--max-unreachable', '143')]).toEqual([0, 0, 1])
    expect(reheap(['leaks', '-', '--max-unreachable', '0'], { input: LATE }).stdout).toContain(
      '48 B are unreachable, more than the 0 B allowed',
    )
  })

  test('[C43] a log without objects is refused', () => {
    const { status, stdout, stderr } = reheap(['leaks', HELLO])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/holds no objects.*reheap run/)
  })
})
