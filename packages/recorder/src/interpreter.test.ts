import { rmSync } from 'node:fs'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { fakePython, freshFolder, written } from '../test/scripts.ts'
import { allocatorSetting, askInterpreter, defaultOutput, type Interpreter } from './interpreter.ts'
import type { RecordError } from './record-error.ts'

const folder = freshFolder()
afterAll(() => rmSync(folder, { recursive: true }))

const STATS = 'Small block threshold = 512, in 32 size classes.'
const message = (asked: Either<RecordError, Interpreter>): string =>
  isLeft(asked) ? `${asked.left.kind} ${asked.left.message}` : 'no error'

describe('[R22] what cannot be recorded is refused with the command, the reason and the way out', () => {
  test('[R22] a command that is not there', () => {
    const command = `${folder}/absent`
    expect(message(askInterpreter(command))).toBe(`NoPython ${command}: there is no such command; name a Python interpreter with --python`)
  })

  test('[R22] a command that is no Python', () => {
    const command = written(folder, 'broken', '#!/bin/sh\necho "broken: cannot start" >&2\nexit 3\n')
    expect(message(askInterpreter(command))).toBe(
      `NoPython ${command}: does not answer as a Python interpreter does (broken: cannot start); name one with --python`,
    )
  })

  test.each([
    ['pypy', ['reheap', 'pypy', '3.10.14', '64', '', '/x'], STATS, 'is pypy 3.10.14; only CPython can be recorded, name one with --python'],
    ['python2', ['reheap', 'cpython', '2.7.18', '64', '', '/x'], '', 'is CPython 2.7.18; 3.6 or newer is needed, name one with --python'],
    [
      'python35',
      ['reheap', 'cpython', '3.5.10', '64', 'm', '/x'],
      STATS,
      'is CPython 3.5.10; 3.6 or newer is needed, name one with --python',
    ],
    [
      'python313t',
      ['reheap', 'cpython', '3.13.1', '64', 't', '/x'],
      STATS,
      'is the free-threaded build of CPython 3.13.1, which has no pymalloc; name the build with a GIL with --python',
    ],
    [
      'python311d',
      ['reheap', 'cpython', '3.11.7', '64', 'd', '/x'],
      STATS,
      'is a debug build of CPython 3.11.7, which pads every request; name a release build with --python',
    ],
    [
      'nopymalloc',
      ['reheap', 'cpython', '3.11.7', '64', '', '/x'],
      'Small block threshold = 16384, in 73 size classes.',
      'CPython 3.11.7 built without pymalloc has no allocator to record; name another with --python',
    ],
  ])('[R22] %s', (name, answer, stats, reason) => {
    const command = fakePython(folder, name, answer, stats)
    expect(message(askInterpreter(command))).toBe(`UnsupportedPython ${command}: ${reason}`)
  })

  test('[R22] one that can be recorded describes itself', () => {
    const command = fakePython(
      folder,
      'python36',
      ['some banner', 'reheap', 'cpython', '3.6.9', '64', 'm', '/opt/bin/python3.6', 'glibc 2.36'],
      'Small block threshold = 512, in 64 size classes.',
    )
    expect(askInterpreter(command)).toMatchObject({
      right: {
        command,
        executable: '/opt/bin/python3.6',
        version: '3.6.9',
        minor: 6,
        pointerBits: 64,
        sizeClasses: 64,
        cLibrary: 'glibc 2.36',
      },
    })
  })
})

describe('[R23] settings that take pymalloc or its hooks away are refused', () => {
  test.each([
    [11, ['a.py'], { PYTHONMALLOC: 'malloc' }, 'PYTHONMALLOC=malloc'],
    [11, ['a.py'], { PYTHONMALLOC: 'pymalloc' }, 'PYTHONMALLOC=pymalloc'],
    [11, ['a.py'], { PYTHONDEVMODE: '1' }, 'PYTHONDEVMODE=1'],
    [11, ['-X', 'dev', 'a.py'], {}, '-X dev'],
    [11, ['-Xdev', 'a.py'], {}, '-X dev'],
    [6, ['-sE', 'a.py'], {}, '-E'],
  ])('[R23] 3.%i %j %j', (minor, args, env, begins) => {
    expect(allocatorSetting(minor, args, env)?.startsWith(begins)).toBe(true)
  })

  test.each([
    [11, ['a.py', '-X', 'dev'], {}],
    [11, ['-c', 'pass', '-Xdev'], {}],
    [11, ['-W', '-Xdev', 'a.py'], {}],
    [11, ['-E', 'a.py'], {}],
    [6, ['-I', 'a.py', '-E'], {}],
    [11, ['a.py'], { PYTHONMALLOC: '' }],
  ])('[R23] 3.%i %j %j is none of them', (minor, args, env) => {
    expect(allocatorSetting(minor, args, env)).toBeNull()
  })
})

test.each([
  [['job.py', 'x'], 'job.arrows'],
  [['-I', '-X', 'importtime', 'some/dir/job.py'], 'job.arrows'],
  [['-m', 'json.tool', 'x.json'], 'json.tool.arrows'],
  [['-Im', 'pytest'], 'pytest.arrows'],
  [['-mpytest'], 'pytest.arrows'],
  [['-c', 'pass'], 'command.arrows'],
  [['-'], 'python.arrows'],
  [[], 'python.arrows'],
  [['tool'], 'tool.arrows'],
])('[R30] a recording of %j is called %s', (args, name) => {
  expect(defaultOutput(args)).toBe(name)
})
