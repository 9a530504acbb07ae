export { PROGRAM_BYTES_MAX } from './program-limit.ts'

/** Folder of the built page, as a URL: what a server of it serves. */
export const PAGE_FOLDER = new URL('../dist/page/', import.meta.url)
