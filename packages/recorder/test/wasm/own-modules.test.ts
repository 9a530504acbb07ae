import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { someOf } from '../../../../scripts/tests/effort.ts'
import { AnnotatedSource } from '../../src/index.ts'
import { RECORDABLE, recorded, textOf, verified } from './recorded.ts'

const folder = fileURLToPath(new URL('modules', import.meta.url))

test.each(someOf(RECORDABLE, 2))(
  '[R54] lines of modules in the folder of the script are told like its own, CPython %s',
  async (interpreter) => {
    const source = textOf('modules/app.py')
    const options = { file: `${folder}/app.py`, folders: [folder], interpreter }
    const unrecorded = await recorded(source, { ...options, isRecorded: false })
    const run = await recorded(source, options)
    expect(run.end).toEqual({ kind: 'finished' })
    expect(run.output).toBe(unrecorded.output)
    expect(verified(run).mismatches).toBe(0)

    const annotated = new AnnotatedSource()
    annotated.append(run.rows)
    const [main, ...modules] = [...annotated.files.keys()].map((file) => file.slice(folder.length + 1))
    expect(main).toBe('app.py')
    expect(modules.sort()).toEqual(['helper.py', 'pack/__init__.py', 'pack/inner.py'])
    const lines = (name: string) => annotated.files.get(`${folder}/${name}`)
    expect(lines('helper.py')?.get(6)).toMatchObject({ runs: 40 })
    expect(lines('helper.py')?.get(6)?.born).toBeGreaterThanOrEqual(40)
    expect(lines('helper.py')?.get(9)?.names.get('local')).toBe(2)
    expect(lines('pack/inner.py')?.get(6)).toMatchObject({ runs: 30 })
    expect(lines('pack/__init__.py')?.get(1)?.runs).toBe(1)
    expect(annotated.lines.get(6)).toMatchObject({ runs: 1 })
  },
  200_000,
)
