import { spawnSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { pickled } from '../../test/pickle.ts'
import { AT, block, entry, freed, MIB, refusalOf, segment, told } from '../../test/snapshots.ts'

const frames = [
  { filename: 'model.py', line: 12, name: 'forward' },
  { filename: 'train.py', line: 2 ** 40, name: '<module>' },
]
const SNAPSHOT = {
  segments: [segment(AT, [block(AT, 4 * MIB, 'active_allocated', { frames }), block(AT + 4 * MIB, 16 * MIB, 'inactive')])],
  device_traces: [
    [
      entry('segment_alloc', AT, 20 * MIB, { frames, time_us: 1_764_000_000_000_000 }),
      entry('alloc', AT, 4 * MIB, { frames, time_us: 1_764_000_000_000_007 }),
    ],
    [],
  ],
  allocator_settings: { max_split_size: -1, garbage_collection_threshold: 0.25, expandable_segments: false },
}
const bytes = (...codes: readonly (number | string)[]): Uint8Array =>
  Uint8Array.from(codes.flatMap((code) => (typeof code === 'number' ? [code] : [...code].map((letter) => letter.charCodeAt(0)))))
const python = spawnSync('python3', ['-c', 'print(1)']).status === 0

describe('pickles', () => {
  test.each([2, 4, 5] as const)('[T35] protocol %d, plain or gzip, in chunks of any size, gives the same log', async (protocol) => {
    const expected = (await told(pickled(SNAPSHOT))).text
    expect(expected).toContain('"kind":"DeviceMalloc"')
    const file = pickled(SNAPSHOT, protocol)
    for (const chunkBytes of [1, 2, 3, 7, 64, 65_536]) expect((await told(file, chunkBytes)).text).toBe(expected)
    expect((await told(gzipSync(file), 50)).text).toBe(expected)
  })

  test('[T35] texts of any length may lie across chunks of any size', async () => {
    const texts = [1, 5000, 30_000, 3, 9000, 20_000].map((length) => 'x'.repeat(length))
    const traced = texts.map((name, line) => entry('oom', 16, 16, { frames: [{ filename: 'a.py', line, name }] }))
    const file = pickled({ segments: [], device_traces: [traced] })
    const expected = (await told(file)).text
    for (const text of texts) expect(expected).toContain(`"function":"${text}"`)
    for (const chunkBytes of [4096, 4097, 5001, 8192, 13_579, 40_000]) expect((await told(file, chunkBytes)).text).toBe(expected)
  })

  test.each([1, 2, 3, 1000])('[T35] lists that are filled %d values at a time are the same', async (batch) => {
    expect((await told(pickled(SNAPSHOT, 4, batch))).text).toBe((await told(pickled(SNAPSHOT))).text)
  })

  test.skipIf(!python).each([2, 3, 4, 5])("[T35] protocol %d of Python's own pickler is read", async (protocol) => {
    const program = `import json,pickle,sys; sys.stdout.buffer.write(pickle.dumps(json.load(sys.stdin), ${protocol}))`
    const plain = { ...SNAPSHOT, segments: SNAPSHOT.segments.map((one) => ({ ...one, segment_pool_id: [0, 0] })) }
    const { status, stdout } = spawnSync('python3', ['-c', program], { input: JSON.stringify(plain) })
    // A newer protocol than the interpreter knows: there is nothing to read.
    if (status === 0) expect((await told(stdout)).text).toBe((await told(pickled(SNAPSHOT))).text)
  })

  test('[T35] a number of any length, bytes and empty tuples are read', async () => {
    const prefix = bytes(0x80, 4, '}(', 0x8c, 8, 'segments]', 0x8c, 1, 'x')
    const values = [
      bytes('C', 3, 'abc'),
      bytes('B', 1, 0, 0, 0, 'a'),
      bytes(0x8e, 1, 0, 0, 0, 0, 0, 0, 0, 'a'),
      bytes(')'),
      bytes(0x8b, 2, 0, 0, 0, 1, 1),
      bytes(0x8a, 9, 255, 255, 255, 255, 255, 255, 255, 255, 0),
      bytes(0x8a, 0),
      bytes('(KK', 1, 't').subarray(0, 0),
      bytes('(K', 1, 'K', 2, 't'),
      bytes(0x8d, 1, 0, 0, 0, 0, 0, 0, 0, 'a'),
      bytes('NK', 1, 0x85).subarray(0, 1),
    ].filter((value) => value.length > 0)
    for (const value of values) expect(await refusalOf(Buffer.concat([prefix, value, bytes('u.')]))).toBe('accepted')
  })
})

describe('what is refused', () => {
  test.each([
    ['c', 'GLOBAL'],
    ['R', 'REDUCE'],
    ['b', 'BUILD'],
    ['i', 'INST'],
    ['o', 'OBJ'],
    ['P', 'PERSID'],
    ['Q', 'BINPERSID'],
    ['0', 'POP'],
    ['2', 'DUP'],
    ['T', 'BINSTRING'],
    ['\x81', 'NEWOBJ'],
    ['\x82', 'EXT1'],
    ['\x92', 'NEWOBJ_EX'],
    ['\x93', 'STACK_GLOBAL'],
    ['\x8f', 'EMPTY_SET'],
    ['\x97', 'NEXT_BUFFER'],
    ['\xff', "0xff (none of Python's)"],
  ])('[T36] the opcode %j is refused by its name and byte', async (code, name) => {
    const expected = `snapshot.pickle: byte 4: the opcode ${name}, which no snapshot has; it could run code or is no memory snapshot; such a file is never loaded`
    const file = bytes(0x80, 4, '}N', code, 'os\nsystem\n', 'x'.repeat(300))
    expect(await refusalOf(file)).toBe(expected)
    expect(await refusalOf(file, 1)).toBe(expected)
  })

  test('[T37] a pickle that is cut off anywhere is refused', async () => {
    const file = pickled(SNAPSHOT)
    for (let length = 1; length < file.length; length += 13)
      expect(await refusalOf(file.subarray(0, length))).toBe(
        `snapshot.pickle: byte ${length}: the pickle is cut off: the file ends inside it; copy the file again, or take the snapshot again`,
      )
  })

  test.each([
    ['another protocol', bytes(0x80, 1, '}.'), 'byte 0: no pickle of protocol 2 to 5'],
    ['text', bytes('(lp0\n.'), 'byte 0: no pickle of protocol 2 to 5'],
    ['JSON Lines', bytes('{"reheap":1}\n'), 'byte 0: no pickle of protocol 2 to 5'],
    ['values without a MARK', bytes(0x80, 4, ']Ne.'), 'byte 4: values without a MARK'],
    ['a list filled as a dict', bytes(0x80, 4, '](NNu.'), 'byte 6: values for a dict above a list'],
    ['a key without a value', bytes(0x80, 4, '}(Nu.'), 'byte 5: a key without a value'],
    ['values of the outer container', bytes(0x80, 4, 'N(', 0x86, '.'), 'byte 4: fewer values than the opcode takes'],
    ['APPEND onto nothing', bytes(0x80, 4, 'Na.'), 'byte 3: fewer values than the opcode takes'],
    ['STOP too early', bytes(0x80, 4, '}(.'), 'byte 4: STOP with 1 values and 1 MARKs'],
    ['STOP of nothing', bytes(0x80, 4, '.'), 'byte 2: STOP with 0 values and 0 MARKs'],
    ['bytes behind the end', bytes(0x80, 4, '].x'), 'byte 4: bytes behind the end of the pickle'],
    ['a memo entry that is not there', bytes(0x80, 4, ']h', 3, '.'), 'byte 3: memo entry 3 of 0'],
    ['nothing to remember', bytes(0x80, 4, 0x94, '.'), 'byte 2: nothing to remember'],
    ['a number in the memo', bytes(0x80, 4, 'K', 1, 0x94, '.'), 'byte 4: a whole number in the memo'],
    ['a second PROTO', bytes(0x80, 4, 0x80, 4, '].'), 'byte 2: a second PROTO'],
  ])('[T37] %s is refused at its byte', async (_what, file, expected) => {
    expect(await refusalOf(file)).toContain(expected)
    expect(await refusalOf(file, 1)).toContain(expected)
  })

  test.each([
    ['a text of 4 GiB', bytes(0x80, 4, 'X', 255, 255, 255, 255, 'a'), 'byte 2: a text that claims 4294967295 bytes (at most 16777216)'],
    ['a text of 2^63', bytes(0x80, 4, 0x8d, 0, 0, 0, 0, 0, 0, 0, 128), 'byte 2: a text that claims 9223372036854776000 bytes'],
    ['a number of 4 GiB', bytes(0x80, 4, 0x8b, 255, 255, 255, 255), 'byte 2: a number that claims 4294967295 bytes (at most 255)'],
    ['a memo entry far away', bytes(0x80, 2, ']r', 255, 255, 255, 127, '.'), 'byte 3: memo entry 2147483647 behind 0'],
    ['marks in marks', bytes(0x80, 4, '('.repeat(1001)), 'values nested more than 1000 deep'],
  ])('[T38] %s is refused before there is memory for it', async (_what, file, expected) => {
    expect(await refusalOf(file)).toContain(expected)
  })

  test('[T38] a memo bomb, lists of the list before twice, takes no more memory than the file has bytes', async () => {
    const levels = Array.from({ length: 200 }, (_, level) => bytes(']', 0x94, '(h', level, 'h', level, 'e'))
    const file = Buffer.concat([
      bytes(0x80, 4, ']', 0x94, '('),
      bytes(...levels.slice(1).map((level) => String.fromCharCode(...level))),
      bytes('e.'),
    ])
    expect(await refusalOf(file)).toContain('segments[0]: expected a dict, got a list')
    const nested = Buffer.concat([
      bytes(0x80, 4, '}(', 0x8c, 8, 'segments'),
      Buffer.from(']'.repeat(5000)),
      Buffer.from('a'.repeat(4999)),
      bytes('u.'),
    ])
    expect(await refusalOf(nested)).toContain('segments[0]: expected a dict, got a list')
  })

  const twice = segment(AT, [block(AT, 512)])
  const trace = freed(AT, 512)
  test.each([
    ['a segment', { segments: [twice, twice] }, 'segments[1]: expected each list and dict in one place, got one that stands elsewhere too'],
    [
      'a trace',
      { segments: [], device_traces: [trace, trace] },
      'device_traces[1]: expected a trace of each device, got that of another device',
    ],
    [
      'an entry',
      { segments: [], device_traces: [[trace[0], trace[0]]] },
      'expected each trace entry once and in order, got one that stands elsewhere too',
    ],
  ])('[T38] %s that stands in two places is refused, not read twice', async (_what, snapshot, expected) => {
    expect(await refusalOf(pickled(snapshot as never))).toContain(expected)
  })

  test('[T38] a stack that is filled frame by frame takes no more memory than its frames', async () => {
    const frame = Buffer.from(pickled(frames[0] as never)).subarray(11, -1)
    const head = Buffer.concat([bytes(0x80, 4, ']'), frame, bytes('a]')])
    const file = Buffer.concat([head, ...Array<Uint8Array>(50_000).fill(bytes('h', 0, 'a')), bytes('a.')])
    const before = process.memoryUsage().arrayBuffers
    await refusalOf(file)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * MIB)
  })

  const cases: readonly (readonly [string, Parameters<typeof pickled>[0], string])[] = [
    ['a number as the whole', 7, 'the snapshot: expected a dict with segments, or a list of segments, got a whole number'],
    ['no segments', { device_traces: [] }, 'the snapshot: expected a dict with segments, got one with ["device_traces"]'],
    ['a text as segments', { segments: 'x' }, 'segments: expected a list, got a text'],
    ['a list as a segment', { segments: [[1]] }, 'segments[0]: expected a dict, got a list'],
    ['no address', { segments: [{ total_size: 1 }] }, 'segments[0]: expected a field address, got none'],
    [
      'an address below 0',
      { segments: [segment(-5, [])] },
      'segments[0].address: expected a whole number from 0 to 2^53, got a whole number',
    ],
    [
      'an address of 2^60',
      { segments: [segment(2 ** 60, [])] },
      'segments[0].address: expected a whole number from 0 to 2^53, got a number beyond 2^53',
    ],
    [
      'another pool',
      { segments: [segment(AT, [], { segment_type: 'huge' })] },
      'segments[0].segment_type: expected small or large, got "huge"',
    ],
    ['another state', { segments: [segment(AT, [block(AT, 512, 'lost')])] }, 'segments[0].blocks[0].state: expected active_allocated'],
    [
      'a trace of numbers',
      { segments: [], device_traces: [[1, 2]] },
      'device_traces[0]: expected a list of trace entries, got something else',
    ],
    [
      'an action that is a number',
      { segments: [], device_traces: [[{ action: 5, addr: 1 }]] },
      "expected a text as a trace entry's action, got a whole number",
    ],
    [
      'an address that is a text',
      { segments: [], device_traces: [[{ action: 'alloc', addr: 'x' }]] },
      'expected a whole number from 0 to 2^53 as the addr of a trace entry, got a text',
    ],
    [
      'no size',
      { segments: [], device_traces: [[{ action: 'alloc', addr: 1 }]] },
      'device_traces[0][0]: expected a field size of alloc, got none',
    ],
    [
      'frames of numbers',
      { segments: [], device_traces: [[entry('alloc', 1, 1, { frames: 'x' })]] },
      'expected a list as the frames of a trace entry, got a text',
    ],
    [
      'a frame with a list as its name',
      { segments: [segment(AT, [block(AT, 512, 'inactive', { frames: [{ filename: 'f', line: 1, name: [1] }] })])] },
      'expected a text as the name of a frame, got a list',
    ],
    [
      'a key that is a number',
      { segments: [], device_traces: [freed(AT, 1)], external_annotations: [{ name: 'x' }] },
      'external_annotations[0]: expected a field stage, got none',
    ],
    ['device 300', { segments: [segment(AT, [], { device: 300 })] }, 'expected a device from 0 to 254, got 300'],
  ]
  test.each(cases)('[T39] %s is refused with its place', async (_what, snapshot, expected) => {
    const message = await refusalOf(pickled(snapshot))
    expect(message).toContain(expected)
    expect(message).toContain('; give a file that torch.cuda.memory._dump_snapshot wrote')
  })
})
