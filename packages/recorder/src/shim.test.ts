import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { freshFolder, written } from '../test/scripts.ts'
import type { Interpreter } from './interpreter.ts'
import type { RecordError } from './record-error.ts'
import { compiledShim } from './shim.ts'

const folder = freshFolder()
afterAll(() => rmSync(folder, { recursive: true }))

const interpreter: Interpreter = {
  command: 'python3',
  executable: '/x',
  version: '3.11.7',
  minor: 11,
  pointerBits: 64,
  sizeClasses: 32,
  cLibrary: 'glibc 2.36',
}
const message = (compiled: Either<RecordError, string>): string =>
  isLeft(compiled) ? `${compiled.left.kind} ${compiled.left.message}` : 'no error'

/** Writes its arguments down and makes the file that is asked for. */
const compiler = written(
  folder,
  'compiler',
  `#!/bin/sh\ncase "$*" in *--version) exit 0 ;; esac\necho "$@" >> ${folder}/calls\nwhile [ "$1" != -o ]; do shift; done\necho made > "$2"\n`,
)
const failing = written(
  folder,
  'failing',
  '#!/bin/sh\ncase "$*" in *--version) exit 0 ;; esac\necho "In file included from x.c:" >&2\necho "x.c:1: error: no stdio.h" >&2\nexit 1\n',
)
const PATH = '/usr/bin:/bin'

describe('[R21] the C library', () => {
  test('[R21] is compiled once for each kind of interpreter, under a name that its sources give it', () => {
    const env = { PATH, CC: `${compiler} --wrapped`, XDG_CACHE_HOME: join(folder, 'cache') }
    const first = compiledShim(interpreter, env)
    expect(first).toMatchObject({ _tag: 'Right' })
    expect(compiledShim({ ...interpreter, minor: 13 }, env)).toStrictEqual(first)
    expect(compiledShim({ ...interpreter, minor: 6 }, env)).not.toStrictEqual(first)
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
    expect(calls).toHaveLength(2)
    expect(calls.every((call) => call.startsWith('--wrapped -O2 '))).toBe(true)
    expect(readdirSync(join(folder, 'cache/reheap')).filter((name) => !/^shim-[0-9a-f]{16}\.so$/.test(name))).toStrictEqual([])
  })

  test('[R21] that was compiled before needs no compiler', () => {
    const cache = { XDG_CACHE_HOME: join(folder, 'kept') }
    const made = compiledShim(interpreter, { PATH, CC: compiler, ...cache })
    expect(compiledShim(interpreter, { PATH: '/nowhere', ...cache })).toStrictEqual(made)
  })

  test('[R21] without a compiler says what was looked for and what to install', () => {
    expect(message(compiledShim(interpreter, { PATH: '/nowhere', XDG_CACHE_HOME: join(folder, 'none') }))).toBe(
      "NoCompiler no C compiler: none of cc, gcc, clang runs; recording compiles a small C library at first use: install gcc or clang with the C library's headers, or set CC",
    )
    expect(message(compiledShim(interpreter, { PATH, CC: '/nowhere/cc', XDG_CACHE_HOME: join(folder, 'none') }))).toContain(
      'no C compiler: CC=/nowhere/cc does not run',
    )
  })

  test('[R21] that does not compile says the first error, and leaves no file behind', () => {
    const env = { PATH, CC: failing, XDG_CACHE_HOME: join(folder, 'failed') }
    expect(message(compiledShim(interpreter, env))).toBe(
      `CompilerFailed ${failing} could not compile the recorder's C library: x.c:1: error: no stdio.h (the C library's headers are needed, libc6-dev)`,
    )
    expect(readdirSync(join(folder, 'failed/reheap'))).toStrictEqual([])
  })

  test.skipIf(process.arch !== 'x64')(
    '[R21] for a 32-bit interpreter names the 32-bit C library (only where 64 bits are the default)',
    () => {
      const env = { PATH, CC: failing, XDG_CACHE_HOME: join(folder, 'failed') }
      expect(message(compiledShim({ ...interpreter, pointerBits: 32 }, env))).toContain('gcc-multilib')
    },
  )

  test('[R21] cannot lie where LD_PRELOAD cannot name it, or where nothing can be written', () => {
    expect(message(compiledShim(interpreter, { PATH, CC: compiler, XDG_CACHE_HOME: join(folder, 'a b') }))).toMatch(
      /^Unwritable .*a b\/reheap: LD_PRELOAD cannot name a path with a space or colon; set XDG_CACHE_HOME to another folder$/,
    )
    mkdirSync(join(folder, 'blocked'))
    written(join(folder, 'blocked'), 'reheap', 'a file')
    expect(message(compiledShim(interpreter, { PATH, CC: compiler, XDG_CACHE_HOME: join(folder, 'blocked') }))).toMatch(
      /^Unwritable .*: the cache folder cannot be made .*; set XDG_CACHE_HOME to another folder$/,
    )
  })
})
