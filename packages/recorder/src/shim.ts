import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { arch, homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { Interpreter } from './interpreter.ts'
import { type RecordError, recordError } from './record-error.ts'

/** The C sources lie beside `src` and `dist`. */
const SOURCES = fileURLToPath(new URL('../shim/', import.meta.url))
const FLAGS = ['-O2', '-std=gnu11', '-fPIC', '-shared', '-fvisibility=hidden', '-pthread']

/** Tried in this order where `$CC` does not say. */
const COMPILERS = ['cc', 'gcc', 'clang']

const answers = (command: readonly string[], env: NodeJS.ProcessEnv): boolean => {
  const [name = '', ...first] = command
  return spawnSync(name, [...first, '--version'], { env, stdio: 'ignore' }).status === 0
}

function findCompiler(env: NodeJS.ProcessEnv): Either<RecordError, readonly string[]> {
  const named = (env.CC ?? '').split(' ').filter((word) => word !== '')
  const candidates = named.length > 0 ? [named] : COMPILERS.map((name) => [name])
  const found = candidates.find((command) => answers(command, env))
  if (found !== undefined) return right(found)
  const sought = named.length > 0 ? `CC=${named.join(' ')} does not run` : `none of ${COMPILERS.join(', ')} runs`
  return left(
    recordError(
      'NoCompiler',
      `no C compiler: ${sought}; recording compiles a small C library at first use: install gcc or clang with the C library's headers, or set CC`,
    ),
  )
}

const cacheFolder = (env: NodeJS.ProcessEnv): string => join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'reheap')

/** Options of the compiler for one interpreter. */
function flagsFor({ minor, pointerBits }: Interpreter, isNative: boolean): readonly string[] {
  return [
    ...FLAGS,
    ...(pointerBits === 32 && ['x64', 's390x'].includes(arch()) ? ['-m32'] : []),
    ...(isNative ? ['-DREHEAP_NATIVE'] : []),
    ...(minor === 6 ? ['-DREHEAP_RESETS_ALLOCATORS'] : []),
  ]
}

/** Path of the shared object to preload, compiled now if this machine has not done so before. */
export function compiledShim(interpreter: Interpreter, env: NodeJS.ProcessEnv, isNative = false): Either<RecordError, string> {
  const sources = readdirSync(SOURCES).sort()
  const flags = flagsFor(interpreter, isNative)
  const hash = createHash('sha256').update(JSON.stringify([arch(), flags]))
  for (const name of sources) hash.update(`\0${name}\0`).update(readFileSync(join(SOURCES, name)))
  const folder = cacheFolder(env)
  const path = join(folder, `shim-${hash.digest('hex').slice(0, 16)}.so`)
  if (/[\s:]/.test(path))
    return left(
      recordError('Unwritable', `${folder}: LD_PRELOAD cannot name a path with a space or colon; set XDG_CACHE_HOME to another folder`),
    )
  if (existsSync(path)) return right(path)
  const compiler = findCompiler(env)
  if (isLeft(compiler)) return compiler
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    return left(
      recordError(
        'Unwritable',
        `${folder}: the cache folder cannot be made (${(error as Error).message}); set XDG_CACHE_HOME to another folder`,
      ),
    )
  }
  return compile(compiler.right, flags, sources, path, env)
}

function compile(
  compiler: readonly string[],
  flags: readonly string[],
  sources: readonly string[],
  path: string,
  env: NodeJS.ProcessEnv,
): Either<RecordError, string> {
  const [command = '', ...first] = compiler
  const partial = `${path}.${process.pid}`
  const files = sources.filter((name) => name.endsWith('.c')).map((name) => join(SOURCES, name))
  const compiled = spawnSync(command, [...first, ...flags, '-o', partial, ...files, '-ldl'], { env, encoding: 'utf8' })
  if (compiled.status === 0) {
    renameSync(partial, path)
    return right(path)
  }
  rmSync(partial, { force: true })
  const said = compiled.stderr?.split('\n').find((line) => line.includes('error')) ?? compiled.stderr?.split('\n')[0] ?? ''
  const help = flags.includes('-m32')
    ? 'a 32-bit interpreter needs the 32-bit C library, gcc-multilib'
    : "the C library's headers are needed, libc6-dev"
  return left(recordError('CompilerFailed', `${compiler.join(' ')} could not compile the recorder's C library: ${said.trim()} (${help})`))
}
