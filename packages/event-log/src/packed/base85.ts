/** Bytes as text that stands in a page: five characters for four bytes, a sixteenth less than base64. */

/** None of them means anything in the text of a script. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?_~,()[]{}@%$#'
const BASE = 85
const GROUP_BYTES = 4
const GROUP_CHARACTERS = 5

/** The text of bytes that come in pieces. */
export async function* base85(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let rest = new Uint8Array(0)
  for await (const chunk of chunks) {
    const all = new Uint8Array(rest.length + chunk.length)
    all.set(rest)
    all.set(chunk, rest.length)
    const whole = all.length - (all.length % GROUP_BYTES)
    yield textOf(all.subarray(0, whole))
    rest = all.slice(whole)
  }
  if (rest.length === 0) return
  // The last bytes are filled up; so many characters less tell how many they are.
  const last = new Uint8Array(GROUP_BYTES)
  last.set(rest)
  yield textOf(last).slice(0, rest.length + 1)
}

function textOf(bytes: Uint8Array): string {
  const groups: string[] = []
  for (let at = 0; at < bytes.length; at += GROUP_BYTES) {
    let value = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
    let text = ''
    for (let digit = 0; digit < GROUP_CHARACTERS; digit++) {
      text = ALPHABET[value % BASE] + text
      value = Math.floor(value / BASE)
    }
    groups.push(text)
  }
  return groups.join('')
}

/** The bytes of a text that {@link base85} wrote. */
export function fromBase85(text: string): Uint8Array<ArrayBuffer> {
  const digitOf = new Uint8Array(128)
  for (let digit = 0; digit < BASE; digit++) digitOf[ALPHABET.charCodeAt(digit)] = digit
  const groups = Math.ceil(text.length / GROUP_CHARACTERS)
  const bytes = new Uint8Array(groups * GROUP_BYTES)
  for (let group = 0; group < groups; group++) {
    let value = 0
    for (let digit = 0; digit < GROUP_CHARACTERS; digit++) {
      const at = group * GROUP_CHARACTERS + digit
      // What was cut off is at most the highest digit.
      value = value * BASE + (at < text.length ? digitOf[text.charCodeAt(at) & 127] : BASE - 1)
    }
    bytes[group * GROUP_BYTES] = value / 2 ** 24
    bytes[group * GROUP_BYTES + 1] = value >>> 16
    bytes[group * GROUP_BYTES + 2] = value >>> 8
    bytes[group * GROUP_BYTES + 3] = value
  }
  const lacking = groups * GROUP_CHARACTERS - text.length
  return bytes.slice(0, bytes.length - lacking)
}
