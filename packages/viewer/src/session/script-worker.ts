/** The worker of the playground: runs one program on CPython in WebAssembly, and ends with it. */
import { runScript, type WorkerMessage, type WorkerTask } from '@reheap/recorder/web'

const send = (message: WorkerMessage): void => self.postMessage(message)

self.addEventListener('message', async ({ data }: MessageEvent<WorkerTask>) => {
  send({ kind: 'end', end: await runScript(data, send) })
})
