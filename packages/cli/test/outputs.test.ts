import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLI, HELLO, HELLO_38, linesOf, reheap, start, storedHello, workplace } from './command.ts'

const place = workplace()
const log = place.at('hello.arrows')
beforeAll(() => storedHello(log))
afterAll(place.remove)

/** Command lines that write a file, by the name that it gets. */
const WRITERS: readonly [name: string, args: (path: string) => string[]][] = [
  ['out.arrows', (path) => ['import', HELLO, '-o', path]],
  ['out.jsonl', (path) => ['export', HELLO, '-o', path]],
  ['out.jsonl.gz', (path) => ['export', HELLO, '-o', path]],
  ['facts.jsonl', (path) => ['replay', HELLO, '--facts', path]],
  ['out.csv', (path) => ['timeline', HELLO, '--csv', path]],
  ['out.svg', (path) => ['timeline', HELLO, '--svg', path]],
]
const hasFullDevice = existsSync('/dev/full')
const isRoot = process.getuid?.() === 0

/** What a folder holds beside what the tests put there. */
const strays = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('.'))

describe('outputs', () => {
  test.each([HELLO, HELLO_38])('[C14] import and export lose nothing: %s', (recording) => {
    const stored = place.at('trip.arrows')
    const lines = place.at('trip.jsonl.gz')
    expect(reheap(['import', recording, '-o', stored, '--force']).status).toBe(0)
    expect(reheap(['export', stored, '-o', lines, '--force']).status).toBe(0)
    const original = `${linesOf(recording).join('\n')}\n`
    expect(gunzipSync(readFileSync(lines)).toString()).toBe(original)
    expect(reheap(['export', stored, '-o', '-']).stdout).toBe(original)
  })

  test.each(WRITERS)('[C15] %s is not overwritten unless it is asked for', (name, args) => {
    const path = place.at(name)
    writeFileSync(path, 'precious')
    const { status, stderr } = reheap(args(path))
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `reheap: ${path}: exists already; choose another name or overwrite it with --force\n`,
    })
    expect(readFileSync(path, 'utf8')).toBe('precious')
    expect(reheap([...args(path), '--force']).status).toBe(0)
    expect(readFileSync(path, 'utf8').startsWith('precious')).toBe(false)
    expect(strays(place.folder)).toEqual([])
  })

  test('[C15] an index that is there is not overwritten either', () => {
    writeFileSync(place.at('stale.arrows.index'), 'precious')
    expect(reheap(['import', HELLO, '-o', place.at('stale.arrows')]).stderr).toContain('stale.arrows.index: exists already')
    expect(existsSync(place.at('stale.arrows'))).toBe(false)
    expect(readFileSync(place.at('stale.arrows.index'), 'utf8')).toBe('precious')
  })

  test('[C15] a link stays a link: what it points to is replaced', () => {
    writeFileSync(place.at('target.csv'), 'old')
    symlinkSync(place.at('target.csv'), place.at('link.csv'))
    expect(reheap(['timeline', HELLO, '--csv', place.at('link.csv'), '--force']).status).toBe(0)
    expect(readFileSync(place.at('target.csv'), 'utf8')).toMatch(/^from,to,/)
  })

  test.each(WRITERS)('[C16] %s in a folder that is not there, or that is itself a folder, is refused', (name, args) => {
    expect(reheap(args(place.at(`nowhere/${name}`))).stderr).toMatch(
      /^reheap: [^\n]*cannot be written: no such file or folder; check the path\n$/,
    )
    mkdirSync(place.at(`folder-${name}`))
    const { status, stderr } = reheap([...args(place.at(`folder-${name}`)), '--force'])
    expect(status).toBe(2)
    expect(stderr).toMatch(/^reheap: [^\n]*cannot be written: it is a folder; name a file\n$/)
  })

  test('[C16] a folder that may not be written is refused', () => {
    // Root may write everywhere but into the kernel's own folders.
    const sealed = isRoot ? '/sys' : place.at('sealed')
    if (!isRoot) mkdirSync(sealed, { mode: 0o500 })
    for (const [name, args] of WRITERS) {
      const { status, stderr } = reheap(args(`${sealed}/${name}`))
      expect(status).toBe(2)
      expect(stderr).toMatch(/^reheap: [^\n]*(permission denied|does not permit|read-only)[^\n]*\n$/)
    }
  })

  test.skipIf(!hasFullDevice).each(WRITERS)('[C17] %s on a full device ends with exit 2 (where /dev/full is)', (name, args) => {
    const { status, stdout, stderr } = reheap([...args('/dev/full'), '--force'])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(
      name.endsWith('.arrows') ? /needs two regular files/ : /^reheap: \/dev\/full: [^\n]*no space left on the device[^\n]*\n$/,
    )
  })

  test.skipIf(process.platform === 'win32').each(WRITERS)('[C17] %s beyond the size limit leaves nothing behind', (name, args) => {
    const folder = place.at(`limited-${name}`)
    mkdirSync(folder)
    const command = [process.execPath, CLI, ...args(`${folder}/${name}`)].map((word) => `'${word}'`).join(' ')
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f 4; ${command}`], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toMatch(new RegExp(`^reheap: ${folder}/${name}: cannot be written: the file grew beyond the size limit[^\n]*\n$`))
    expect(readdirSync(folder)).toEqual([])
  })

  test.skipIf(!hasFullDevice)('[C17] a full standard output ends with exit 2 (where /dev/full is)', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `'${process.execPath}' '${CLI}' verify '${log}' > /dev/full`], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toMatch(/^reheap: standard output: cannot be written: no space left[^\n]*\n$/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('[C18] %s half-way leaves nothing half-written', async (signal) => {
    const folder = place.at(signal)
    mkdirSync(folder)
    const frees = Array.from({ length: 70_000 }, () => '{"kind":"Free","domain":"obj","block":null}')
    for (const args of [
      ['import', '-', '-o', `${folder}/log.arrows`],
      ['export', '-', '-o', `${folder}/log.jsonl`],
      ['replay', '-', '--facts', `${folder}/facts.jsonl`],
    ]) {
      const { child, ended } = start(args)
      // Standard input stays open: the command has begun its output and waits for more.
      child.stdin?.on('error', () => {})
      child.stdin?.write(`${[linesOf(HELLO)[0], ...frees].join('\n')}\n`)
      while (strays(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      child.kill(signal)
      expect(await ended).toMatchObject({ signal, stdout: '' })
      expect(readdirSync(folder)).toEqual([])
    }
  })

  test('[C19] a reader that stops early ends the command quietly', () => {
    for (const line of [`export '${log}' -o - | head -1`, `replay '${log}' --facts - | head -1`, `stats '${log}' --json | head -c 1`]) {
      const { stdout, stderr } = spawnSync('sh', ['-c', `'${process.execPath}' '${CLI}' ${line}`], { encoding: 'utf8' })
      expect(stdout.length).toBeGreaterThan(0)
      expect(stderr).toBe('')
    }
  })
})
