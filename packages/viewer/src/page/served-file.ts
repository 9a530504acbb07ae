/** Files that the page's server was given. */
import type { LogFile } from '../session/log-file.ts'

/**
 * A file to be read by ranges; whole, where the server gives none: any server of files may hold the page.
 *
 * @param path relative to the page @returns null: the server does not give it
 */
export async function servedFile(path: string): Promise<LogFile | null> {
  const url = new URL(path, location.href).href
  const answer = await fetch(url, { headers: { Range: 'bytes=0-' } }).catch(() => null)
  if (answer === null || !answer.ok) return null
  const [, size] = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
  if (answer.status !== 206 || size === undefined) return answer.blob().catch(() => null)
  await answer.body?.cancel()
  return { url, size: Number(size) }
}
