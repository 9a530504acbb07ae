/** Keys of the dicts in a snapshot, all of them below 32 so that a set of them is one number. */
export const KEY = {
  action: 1,
  addr: 2,
  size: 3,
  stream: 4,
  time_us: 5,
  frames: 6,
  pool_id: 7,
  device_free: 8,
  compile_context: 9,
  user_metadata: 10,
  filename: 11,
  line: 12,
  name: 13,
} as const

/** The code of every key that entries of a trace and frames have. */
export const KEY_CODES: ReadonlyMap<string, number> = new Map(Object.entries(KEY))

export const FRAME_KEYS = (1 << KEY.filename) | (1 << KEY.line) | (1 << KEY.name)
export const ENTRY_KEY = 1 << KEY.action

/** Actions of a trace, by their number. */
export const ACTIONS = [
  'alloc',
  'free_requested',
  'free_completed',
  'segment_alloc',
  'segment_free',
  'segment_map',
  'segment_unmap',
  'snapshot',
  'oom',
] as const
export const [ALLOC, FREE_REQUESTED, FREE_COMPLETED, SEGMENT_ALLOC, SEGMENT_FREE, SEGMENT_MAP, SEGMENT_UNMAP, SNAPSHOT, OOM] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const
/** An action that this version does not know. */
export const UNKNOWN = 255
