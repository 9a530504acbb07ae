import { describe, expect, test } from 'vitest'
import { pickled, Tuple } from '../../test/pickle.ts'
import { AT, block, entry, eventsOf, freed, MIB, refusalOf, segment, told } from '../../test/snapshots.ts'

const T = 1_764_000_000_000_000
const whole = (blocks: Parameters<typeof segment>[1], more = {}) => ({ segments: [segment(AT, blocks)], device_traces: [[]], ...more })
const kinds = (events: readonly { readonly kind: string }[]): string => events.map(({ kind }) => kind).join(' ')
const frame = (line: number | bigint, name = 'f') => ({ filename: 'a.py', line, name })

describe('versions', () => {
  const old = {
    segments: [
      {
        device: 0,
        address: AT,
        total_size: 4096,
        segment_type: 'small',
        blocks: [
          { size: 1024, state: 'active_allocated', history: [{ addr: AT, real_size: 1000, frames: [frame(5)] }] },
          { size: 3072, state: 'inactive' },
        ],
      },
    ],
  }
  test('[T40] of 2.0: blocks without address, their request and frames in the history', async () => {
    const { header, events } = await told(pickled({ ...old, device_traces: [] }))
    expect(header.runtime.version).toBe('2.0')
    expect(events).toContainEqual({ kind: 'Stack', stack: 0, frames: [{ file: 'a.py', line: 5, function: 'f' }] })
    expect(events).toContainEqual({
      kind: 'RestoreBlock',
      block: 1,
      bytes: 1024,
      requestedBytes: 1000,
      state: 'active_allocated',
      stack: 0,
    })
    expect(events).toContainEqual({ kind: 'RestoreBlock', block: null, bytes: 3072, requestedBytes: 0, state: 'inactive' })
  })

  test('[T40] a bare list of segments is the state alone', async () => {
    const { events, notes } = await told(pickled(old.segments))
    expect(kinds(events)).toBe('DeviceOpened RestoreSegment Stack RestoreBlock RestoreBlock Observe Observe')
    expect(notes).toContain('device 0: no trace was recorded: only the state at the end is known')
  })

  const traced = (more: object) => ({ ...whole([block(AT, 20 * MIB)]), device_traces: [[entry('alloc', AT, 20 * MIB, more as never)]] })
  test.each([
    ['2.0', old],
    ['2.1', traced({})],
    ['2.2', traced({ time_us: T })],
    ['2.3', { ...traced({ time_us: T }), allocator_settings: {} }],
    ['2.5', { ...traced({ time_us: T }), allocator_settings: {}, external_annotations: [] }],
    ['2.8', { ...traced({ time_us: T, compile_context: 'N/A' }), allocator_settings: {}, external_annotations: [] }],
    ['2.10', { ...traced({ compile_context: 'N/A', user_metadata: '' }), allocator_settings: {}, external_annotations: [] }],
    ['2.12', { ...traced({ user_metadata: '', pool_id: new Tuple(0, 0) }), allocator_settings: {}, external_annotations: [] }],
  ])('[T40] the fields of %s tell the version', async (version, snapshot) => {
    expect((await told(pickled(snapshot as never))).header.runtime).toEqual({ name: 'pytorch', version, pointerBits: 64 })
  })
})

describe('stacks', () => {
  test('[T41] equal frames and stacks are one, whether they are the same object or not', async () => {
    const shared = [frame(1), frame(2)]
    const events = await eventsOf({
      segments: [segment(AT, [block(AT, 8 * MIB), block(AT + 8 * MIB, 12 * MIB)])],
      device_traces: [
        [entry('alloc', AT, 8 * MIB, { frames: shared }), entry('alloc', AT + 8 * MIB, 12 * MIB, { frames: [frame(1), frame(2)] })],
      ],
    })
    expect(events.filter(({ kind }) => kind === 'Stack')).toHaveLength(1)
    expect(events.filter((event) => event.kind === 'DeviceMalloc').map(({ stack }) => stack)).toEqual([0, 0])
  })

  test.each([2n ** 64n - 1n, -1, 2n ** 53n, 0])('[T41] line %d, which no file has, is 0', async (line) => {
    const events = await eventsOf(whole([block(AT, 20 * MIB, 'active_allocated', { frames: [frame(line)] })]))
    expect(events).toContainEqual({ kind: 'Stack', stack: 0, frames: [{ file: 'a.py', line: 0, function: 'f' }] })
  })
})

