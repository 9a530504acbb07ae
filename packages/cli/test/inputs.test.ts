import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HELLO, json, linesOf, reheap, start, storedHello, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

const HEADER = '{"reheap":1,"runtime":{"name":"cpython","version":"3.11.7","pointerBits":64}}'

describe('inputs', () => {
  test('[C6] a log is told by its content, whatever it is called', () => {
    for (const [from, to] of [
      [log, 'a.txt'],
      [HELLO, 'b.arrows'],
    ] as const) {
      copyFileSync(from, place.at(to))
      expect(json(reheap(['verify', place.at(to), '--json']))).toMatchObject({ events: 28_895, mismatches: 0 })
    }
    writeFileSync(place.at('c'), `${linesOf(HELLO).join('\n')}\n`)
    expect(json(reheap(['verify', place.at('c'), '--json']))).toMatchObject({ events: 28_895, mismatches: 0 })
  })

  test.each([
    ['a stored log', () => readFileSync(log)],
    ['compressed lines', () => readFileSync(HELLO)],
    ['lines', () => `${linesOf(HELLO).join('\n')}\n`],
  ])('[C6] - is standard input: %s', (_name, input) => {
    const verified = reheap(['verify', '-', '--json'], { input: input() })
    expect(json(verified)).toMatchObject({ log: '-', events: 28_895, mismatches: 0 })
  })

  test('[C6] a stored log that comes through a pipe leaves no copy behind', () => {
    const temporary = place.at('tmp')
    mkdirSync(temporary)
    const env = { TMPDIR: temporary }
    expect(reheap(['verify', '-'], { input: readFileSync(log), env }).status).toBe(0)
    expect(reheap(['verify', '-'], { input: readFileSync(log).subarray(0, 9000), env }).status).toBe(2)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('[C7] a folder and an empty standard input are refused', () => {
    expect(reheap(['verify', place.folder]).stderr).toContain('it is a folder; name a file')
    expect(reheap(['verify', '-'], { input: '' }).stderr).toContain(
      'standard input: expected a log (.arrows, .jsonl or .jsonl.gz) or a PyTorch snapshot (.pickle), found an empty file',
    )
  })

  test.each([
    ['nothing.arrows', null, 'no such file or folder; check the path'],
    ['empty', '', 'found an empty file'],
    ['notes.txt', 'a few notes\n', 'found text that is not JSON Lines'],
    ['list.json', '[1, 2]\n', 'found a JSON list'],
    ['archive.zip', 'PK\u0003\u0004....', 'found a zip archive'],
    [
      'old.jsonl',
      '{"reheap":9,"runtime":{"name":"cpython","version":"3.11.7"}}\n',
      'old.jsonl:1: header.reheap: expected format version 1',
    ],
    ['bad.jsonl', `${HEADER}\n{"kind":"Malloc","domain":"obj","block":-1,"bytes":3}\n`, 'bad.jsonl:2: Malloc.block: expected'],
    [
      'ruby.jsonl',
      '{"reheap":1,"runtime":{"name":"ruby","version":"3.3"}}\n',
      'no profile for the runtime ruby 3.3; choose one with --profile',
    ],
  ])('[C7] %s is refused with one line that says why', (name, content, line) => {
    if (content !== null) writeFileSync(place.at(name), content)
    const { status, stdout, stderr } = reheap(['verify', place.at(name), '--json'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^reheap: [^\n]+\n$/)
    expect(stderr).toContain(line)
  })

  test('[C7] a path that leads through a file is refused', () => {
    expect(reheap(['verify', `${log}/inside`]).stderr).toContain('a part of the path is no folder')
  })

  test('[C8] a request that cannot have happened ends with its index and the reason', () => {
    const lines = [HEADER, '{"kind":"Malloc","domain":"obj","block":0,"bytes":8}', '{"kind":"Free","domain":"obj","block":7}']
    writeFileSync(place.at('twice.jsonl'), `${lines.join('\n')}\n`)
    for (const verb of [['verify'], ['replay'], ['stats'], ['timeline'], ['whatif', '--vary', 'profile=cpython-3.9']]) {
      const { status, stdout, stderr } = reheap([...verb, place.at('twice.jsonl')])
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/twice\.jsonl: event 1 cannot have happened: block 7 is not live.*\(BlockNotLive\).*\n$/)
    }
  })

  test.each(['big.jsonl', 'big.arrows'])('[C9] %s, deleted while it is read, ends with exit 2', async (name) => {
    const lines = place.at('big.jsonl')
    const frees = Array.from({ length: 500_000 }, () => '{"kind":"Free","domain":"obj","block":null}')
    writeFileSync(lines, `${[HEADER, ...frees].join('\n')}\n`)
    if (name.endsWith('.arrows')) expect(reheap(['import', lines, '-o', place.at(name)]).status).toBe(0)
    const { ended, child } = start(['export', place.at(name), '-o', '-'])
    // The header has come; the rest does not fit into the pipe, so most of the log is unread when it goes.
    child.stdout?.once('data', () => rmSync(place.at(name)))
    const { status, stderr } = await ended
    expect(status).toBe(2)
    expect(stderr).toMatch(/deleted while it was being read[^\n]*\n$/)
  })
})
