/** A program as it stands in a link: deflated, in the letters of base64url. */
import { formatCount } from '@reheap/kernel'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { PROGRAM_BYTES_MAX } from '../../program-limit.ts'

/** The same program. Left: it is too long to be run or shared. */
export function fitting(source: string): Either<string, string> {
  const { size } = new Blob([source])
  if (size <= PROGRAM_BYTES_MAX) return right(source)
  return left(
    `The program has ${formatCount(size)} bytes, and the playground takes ${formatCount(PROGRAM_BYTES_MAX)}; record it with reheap run`,
  )
}

/** @param source a program that is not too long */
export async function linkText(source: string): Promise<string> {
  const packed = await drained(new Blob([source]).stream().pipeThrough(new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY)
  return btoa(packed.reduce((text, byte) => text + String.fromCharCode(byte), ''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** The program of a link. Left: what is wrong with the link. */
export async function sourceOfLink(text: string): Promise<Either<string, string>> {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
    const unpacked = await drained(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')), PROGRAM_BYTES_MAX)
    return right(new TextDecoder('utf-8', { fatal: true }).decode(unpacked))
  } catch (error) {
    if (error instanceof TooLong) return left(`The program of the link is longer than ${error.message}; record it with reheap run`)
    return left('The link is incomplete; copy it again')
  }
}

class TooLong extends Error {}

/** @throws TooLong */
async function drained(stream: ReadableStream<Uint8Array>, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = stream.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.length
    if (bytes > bytesMax) {
      reader.cancel().catch(() => {})
      throw new TooLong(`the ${formatCount(bytesMax)} bytes that the playground takes`)
    }
    parts.push(next.value.slice())
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
