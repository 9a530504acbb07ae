import { codeOf, systemFault } from './system-fault.ts'

/**
 * Ends the command when standard output takes no more. A reader that has seen enough, such as
 * `head`, is no fault: the exit status stays what it was going to be.
 */
export function watchStdout(): void {
  process.stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') process.exit(process.exitCode ?? 0)
    process.stderr.write(`reheap: standard output: cannot be written: ${systemFault(error)}\n`)
    process.exit(2)
  })
}

/** Writes to standard output, as fast as it is read. */
export function writeStdout(chunk: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(chunk, () => resolve())
  })
}
