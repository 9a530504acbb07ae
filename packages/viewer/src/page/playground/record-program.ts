/** Runs a program in a worker of its own and makes a log of it. */
import { type LogWriter, memorySink, writeLog } from '@reheap/event-log'
import { type RecordScriptResult, recordIn, SCRIPT_LOG, type StartThread, scriptHeader } from '@reheap/recorder/web'
import { LineHistory } from './line-history.ts'

/** Name of the program in tracebacks and in the log. */
export const PROGRAM_FILE = 'program.py'

export interface ProgramTask {
  readonly source: string
  /** One of those that the page's server has. */
  readonly version: string
  readonly signal: AbortSignal
  /** The program itself begins. */
  readonly onStart: () => void
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void
}

export interface RecordedProgram {
  readonly result: RecordScriptResult
  /** The log; empty where nothing ran. */
  readonly log: Uint8Array<ArrayBuffer>
  readonly history: LineHistory
}

/** Runs to the program's end, or until the signal. @throws where the log cannot be written */
export async function recordProgram({ source, version, signal, onStart, onOutput }: ProgramTask): Promise<RecordedProgram> {
  const sink = memorySink(PROGRAM_FILE)
  const history = new LineHistory()
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  let writer: LogWriter | null = null
  const interpreter = new URL(`runtime/${version}/pyodide.mjs`, document.baseURI).href
  const task = { interpreter, source, file: PROGRAM_FILE, folders: [], args: [], isRecorded: true, isObjectsOnly: false, hasKeys: false }
  const result = await recordIn(startThread, task, {
    signal,
    onStart: async (python, collector) => {
      onStart()
      const opened = await writeLog(sink, memorySink(), scriptHeader(python, `reheap play ${PROGRAM_FILE}`, collector), SCRIPT_LOG)
      writer = told(opened)
    },
    onEvents: (batch) => {
      if (writer !== null) told(writer.append(batch))
      history.append(batch)
    },
    onOutput: (stream, bytes) => onOutput(stream, decoders[stream].decode(bytes, { stream: true })),
  })
  const open = writer as LogWriter | null
  if (open === null) return { result, log: new Uint8Array(0), history }
  told(open.close())
  return { result, log: new Uint8Array(sink.bytes()), history }
}

/** What was answered. @throws where it is an error */
function told<A>(
  answer: { readonly _tag: 'Left'; readonly left: { readonly message: string } } | { readonly _tag: 'Right'; readonly right: A },
): A {
  if (answer._tag === 'Left') throw new Error(answer.left.message)
  return answer.right
}

const startThread: StartThread = (task, { message, failed, exited }) => {
  const worker = new Worker(new URL('../../session/script-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }) => message(data))
  worker.addEventListener('error', (event) => {
    failed(event.message || 'its worker cannot be started; open the page anew')
    end()
  })
  worker.addEventListener('messageerror', () => {
    failed('a message of its worker cannot be read')
    end()
  })
  worker.postMessage(task)
  let isRunning = true
  const end = (): void => {
    worker.terminate()
    if (isRunning) exited()
    isRunning = false
  }
  return end
}
