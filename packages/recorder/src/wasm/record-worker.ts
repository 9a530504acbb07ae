import { parentPort, workerData } from 'node:worker_threads'
import { runScript } from './run-script.ts'
import type { WorkerMessage, WorkerTask } from './worker-message.ts'

const send = (message: WorkerMessage): void => parentPort?.postMessage(message)
const task: WorkerTask = workerData
send({ kind: 'end', end: await runScript(task, send) })
