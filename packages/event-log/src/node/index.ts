export { fileSource } from './file-source.ts'
export { type CreateOptions, createLog, indexPathOf, openLogFile } from './log-file.ts'
export { type TailOptions, tail$ } from './tail.ts'
