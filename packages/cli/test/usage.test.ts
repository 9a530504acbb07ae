import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HELLO, json, type Ran, reheap, reheapProcess, storedHello, VERBS, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

/** Nothing on standard output, one line on standard error. */
function refused({ status, stdout, stderr }: Ran): string {
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^reheap: [^\n]+\n$/)
  return stderr
}

describe('usage', () => {
  test.each(VERBS)('[C1] %s --help shows what it does, with an example', (verb) => {
    const { status, stdout, stderr } = reheap([verb, '--help'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(`Usage: reheap ${verb}`)
    expect(stdout).toMatch(new RegExp(`Example:\n {2}\\$ reheap ${verb} `))
    expect(stdout).toContain('--json')
  })

  test('[C1] --help names every verb, --version the version', () => {
    const { stdout } = reheap(['--help'])
    for (const verb of VERBS) expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, 'm'))
    expect(reheap(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each([
    [[], 'name a verb; see reheap --help'],
    [['frobnicate'], "unknown command 'frobnicate'; see reheap --help"],
    [['verify'], "missing required argument 'log'; see reheap verify --help"],
    [['verify', 'a', 'b'], 'see reheap verify --help'],
    [['verify', HELLO, '--frob'], "unknown option '--frob'; see reheap verify --help"],
    [['replay', HELLO, '--until', 'soon'], "'soon' is invalid. Give a whole number; see reheap replay --help"],
    [['replay', HELLO, '--until', '-1'], 'see reheap replay --help'],
    [['replay', HELLO, '--until', '28896'], 'has 28,895 events; give at most so many'],
    [['timeline', HELLO, '--width', '0'], 'Give a whole number above 0'],
    [['stats', HELLO, '--heap', '1'], '--heap 1: '],
    [['whatif', HELLO], "required option '--vary <key=values>' not specified"],
    [['import', HELLO], "required option '-o, --output <file>' not specified"],
    [['record'], "missing required argument 'command'; see reheap record --help"],
  ])('[C2] bad usage is one line that says what and where to look: %j', (args, line) => {
    expect(refused(reheap(args))).toContain(line)
  })

  test.each([
    [['whatif', HELLO, '--vary', 'colour=red'], 'known are profile'],
    [['whatif', HELLO, '--vary', 'profile=cpython-2.7'], 'known are cpython-3.6, cpython-3.7'],
    [['replay', HELLO, '--profile', 'cpython-2.7'], 'known are cpython-3.6, cpython-3.7'],
  ])('[C3] an unknown profile or key lists the known: %j', (args, line) => {
    expect(refused(reheap(args))).toContain(line)
  })

  test.each([
    [['verify', HELLO, '--profile', 'cpython-3.8'], 1],
    [['verify', HELLO], 0],
    [['replay', HELLO], 0],
    [['stats', HELLO, '--pins'], 0],
    [['timeline', HELLO], 0],
    [['whatif', HELLO, '--vary', 'profile=cpython-3.9'], 0],
    [['import', HELLO, '-o', place.at('json.arrows')], 0],
    [['export', HELLO, '-o', place.at('json.jsonl')], 0],
  ])('[C4] --json prints one document that names the log, and nothing else: %j', (args, status) => {
    const ran = reheap([...args, '--json'])
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status, stderr: '' })
    expect(json(ran)).toMatchObject({ log: HELLO, events: 28_895, damage: [] })
  })

  test.each([
    [['verify', HELLO], {}],
    [['verify', HELLO, '--profile', 'cpython-3.8'], {}],
    [['verify', HELLO, '--frob'], {}],
    [[], {}],
    [['stats', 'hello.arrows', '--json'], { cwd: place.folder }],
    [['timeline', '-'], { input: readFileSync(HELLO), env: { TERM: 'dumb' } }],
  ])('[C2] [C4] [C6] a process answers as the thread of these tests does: %j', (args, options) => {
    expect(reheapProcess(args, options)).toEqual(reheap(args, options))
  })

  test.each(['--csv', '--svg', '--facts', '-o'])('[C4] %s - and --json both want standard output', (option) => {
    const verb = { '--csv': 'timeline', '--svg': 'timeline', '--facts': 'replay', '-o': 'export' }[option] ?? ''
    expect(refused(reheap([verb, HELLO, option, '-', '--json']))).toContain('standard output')
  })

  test('[C5] no colour and no progress where nobody looks at a terminal', () => {
    for (const args of [
      ['verify', log],
      ['timeline', log],
      ['stats', log, '--pins'],
      ['whatif', log, '--vary', 'profile=cpython-3.9'],
    ]) {
      const { stdout, stderr } = reheap(args, { env: { FORCE_COLOR: '1' } })
      expect(stdout).not.toContain('\u001b')
      expect(stderr).toBe('')
    }
  })

  test('[C5] a plot is plain ASCII for a dumb terminal', () => {
    const plain = reheap(['timeline', log], { env: { TERM: 'dumb' } }).stdout
    // biome-ignore lint/suspicious/noControlCharactersInRegex: every byte of ASCII
    expect(plain).toMatch(/^[\u0000-\u007f]+$/)
    expect(reheap(['timeline', log], { env: { TERM: 'xterm' } }).stdout).toContain('█')
  })
})
