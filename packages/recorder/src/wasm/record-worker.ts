import { parentPort, workerData } from 'node:worker_threads'
import { EventChannelWriter } from './event-channel.ts'
import { runScript } from './run-script.ts'
import type { WorkerMessage, WorkerTask } from './worker-message.ts'

const send = (message: WorkerMessage): void => parentPort?.postMessage(message)
const task: WorkerTask = workerData
const sink = new EventChannelWriter((chunk) => send({ kind: 'chunk', chunk }))
send({ kind: 'end', end: await runScript(task, sink, send) })
