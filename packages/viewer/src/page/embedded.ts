/** What a report holds within itself, as text. */
import { fromBase85 } from '@reheap/event-log'

const element = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(`script#${id}`)

function bytesOf({ textContent }: HTMLElement): Uint8Array<ArrayBuffer> {
  const text = atob(textContent ?? '')
  const bytes = new Uint8Array(text.length)
  for (let place = 0; place < text.length; place++) bytes[place] = text.charCodeAt(place)
  return bytes
}

/** The log of a report; null: the page is no report. */
export function embeddedLog(): { readonly file: Blob; readonly name: string } | null {
  const log = element('log')
  return log && { file: new Blob([fromBase85(log.textContent ?? '')]), name: log.dataset.name ?? 'log' }
}

/** Address of a report's worker; null: the page is no report. */
export async function embeddedWorker(): Promise<string | null> {
  const worker = element('worker')
  if (worker === null) return null
  const unpacked = new Blob([bytesOf(worker)]).stream().pipeThrough(new DecompressionStream('gzip'))
  const script = await new Response(unpacked).arrayBuffer()
  return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
}
