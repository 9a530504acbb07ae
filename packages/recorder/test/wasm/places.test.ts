import { EventColumns } from '@reheap/kernel'
import { objectsOf, profileOfRuntime, startingFrom, Verification } from '@reheap/machine'
import { forEachBinding, namesOf, REQUEST_OPCODES, referencesOf } from '@reheap/refcount'
import { describe, expect, test } from 'vitest'
import { RECORDABLE, type Recorded, recorded, textOf, verified } from './recorded.ts'

/** By object its attributes, and what each holds; all by the names of variables. */
type Holding = Record<string, Record<string, string[]>>

/** What the log calls its names. */
function nameTexts(rows: EventColumns): ReadonlyMap<number, string> {
  const texts = new Map<number, string>()
  for (let row = 0; row < rows.length; row++)
    if (rows.code[row] === REQUEST_OPCODES.DefineName) texts.set(rows.id[row] ?? 0, JSON.parse(rows.detail(row) ?? '').text)
  return texts
}

/** Rows from one to another, as a batch. */
function piece(rows: EventColumns, from: number, to: number): EventColumns {
  const copy = new EventColumns(to - from, from)
  for (let row = from; row < to; row++) {
    const { code, tag, id, other, size, address } = rows
    copy.push(code[row] ?? 0, tag[row] ?? 0, id[row] ?? 0, other[row] ?? 0, size[row] ?? 0, address[row] ?? 0)
    const detail = rows.detail(row)
    if (detail !== null) copy.setDetail(copy.length - 1, detail)
  }
  return copy
}

type Objects = Parameters<typeof referencesOf>[0]

/** What the log says of the objects that variables hold: their own attributes, and the keys of their `__dict__`. */
function holdingIn(objects: Objects, texts: ReadonlyMap<number, string>): Holding {
  const text = (name: number | null): string => (name === null ? '' : (texts.get(name) ?? `name ${name} was not defined`))
  const variables = (object: number): string[] =>
    namesOf(objects, object)
      .map(({ name }) => text(name))
      .filter((name) => /^[vo]_/.test(name))
  const holding: Holding = {}
  forEachBinding(objects, ({ name, object }) => {
    if (!/^[vo]_/.test(text(name))) return
    const held: Record<string, string[]> = {}
    const take = (attribute: string, to: number): void => {
      const names = variables(to)
      if (names.length > 0 && attribute !== '' && !attribute.startsWith('__')) held[attribute] = names.toSorted()
    }
    for (const reference of referencesOf(objects, object)) {
      take(text(reference.name), reference.object)
      if (text(reference.name) !== '__dict__') continue
      for (const own of referencesOf(objects, reference.object)) take(text(own.name).slice(1, -1), own.object)
    }
    holding[text(name)] = held
  })
  return holding
}

/** What the log says wherever the script binds `check`. */
function holdings({ rows, version, collector }: Recorded): Holding[] {
  const profile = profileOfRuntime({ name: 'cpython', version: version ?? '', pointerBits: 32 })
  if (profile._tag === 'Left') throw new Error(profile.left)
  const verification = new Verification(startingFrom(profile.right, collector))
  const texts = nameTexts(rows)
  const found: Holding[] = []
  let from = 0
  for (let row = 0; row < rows.length; row++) {
    if (rows.code[row] !== REQUEST_OPCODES.BindName || texts.get(rows.size[row] ?? 0) !== 'check') continue
    const fed = verification.feed(piece(rows, from, row))
    if (fed._tag === 'Left') throw new Error(fed.left.reason.message)
    const objects = objectsOf(verification.state())
    if (objects !== null) found.push(holdingIn(objects, texts))
    from = row
  }
  return found
}

/** Prints the keys of a dict, as Python writes them, and puts one under each. */
const KEYED = `keys = ['user', "it's", 'say "so"', 'both \\' and "', 'tab\\tand \\\\', 'größe', 'Ωmega', '🐍 snake', '', 'x' * 60, 'y' * 61]
keys += [0, 7, 2 ** 30 - 1, 2 ** 30, -1, 2.5, (1, 2), None, True]
v_dict = {key: [number] for number, key in enumerate(keys)}
print([key if key != 'y' * 61 else 'y' * 60 + '…' for key in v_dict])
`

describe.each(RECORDABLE)('attributes, CPython %s', (interpreter) => {
  test('[R91] each attribute of the log holds what the interpreter says that it holds, and none is left out', async () => {
    const run = await recorded(textOf('places/attributes.py'), { interpreter })
    expect(run.end).toEqual({ kind: 'finished' })
    const said: Holding[] = run.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(said.length).toBe(13)
    const found = holdings(run)
    for (const [place, holding] of said.entries()) {
      const ours = found[place] ?? {}
      expect(Object.fromEntries(Object.keys(holding).map((name) => [name, ours[name]])), `check ${place}`).toEqual(holding)
    }
    expect(verified(run).mismatches).toBe(0)
  }, 200_000)
})

test.each(RECORDABLE)(
  '[R92] keys are written as Python writes them, and only if that was asked for, CPython %s',
  async (interpreter) => {
    const keysIn = async (hasKeys: boolean): Promise<{ ours: string[]; output: string }> => {
      const run = await recorded(KEYED, { interpreter, hasKeys })
      const texts = nameTexts(run.rows)
      const { rows } = run
      const ours: string[] = []
      for (let row = 0; row < rows.length; row++) {
        const name = rows.code[row] === REQUEST_OPCODES.AddReference ? texts.get(rows.size[row] ?? Number.NaN) : undefined
        if (name !== undefined && !name.startsWith('__')) ours.push(name)
      }
      expect(verified(run).mismatches).toBe(0)
      return { ours, output: run.output.trim() }
    }
    const asked = await keysIn(true)
    const told = asked.output.slice(1, -1)
    // What is neither a string nor a small whole number has no name.
    const rest = ', 1073741824, -1, 2.5, (1, 2), None, True'
    expect(told).toContain(rest)
    expect(asked.ours.join(', ')).toBe(told.replace(rest, ''))
    expect((await keysIn(false)).ours).toEqual([])
  },
  200_000,
)
