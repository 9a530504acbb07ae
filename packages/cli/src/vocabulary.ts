import type { Vocabulary } from '@reheap/event-log'
import { EVENT_FORMS } from '@reheap/trace'

/** Every kind of event that this version knows, with its opcode: what stored logs are read and written with. */
export const VOCABULARY: Vocabulary = Object.fromEntries(EVENT_FORMS.map(({ kind, opcode }) => [kind, opcode]))
