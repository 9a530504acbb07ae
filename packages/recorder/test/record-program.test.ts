/** Recordings as event logs, and everything that keeps one from being made. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { REQUEST_OPCODES } from '@reheap/allocator'
import { openLogFile } from '@reheap/event-log/node'
import { ANY_LAYER_OPCODES } from '@reheap/kernel'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { recordProgram } from '../src/record-program.ts'
import { keptDetails } from './kept-events.ts'
import { env, folder, lack, python } from './recorded.ts'
import { written } from './scripts.ts'

afterAll(() => rmSync(folder, { recursive: true }))

const command = python?.command ?? ''
const vocabulary = { ...REQUEST_OPCODES, ...ANY_LAYER_OPCODES }
/** Leaves a file if it was run. */
const ran = join(folder, 'ran')
const script = written(folder, 'job.py', `open(${JSON.stringify(ran)}, 'w').close()\n`)
const options = { python: command, args: ['-I', '-S', script], env, stdio: 'ignore' } as const

describe.skipIf(lack !== '')(`a recording as an event log${lack}`, () => {
  test('[R28] is whole and closed, with columns for thread and heap, and time on marks and observations only', async () => {
    const output = join(folder, 'job.arrows')
    const recorded = await recordProgram({ ...options, output })
    const opened = await openLogFile(output, { vocabulary })
    if (isLeft(recorded) || isLeft(opened)) throw new Error('no log')
    const log = opened.right
    expect([log.length, log.isClosed, log.damage]).toStrictEqual([recorded.right.events, true, []])
    expect(log.header).toMatchObject({ reheap: 1, runtime: { name: 'cpython', version: python?.version } })
    for await (const batch of log.batches()) {
      if (isLeft(batch)) throw new Error(batch.left.message)
      const { length, code, time } = batch.right
      expect(keptDetails(batch.right).every((event) => (event.time ?? 0) > 0)).toBe(true)
      expect(
        [...code.subarray(0, length).keys()].filter((row) => (code[row] ?? 0) < 240 && !Number.isNaN(time?.[row] ?? Number.NaN)),
      ).toStrictEqual([])
    }
    await log.close()
  })

  test('[R24] does not replace a file that is there, and the program is not started', async () => {
    rmSync(ran, { force: true })
    const output = written(folder, 'there.arrows', 'precious')
    const recorded = await recordProgram({ ...options, output })
    expect(recorded).toMatchObject({ left: { kind: 'OutputExists', exit: null, message: expect.stringContaining(output) } })
    expect([readFileSync(output, 'utf8'), existsSync(ran), existsSync(`${output}.index`)]).toStrictEqual(['precious', false, false])
  })

  test('[R24] replaces it when told to', async () => {
    const output = written(folder, 'old.arrows', 'old')
    expect(isRight(await recordProgram({ ...options, output, overwrite: true }))).toBe(true)
    expect(readFileSync(output).length).toBeGreaterThan(10_000)
  })

  test('[R24] where nothing can be written the program is not started', async () => {
    rmSync(ran, { force: true })
    const recorded = await recordProgram({ ...options, output: join(folder, 'no/such/folder/x.arrows') })
    expect(recorded).toMatchObject({ left: { kind: 'Unwritable', exit: null } })
    expect(existsSync(ran)).toBe(false)
  })

  test('[R20] of a program that was not recorded is not left behind', async () => {
    const wrapper = written(folder, 'starter', `#!/bin/sh\n'${command}' "$@"\nexit $?\n`)
    const place = join(folder, 'place')
    mkdirSync(place)
    const recorded = await recordProgram({ ...options, python: wrapper, output: join(place, 'x.arrows') })
    expect(recorded).toMatchObject({ left: { kind: 'NotRecorded', exit: { status: 0 } } })
    expect(readdirSync(place)).toStrictEqual([])
  })

  test('[R21] without a compiler is an error before the program starts', async () => {
    rmSync(ran, { force: true })
    const output = join(folder, 'uncompiled.arrows')
    const recorded = await recordProgram({ ...options, output, env: { ...env, CC: '/nowhere/cc', XDG_CACHE_HOME: join(folder, 'empty') } })
    expect(recorded).toMatchObject({ left: { kind: 'NoCompiler', exit: null } })
    expect([existsSync(ran), existsSync(output)]).toStrictEqual([false, false])
  })

  test('[R23] with the allocator set by the environment is an error before the program starts', async () => {
    const output = join(folder, 'unset.arrows')
    const recorded = await recordProgram({ ...options, output, env: { ...env, PYTHONMALLOC: 'malloc' } })
    expect(recorded).toMatchObject({ left: { kind: 'AllocatorSetting', exit: null, message: expect.stringContaining('unset it') } })
    expect(existsSync(output)).toBe(false)
  })

  test('[R26] an allocator that is replaced without a word is found', async () => {
    // The option that is refused on the command line, where it cannot be seen.
    const wrapper = written(folder, 'debugging', `#!/bin/sh\n[ "$1" = -E ] && exec '${command}' "$@"\nexec '${command}' -X dev "$@"\n`)
    const recorded = await recordProgram({ ...options, python: wrapper, output: join(folder, 'debugging.arrows') })
    if (isLeft(recorded)) throw new Error(recorded.left.message)
    expect(recorded.right.bypassedArenas).toBeGreaterThan(0)
    expect(recorded.right.findings[0]).toMatch(/the program replaced the allocator/)
  })
})

describe('no recording is begun', () => {
  test.skipIf(process.platform !== 'linux')('[R22] without an interpreter, and no file is made (Linux only)', async () => {
    const output = join(folder, 'x.arrows')
    const recorded = await recordProgram({ python: join(folder, 'nothing'), args: [script], output })
    expect(recorded).toMatchObject({ left: { kind: 'NoPython', exit: null } })
    expect(existsSync(output)).toBe(false)
  })

  test.skipIf(process.platform !== 'linux')('[R9] at an interval that is no number of events (Linux only)', async () => {
    for (const observeEvery of [-1, 0.5, Number.NaN])
      expect(await recordProgram({ ...options, output: join(folder, 'x.arrows'), observeEvery })).toMatchObject({
        left: { kind: 'Options' },
      })
  })

  test('[R33] on another system than Linux', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' })
    try {
      expect(await recordProgram({ ...options, output: join(folder, 'x.arrows') })).toMatchObject({
        left: { kind: 'System', message: 'recording needs Linux, this is win32; logs can be read and replayed anywhere' },
      })
    } finally {
      Object.defineProperty(process, 'platform', platform ?? {})
    }
  })
})
