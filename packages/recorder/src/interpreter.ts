import { spawnSync } from 'node:child_process'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type RecordError, recordError } from './record-error.ts'

/** A Python interpreter, as it describes itself. */
export interface Interpreter {
  /** The command that was asked. */
  readonly command: string
  /** `sys.executable`. */
  readonly executable: string
  /** `3.11.7`, `3.15.0b1`. */
  readonly version: string
  /** The 11 of 3.11. */
  readonly minor: number
  readonly pointerBits: 32 | 64
  /** Size classes of its pymalloc: 32 or 64. */
  readonly sizeClasses: number
  /** As `glibc 2.36`; empty: another C library than GNU's. */
  readonly cLibrary: string
}

/** Runs in any Python from 2.6 on. */
const QUESTION = `
import os, sys, struct
v = sys.version_info
name = getattr(getattr(sys, 'implementation', None), 'name', 'cpython')
stage = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc', 'final': ''}[v[3]]
version = '%d.%d.%d%s%s' % (v[0], v[1], v[2], stage, v[4] if stage else '')
try: library = os.confstr('CS_GNU_LIBC_VERSION') or ''
except Exception: library = ''
print('\\n'.join(['reheap', name, version, str(struct.calcsize('P') * 8), getattr(sys, 'abiflags', ''), sys.executable or '', library]))
sys.stdout.flush()
if hasattr(sys, '_debugmallocstats'): sys._debugmallocstats()
`

/** Asks a Python interpreter what it is, and whether its allocator can be recorded. Left: why it cannot be recorded, and how to mend it. */
export function askInterpreter(
  command: string,
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): Either<RecordError, Interpreter> {
  const asked = spawnSync(command, ['-E', '-S', '-c', QUESTION], { env, cwd, encoding: 'utf8', timeout: 60_000 })
  if (asked.error !== undefined) {
    const missing = 'code' in asked.error && asked.error.code === 'ENOENT'
    const why = missing ? 'there is no such command' : asked.error.message
    return left(recordError('NoPython', `${command}: ${why}; name a Python interpreter with --python`))
  }
  const lines = asked.stdout.split('\n')
  const start = lines.indexOf('reheap')
  if (start < 0) {
    const said = asked.stderr.trim().split('\n').at(-1) ?? ''
    return left(
      recordError(
        'NoPython',
        `${command}: does not answer as a Python interpreter does${said === '' ? '' : ` (${said})`}; name one with --python`,
      ),
    )
  }
  const [name = '', version = '', bits = '', flags = '', executable = '', cLibrary = ''] = lines.slice(start + 1)
  const refused = refusal(name, version, flags)
  if (refused !== null) return left(recordError('UnsupportedPython', `${command}: ${refused}`))
  const sizeClasses = Number(/^Small block threshold = 512, in (\d+) size classes\.$/m.exec(asked.stderr)?.[1] ?? 0)
  if (sizeClasses === 0)
    return left(
      recordError(
        'UnsupportedPython',
        `${command}: CPython ${version} built without pymalloc has no allocator to record; name another with --python`,
      ),
    )
  const pointerBits = bits === '32' ? 32 : 64
  return right({ command, executable, version, minor: minorOf(version), pointerBits, sizeClasses, cLibrary })
}

const minorOf = (version: string): number => Number(version.split('.')[1])

function refusal(name: string, version: string, flags: string): string | null {
  if (name !== 'cpython') return `is ${name} ${version}; only CPython can be recorded, name one with --python`
  if (!version.startsWith('3.') || minorOf(version) < 6) return `is CPython ${version}; 3.6 or newer is needed, name one with --python`
  if (flags.includes('t'))
    return `is the free-threaded build of CPython ${version}, which has no pymalloc; name the build with a GIL with --python`
  if (flags.includes('d')) return `is a debug build of CPython ${version}, which pads every request; name a release build with --python`
  return null
}

/** A setting that takes pymalloc, or our place above it, away; null if there is none. */
export function allocatorSetting(minor: number, args: readonly string[], env: NodeJS.ProcessEnv): string | null {
  if (env.PYTHONMALLOC) return `PYTHONMALLOC=${env.PYTHONMALLOC} sets the allocator anew after recording began: unset it`
  if (env.PYTHONDEVMODE) return `PYTHONDEVMODE=${env.PYTHONDEVMODE} replaces the allocator by the one for debugging: unset it`
  const options = interpreterOptions(args)
  if (options.some((option) => /^-X\s*dev$/.test(option))) return '-X dev replaces the allocator by the one for debugging: leave it out'
  if (minor === 6 && options.some((option) => /^-[a-zA-Z]*E/.test(option)))
    return '-E hides from CPython 3.6 the variable at which recording begins: leave it out, or use -I'
  return null
}

/** Options of the interpreter that take a value of their own. */
const TAKES_VALUE = new Set(['-X', '-W', '--check-hash-based-pycs'])

/** The interpreter's own options, each with its value after a space. */
function interpreterOptions(args: readonly string[]): string[] {
  const options: string[] = []
  for (let at = 0; at < args.length; at++) {
    const option = args[at] ?? ''
    if (!option.startsWith('-') || option === '-' || /^-[a-zA-Z]*[cm]/.test(option)) break
    if (TAKES_VALUE.has(option)) options.push(`${option} ${args[++at] ?? ''}`)
    else options.push(option)
  }
  return options
}

/** File name for a recording: that of the script or module, `.arrows`. */
export function defaultOutput(args: readonly string[]): string {
  const taken = interpreterOptions(args).reduce((count, option) => count + option.split(' ').length, 0)
  const [first, second] = args.slice(taken)
  if (first === undefined || first === '-') return 'python.arrows'
  if (/^-[a-zA-Z]*c/.test(first)) return 'command.arrows'
  if (/^-[a-zA-Z]*m/.test(first)) return `${first.replace(/^-[a-zA-Z]*m/, '') || (second ?? 'module')}.arrows`
  const name = first
    .split('/')
    .at(-1)
    ?.replace(/\.pyw?$/, '')
  return `${name || 'python'}.arrows`
}