describe('calls', () => {
  test('[T43] what the driver did belongs to the request that follows', async () => {
    const events = await eventsOf({
      segments: [segment(AT, [block(AT, 2 * MIB), block(AT + 2 * MIB, 18 * MIB, 'inactive')])],
      device_traces: [[entry('segment_alloc', AT, 20 * MIB, { time_us: T }), entry('alloc', AT, 2 * MIB - 5, { time_us: T + 3 })]],
    })
    expect(events.slice(1)).toEqual([
      { kind: 'DeviceMalloc', block: 1, device: 0, stream: 0, bytes: 2 * MIB - 5, address: AT, time: 3000 },
      { kind: 'Observe', of: 'deviceFact', values: { action: 'segment_alloc', address: AT, bytes: 20 * MIB, stream: 0 }, time: 0 },
      { kind: 'Observe', of: 'deviceFact', values: { action: 'alloc', address: AT, bytes: 2 * MIB - 5, stream: 0 }, time: 3000 },
    ])
  })

  const NEXT = AT + 64 * MIB
  const given = (frames: object, of: object) => [
    entry('segment_free', AT, 20 * MIB, of as never),
    entry('segment_alloc', NEXT, 20 * MIB, frames as never),
    entry('alloc', NEXT, 20 * MIB, frames as never),
  ]
  const after = { segments: [segment(NEXT, [block(NEXT, 20 * MIB)])] }
  const [here, there] = [{ frames: [frame(1)] }, { frames: [frame(2)] }]
  test.each([
    ['of the same stack are of the same call', given(here, here), 'DeviceMalloc'],
    ['of another stack are those of an emptied cache', given(here, there), 'EmptyCache DeviceMalloc'],
    ['without a stack are those of an emptied cache', given({}, {}), 'EmptyCache DeviceMalloc'],
    [
      'before a request that needs none are those of an emptied cache',
      [given(here, here)[0], entry('alloc', NEXT, 20 * MIB, here)],
      'EmptyCache DeviceMalloc',
    ],
    ['before a free are those of an emptied cache', [given(here, here)[0], ...freed(NEXT, 20 * MIB)], 'EmptyCache DeviceFree'],
    ['at the end are those of an emptied cache', given(here, here).slice(0, 1), 'EmptyCache'],
  ])('[T43] segments that were given back %s', async (_what, trace, expected) => {
    const isLive = !trace.some((one) => one?.action === 'free_requested')
    const end = isLive ? after : { segments: [segment(NEXT, [block(NEXT, 20 * MIB, 'inactive')])] }
    const events = await eventsOf({ ...end, device_traces: [trace as never] })
    expect(kinds(events.filter(({ kind }) => /EmptyCache|DeviceMalloc|DeviceFree/.test(kind)))).toBe(expected)
  })

  test('[T44] a block that becomes free later waits for a stream of its own', async () => {
    const events = await eventsOf({
      segments: [segment(AT, [block(AT, 10 * MIB, 'inactive'), block(AT + 10 * MIB, 10 * MIB)], { stream: 7 })],
      device_traces: [
        [
          entry('free_requested', AT, 10 * MIB, { stream: 7 }),
          entry('free_completed', AT, 10 * MIB, { stream: 7 }),
          entry('alloc', AT, 10 * MIB, { stream: 7 }),
          entry('free_requested', AT, 10 * MIB, { stream: 7 }),
          entry('free_completed', AT, 10 * MIB, { stream: 7 }),
          entry('alloc', AT + 10 * MIB, 10 * MIB, { stream: 7 }),
        ],
        [],
      ],
    })
    expect(kinds(events)).not.toContain('RecordStream')
    const late = await eventsOf({
      segments: [segment(AT, [block(AT, 10 * MIB, 'inactive'), block(AT + 10 * MIB, 10 * MIB)], { stream: 7 })],
      device_traces: [
        [
          entry('alloc', AT, 10 * MIB, { stream: 7 }),
          entry('free_requested', AT, 10 * MIB, { stream: 7 }),
          entry('snapshot', 0, 0),
          entry('free_completed', AT, 10 * MIB, { stream: 7 }),
          entry('alloc', AT + 10 * MIB, 10 * MIB, { stream: 7 }),
        ],
      ],
    })
    // Stream 1 is the pointer 7, stream 2 stands for the one that is not recorded.
    expect(late.filter(({ kind }) => /Record|Complete|Device(Malloc|Free)/.test(kind)).map((event) => ({ ...event, address: 0 }))).toEqual([
      { kind: 'DeviceMalloc', block: 1, device: 0, stream: 1, bytes: 10 * MIB, address: 0 },
      { kind: 'RecordStream', block: 1, stream: 2, address: 0 },
      { kind: 'DeviceFree', block: 1, address: 0 },
      { kind: 'CompleteStreamEvents', stream: 2, device: 0, address: 0 },
      { kind: 'DeviceMalloc', block: 2, device: 0, stream: 1, bytes: 10 * MIB, address: 0 },
    ])
  })

  test('[T45] devices go by the times of their calls; an emptied cache is one call for all of them', async () => {
    const on = (device: number) => AT + device * 1024 * MIB
    const trace = (device: number, times: readonly number[]) => [
      entry('segment_alloc', on(device), 20 * MIB, { time_us: T + (times[0] ?? 0) }),
      entry('alloc', on(device), 20 * MIB, { time_us: T + (times[0] ?? 0) }),
      ...freed(on(device), 20 * MIB, { time_us: T + (times[1] ?? 0) }),
      entry('segment_free', on(device), 20 * MIB, { time_us: T + (times[2] ?? 0) }),
    ]
    const events = await eventsOf({ segments: [], device_traces: [trace(0, [2, 5, 8]), trace(1, [1, 6, 9])] })
    expect(kinds(events.filter(({ kind }) => kind !== 'Observe'))).toBe(
      'DeviceOpened DeviceOpened DeviceMalloc DeviceMalloc DeviceFree DeviceFree EmptyCache',
    )
    expect(events.flatMap((event) => (event.kind === 'DeviceMalloc' ? [event.device] : []))).toEqual([1, 0])
    expect(events.slice(-2).map((event) => event.kind === 'Observe' && event.values.device)).toEqual([undefined, 1])
  })

  test('[T46] streams are numbered by their pointers, the default one is 0', async () => {
    const pointers = [94_000_000_000_000, 1, 93_000_000_000_000]
    const segments = pointers.map((stream, place) => segment(AT + place * 32 * MIB, [block(AT + place * 32 * MIB, 20 * MIB)], { stream }))
    const events = await eventsOf({ segments, device_traces: [] })
    expect(events.flatMap((event) => (event.kind === 'RestoreSegment' ? [event.stream] : []))).toEqual([3, 1, 2])
  })

  test('[T55] out of memory is a request without an address; the device held what was reserved and free', async () => {
    const { events, notes } = await told(
      pickled({
        segments: [segment(AT, [block(AT, 20 * MIB)])],
        device_traces: [[{ action: 'oom', device_free: 3 * MIB, size: 64 * MIB, stream: 0 }]],
      }),
    )
    expect(events).toContainEqual({ kind: 'DeviceOpened', device: 0, capacityBytes: 23 * MIB, contextBytes: 0 })
    expect(events).toContainEqual({ kind: 'DeviceMalloc', block: 2, device: 0, stream: 0, bytes: 64 * MIB, address: null })
    const values = { action: 'oom', deviceFreeBytes: 3 * MIB, bytes: 64 * MIB, stream: 0 }
    expect(events).toContainEqual({ kind: 'Observe', of: 'deviceFact', values })
    expect(notes.join()).not.toContain('how much memory')
  })

  test('[T43] memory of a private pool is asked for while the pool is begun', async () => {
    const pool = { pool_id: new Tuple(0, 3) }
    const events = await eventsOf({
      segments: [segment(AT, [block(AT, 10 * MIB), block(AT + 10 * MIB, 10 * MIB)], { segment_pool_id: new Tuple(0, 3) })],
      device_traces: [
        [entry('alloc', AT, 10 * MIB, pool), entry('alloc', AT + 10 * MIB, 10 * MIB, pool), entry('segment_free', AT + 64 * MIB, 20 * MIB)],
      ],
    })
    expect(kinds(events.filter(({ kind }) => kind !== 'Observe'))).toBe(
      'DeviceOpened RestoreSegment RestoreBlock RestoreSegment RestoreBlock BeginPool DeviceMalloc DeviceMalloc EndPool EmptyCache',
    )
  })
})

