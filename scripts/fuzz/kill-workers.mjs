// Loaded with `--import`: the first thread of a check dies over its first piece, and the piece is given to another.
import { isMainThread, parentPort, threadId } from 'node:worker_threads'

if (!isMainThread && threadId % 3 === 1) parentPort?.once('message', () => process.exit(1))
