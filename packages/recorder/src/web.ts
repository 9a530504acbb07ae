/** What records a script in a browser: nothing here needs Node. */
export { AnnotatedSource, type LineCollection, type LineFigures } from './wasm/annotated-source.ts'
export { runScript } from './wasm/run-script.ts'
export { SCRIPT_LOG, scriptHeader } from './wasm/script-header.ts'
export { type RecordScriptResult, recordIn, type ScriptListener, type StartThread, type ThreadListener } from './wasm/script-recording.ts'
export type { CollectorStart, ScriptEnd, WorkerMessage, WorkerTask } from './wasm/worker-message.ts'
