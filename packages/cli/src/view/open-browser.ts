/** The browser of whoever works at this machine. */
import { spawn } from 'node:child_process'
import { Option } from 'commander'

/** What opens an address; it stands behind what is named here. Of Windows, `start` is no program but a word of its shell. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [program: string, ...operands: string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** `--open`. */
export const openOption = (): Option => new Option('--open', 'open the page in the default browser')

/** Opens an address, without a shell. Where that fails a warning says so: the address is told anyway. */
export function openBrowser(url: string): void {
  const [program, ...operands] = OPENERS[process.platform] ?? ['xdg-open']
  const warn = (why: string): void =>
    void process.stderr.write(`reheap: warning: --open: ${program} ${why}; open the address in a browser yourself\n`)
  const opener = spawn(program, [...operands, url], { detached: true, stdio: 'ignore' })
  opener.once('error', (error: NodeJS.ErrnoException) => warn(`cannot be run (${error.code})`))
  opener.once('exit', (status) => {
    if (status !== 0) warn(`has failed (${status})`)
  })
  opener.unref()
}
