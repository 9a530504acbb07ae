/** Files that the page's server was given. */
import type { ServedFile } from '../session/log-file.ts'

/** @param path relative to the page @returns null: the server does not give it */
export async function servedFile(path: string): Promise<ServedFile | null> {
  const url = new URL(path, location.href).href
  const answer = await fetch(url, { method: 'HEAD' }).catch(() => null)
  return answer?.ok === true ? { url, size: Number(answer.headers.get('content-length')) } : null
}
