import { REQUEST_OPCODES as ALLOCATOR } from '@reheap/allocator'
import { REQUEST_OPCODES as COLLECTOR } from '@reheap/cycle-gc'
import type { LogHeader, WriteOptions } from '@reheap/event-log'
import { ANY_LAYER_OPCODES } from '@reheap/kernel'
import { REQUEST_OPCODES as OBJECTS } from '@reheap/refcount'
import type { CollectorStart } from './worker-message.ts'

/** How a script's log is written: names and opcodes of the events that it may hold, and what stands beside them. */
export const SCRIPT_LOG = {
  vocabulary: { ...ALLOCATOR, ...OBJECTS, ...COLLECTOR, ...ANY_LAYER_OPCODES },
  columns: ['stack'],
} as const satisfies WriteOptions

/** The first line of a script's log. */
export function scriptHeader(version: string, command: string, collector: CollectorStart): LogHeader {
  return { reheap: 1, runtime: { name: 'cpython', version, pointerBits: 32 }, command, recordedAt: new Date().toISOString(), collector }
}
