import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { json, reheap, reheapProcess, workplace } from './command.ts'

const place = workplace()
afterAll(place.remove)

const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0
const canRecord = process.platform === 'linux' && runs('cc', '--version') && runs('python3', '-c', 'import sys; sys._debugmallocstats()')
writeFileSync(place.at('hello.py'), 'import sys\nprint("hello", *sys.argv[1:])\nprint("woe", file=sys.stderr)\nsys.exit(7)\n')

describe.skipIf(!canRecord)('record (where Linux, a C compiler and Python 3 are)', () => {
  test.each(['hello.arrows', 'hello.jsonl', 'hello.jsonl.gz'])(
    "[C28] %s: output and exit status are the program's own, and the log verifies",
    (name) => {
      const log = place.at(name)
      const { status, stdout, stderr } = reheapProcess(['record', '-o', log, '--', place.at('hello.py'), '--flag', 'x'])
      expect({ status, stdout }).toEqual({ status: 7, stdout: 'hello --flag x\n' })
      expect(stderr).toMatch(/^woe\nreheap: .*: [\d,]+ events of CPython 3\.[\d.]+, [\d.]+ [KM]iB\n$/)
      expect(json(reheap(['verify', log, '--json']))).toMatchObject({ mismatches: 0 })
      expect(readdirSync(place.folder).filter((entry) => entry.startsWith('.'))).toEqual([])
    },
  )

  test('[C28] the log is named after the script, and not overwritten', () => {
    const first = reheapProcess(['record', '--json', '--', 'hello.py'], { cwd: place.folder, env: { PYTHONDONTWRITEBYTECODE: '1' } })
    expect(first.status).toBe(2)
    expect(first.stderr).toBe('reheap: hello.arrows: exists already; choose another name or overwrite it with --force\n')
    const second = reheapProcess(['record', '--force', '--json', 'hello.py', '--loud'], { cwd: place.folder })
    expect(second.status).toBe(7)
    expect(json(second)).toMatchObject({ output: 'hello.arrows', isFinalized: true, exit: { code: 7 } })
    expect(second.stderr).toContain('hello --loud\n')
  })

  test('[C29] what cannot be recorded is refused before the program runs', () => {
    for (const [args, line] of [
      [['--python', 'no-such-python'], 'no-such-python: there is no such command'],
      [['-o', '-'], '-: cannot be written'],
      [['--sample-every', '500'], '--sample-every: only a whole process is looked at: add --native, or leave it out'],
      [['-o', place.at('nowhere/x.arrows')], 'no such file or folder'],
      [['-o', place.at('nowhere/x.jsonl')], 'no such file or folder'],
    ] as const) {
      const { status, stdout, stderr } = reheapProcess(['record', ...args, '--', place.at('hello.py')])
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/^reheap: [^\n]+\n$/)
      expect(stderr).toContain(line)
    }
    expect(existsSync(place.at('nowhere'))).toBe(false)
  })
})