describe('the rest of a snapshot', () => {
  const settings = { PYTORCH_CUDA_ALLOC_CONF: '', max_split_size: -1, garbage_collection_threshold: 0, expandable_segments: false }
  const divisions = (value: (place: number) => number) =>
    Object.fromEntries(Array.from({ length: 16 }, (_, place) => [String(2 ** place), value(place)]))
  test.each([
    ['nothing', {}, ''],
    ['the string that was given', { PYTORCH_CUDA_ALLOC_CONF: 'max_split_size_mb:64', max_split_size: 64 * MIB }, 'max_split_size_mb:64'],
    ['figures that the string does not say', { PYTORCH_CUDA_ALLOC_CONF: 'backend:x', max_split_size: 64 * MIB }, 'max_split_size_mb:64'],
    ['a threshold', { garbage_collection_threshold: 0.6 }, 'garbage_collection_threshold:0.6'],
    ['expandable segments', { expandable_segments: true }, 'expandable_segments:True'],
    ['one division', { roundup_power2_divisions: divisions(() => 4) }, 'roundup_power2_divisions:4'],
    [
      'many divisions',
      { roundup_power2_divisions: divisions((place) => (place > 8 ? 8 : 1)) },
      'roundup_power2_divisions:[1:1,2:1,4:1,8:1,16:1,32:1,64:1,128:1,256:1,512:8,1024:8,2048:8,4096:8,8192:8,16384:8,>:8]',
    ],
  ])('[T47] settings: %s', async (_what, own, expected) => {
    const events = await eventsOf(whole([block(AT, 20 * MIB)], { allocator_settings: { ...settings, ...own } }))
    expect(events.filter(({ kind }) => kind === 'Configure')).toEqual([{ kind: 'Configure', settings: expected }])
  })

  test('[T47] settings that are not recorded are not set, unless expandable segments show them', async () => {
    expect(kinds(await eventsOf(whole([block(AT, 20 * MIB)])))).not.toContain('Configure')
    const expandable = await told(pickled({ segments: [segment(AT, [block(AT, 20 * MIB)], { is_expandable: true })], device_traces: [] }))
    expect(expandable.events).toContainEqual({ kind: 'Configure', settings: 'expandable_segments:True' })
    expect(expandable.notes).toContain('settings are not recorded; expandable segments were seen, so they are taken as on')
  })

  test('[T48] annotations, and what the program says of its requests, are marks at their time', async () => {
    const said = (user_metadata: string, time_us: number, place: number) =>
      entry('alloc', AT + place * 5 * MIB, 5 * MIB, { user_metadata, compile_context: 'N/A', time_us })
    const events = await eventsOf({
      segments: [
        segment(
          AT,
          [0, 1, 2, 3].map((place) => block(AT + place * 5 * MIB, 5 * MIB)),
        ),
      ],
      device_traces: [[said('', T, 0), said('attention', T + 2, 1), said('attention', T + 4, 2), said('', T + 6, 3)]],
      external_annotations: [
        { stage: 'END', name: 'step', device: 0, time_us: T + 5 },
        { stage: 'START', name: 'step', device: 0, time_us: T + 1 },
      ],
    })
    expect(
      events.flatMap((event) =>
        event.kind === 'Mark' ? [`${event.time} ${event.label}`] : event.kind === 'DeviceMalloc' ? ['malloc'] : [],
      ),
    ).toEqual(['malloc', '1000 step: START', '2000 metadata: attention', 'malloc', 'malloc', '5000 step: END', '6000 metadata: ', 'malloc'])
  })

  test('[T48] the log begins at the first time, which the header says to the microsecond', async () => {
    const { header } = await told(
      pickled({ ...whole([block(AT, 20 * MIB)]), device_traces: [[entry('alloc', AT, 20 * MIB, { time_us: T + 123_456 })]] }),
    )
    expect(header.recordedAt).toBe(`${new Date(T / 1000 + 123).toISOString().replace('Z', '456Z')}`)
  })

  test.each<[string, object[], string]>([
    ['alloc of what is not there', [entry('alloc', AT + 512, 512)], '[0]: alloc at 0x7f0000000200: no block is there after it'],
    [
      'alloc twice',
      [entry('alloc', AT, 20 * MIB), entry('alloc', AT, 20 * MIB)],
      '[0]: alloc at 0x7f0000000000: no block is there after it',
    ],
    [
      'a free that goes on being allocated',
      [entry('free_requested', AT, 20 * MIB)],
      '[0]: free_requested at 0x7f0000000000: the block is allocated after it',
    ],
    ['a free of nothing', [entry('free_requested', AT + 512, 1)], '[0]: free_requested at 0x7f0000000200: no block is there'],
    ['free at the end and live', freed(AT, 20 * MIB), '[1]: free_completed at 0x7f0000000000: the block is live after it'],
    [
      'freed without a request',
      [entry('alloc', AT + 512, 1), entry('free_completed', AT + 512, 1)],
      '[0]: alloc at 0x7f0000000200: its block is freed without a request',
    ],
    [
      'a segment that is not there',
      [entry('segment_alloc', AT + 64 * MIB, 2 * MIB)],
      '[0]: segment_alloc at 0x7f0004000000: no such segment is there after it',
    ],
    [
      'a segment of another size',
      [entry('segment_alloc', AT, 2 * MIB)],
      '[0]: segment_alloc at 0x7f0000000000: no such segment is there after it',
    ],
    [
      'a segment that was given back and is there',
      [entry('segment_free', AT, 20 * MIB)],
      '[0]: segment_free at 0x7f0000000000: the segment is there after it',
    ],
    [
      'pages that are not mapped',
      [entry('segment_map', AT, 20 * MIB)],
      '[0]: segment_map at 0x7f0000000000: its pages are not mapped after it',
    ],
    [
      'pages that are mapped twice',
      [entry('segment_unmap', AT + 64 * MIB, 20 * MIB), entry('segment_unmap', AT + 64 * MIB, 20 * MIB)],
      '[0]: segment_unmap at 0x7f0004000000: its pages are mapped after it',
    ],
  ])('[T49] a trace that contradicts itself is refused: %s', async (_what, trace, expected) => {
    const message = await refusalOf(pickled({ segments: [segment(AT, [block(AT, 20 * MIB)])], device_traces: [trace as never] }))
    expect(message).toBe(`snapshot.pickle: device_traces[0]${expected}: the snapshot contradicts itself; take the snapshot again`)
  })

  test.each([
    [
      'blocks that leave a gap',
      [segment(AT, [block(AT, 512), block(AT + 1024, 512)])],
      'a block lies at 0x7f0000000400 where one must begin at 0x7f0000000200',
    ],
    ['blocks that do not fill it', [segment(AT, [block(AT, 512)], { total_size: 1024 })], 'its blocks have 512 of 1024 bytes'],
    [
      'segments over one another',
      [segment(AT, [block(AT, 1024)]), segment(AT + 512, [block(AT + 512, 512)])],
      'it overlaps the segment before it',
    ],
  ])('[T49] a state that contradicts itself is refused: %s', async (_what, segments, expected) => {
    expect(await refusalOf(pickled({ segments, device_traces: [] }))).toContain(`${expected}: the snapshot contradicts itself`)
  })

  test('[T49] a freed block that lies in no segment before the trace is an error behind the rows that stand before it', async () => {
    const trace = [...freed(AT + 512 * MIB, 512), entry('alloc', AT, 20 * MIB)]
    expect(await refusalOf(pickled({ segments: [segment(AT, [block(AT, 20 * MIB)])], device_traces: [trace] }))).toContain(
      'device 0, block 0x7f0020000000: before the trace it lies in no segment',
    )
  })

  test('[T50] what is missing and what was guessed is said', async () => {
    const trace = [entry('free_completed', AT, 512), { action: 'new_action', addr: 1, size: 2 }, entry('alloc', AT, 20 * MIB)]
    const { notes, events } = await told(pickled({ segments: [segment(AT, [block(AT, 20 * MIB)])], device_traces: [trace] }))
    expect(notes).toEqual([
      'device 0: the ring of 3 entries was full: older ones are overwritten (a larger max_entries keeps them)',
      'device 0: the snapshot does not say how much memory the device has',
      'device 0: 1 entries have an action that this version does not know; they are passed over',
      'settings are not recorded; the defaults are taken',
      'the version of PyTorch is not recorded; by its fields the file is from 2.1 or a little newer',
    ])
    expect(kinds(events.filter(({ kind }) => kind !== 'Observe'))).toBe('DeviceOpened RestoreSegment RestoreBlock DeviceMalloc')
    const flagged = { segments: [], device_traces: [[entry('snapshot', 0, 0)]], allocator_settings: { trace_alloc_overflowed: true } }
    expect((await told(pickled(flagged))).notes[0]).toContain('the ring of 1 entries was full')
  })

  test('[T51] what the snapshot shows of its moment is observed at the end of the log', async () => {
    const { events } = await told(pickled(whole([block(AT, 8 * MIB), block(AT + 8 * MIB, 12 * MIB, 'inactive')])))
    expect(events.slice(-2)).toEqual([
      {
        kind: 'Observe',
        of: 'deviceSegment',
        values: {
          address: AT,
          bytes: 20 * MIB,
          stream: 0,
          type: 'large',
          isExpandable: false,
          pool: null,
          blocks: [
            { address: AT, bytes: 8 * MIB, state: 'active_allocated', requestedBytes: 8 * MIB },
            { address: AT + 8 * MIB, bytes: 12 * MIB, state: 'inactive' },
          ],
        },
      },
      { kind: 'Observe', of: 'deviceSegments', values: { count: 1 } },
    ])
  })
})
