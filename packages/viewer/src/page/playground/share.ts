/** A program as it stands in a link: deflated, in the letters of base64url. */

/** Longest program that a link may unpack to: a link comes from anybody. @unit characters */
export const PROGRAM_MAX = 200_000

export async function linkText(source: string): Promise<string> {
  const packed = await drained(new Blob([source]).stream().pipeThrough(new CompressionStream('deflate-raw')))
  return btoa(packed.reduce((text, byte) => text + String.fromCharCode(byte), ''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** Null: the link is damaged, or its program too long. */
export async function sourceOfLink(text: string): Promise<string | null> {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
    const unpacked = await drained(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')))
    return new TextDecoder('utf-8', { fatal: true }).decode(unpacked)
  } catch {
    return null
  }
}

async function drained(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.length
    if (bytes > PROGRAM_MAX) throw new RangeError(`more than ${PROGRAM_MAX} bytes`)
    parts.push(next.value.slice())
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
