import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fakePython, freshFolder, written } from '../test/scripts.ts'
import { findPythons } from './python-search.ts'

const folder = freshFolder()
afterAll(() => rmSync(folder, { recursive: true }))

test('[R30] interpreters are found on PATH and among the versions of pyenv, oldest first, each once', () => {
  const stats = 'Small block threshold = 512, in 32 size classes.'
  const bin = join(folder, 'bin')
  const pyenv = join(folder, 'pyenv')
  for (const path of [bin, join(pyenv, 'versions/3.9.1/bin'), join(pyenv, 'versions/3.10.2/bin')]) mkdirSync(path, { recursive: true })
  const python = (path: string, version: string): string => {
    const file = join(path, 'python3')
    return fakePython(path, 'python3', ['reheap', 'cpython', version, '64', '', file], stats)
  }
  const onPath = python(bin, '3.12.4')
  fakePython(bin, 'python3.12', ['reheap', 'cpython', '3.12.4', '64', '', onPath], stats)
  fakePython(bin, 'python3.5', ['reheap', 'cpython', '3.5.1', '64', '', '/x'], stats)
  written(bin, 'python3-config', '#!/bin/sh\nexit 1\n')
  const older = python(join(pyenv, 'versions/3.9.1/bin'), '3.9.1')
  const newer = python(join(pyenv, 'versions/3.10.2/bin'), '3.10.2')
  const found = findPythons({ PATH: `${bin}:/usr/bin/nowhere:/bin`, PYENV_ROOT: pyenv }).filter(({ executable }) =>
    executable.startsWith(folder),
  )
  expect(found.map(({ version, executable }) => [version, executable])).toStrictEqual([
    ['3.9.1', older],
    ['3.10.2', newer],
    ['3.12.4', onPath],
  ])
})
