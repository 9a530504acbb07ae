import type { RecordingHeader } from './event-sink.ts'
import type { Interpreter } from './interpreter.ts'

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

/** First line of a recording's log. @param args behind the interpreter on its command line */
export function headerOf({ version, pointerBits, sizeClasses }: Interpreter, python: string, args: readonly string[]): RecordingHeader {
  const isAligned8 = pointerBits === 64 && sizeClasses === 64
  return {
    reheap: 1,
    runtime: { name: 'cpython', version, pointerBits, ...(isAligned8 ? { alignmentBytes: 8 } : {}) },
    command: [python, ...args].map(quoted).join(' '),
    recordedAt: new Date().toISOString(),
  }
}
