import type { WasmModule } from './wasm-module.ts'

/** Of a longer one the beginning is told. @unit characters */
const TEXT_MAX = 60
/** In a string of a 32-bit build; its text stands behind it, if it is compact. @source `PyASCIIObject`, `PyCompactUnicodeObject` */
const STRING = { length: 8, state: 16, asciiText: 20, text: 28 } as const
const STATE = { kindShift: 2, kind: 7, isCompact: 1 << 5, isAscii: 1 << 6 } as const

/**
 * The text of a string, read out of memory: asked for its UTF-8 the interpreter would keep that, which the script could see. Null: it is
 * not compact, as only strings of a class of their own are.
 */
export function stringAt({ HEAP32, HEAPU8 }: WasmModule, string: number): string | null {
  const state = HEAP32[(string + STRING.state) >> 2] ?? 0
  if ((state & STATE.isCompact) === 0) return null
  const length = HEAP32[(string + STRING.length) >> 2] ?? 0
  const bytesEach = (state >> STATE.kindShift) & STATE.kind
  let at = string + ((state & STATE.isAscii) === 0 ? STRING.text : STRING.asciiText)
  let text = ''
  for (let place = 0; place < Math.min(length, TEXT_MAX); place++, at += bytesEach) {
    let character = 0
    for (let byte = bytesEach - 1; byte >= 0; byte--) character = character * 256 + (HEAPU8[at + byte] ?? 0)
    text += String.fromCodePoint(character)
  }
  return length > TEXT_MAX ? `${text}…` : text
}

/** A string as Python writes it. */
export function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  if (!text.includes("'")) return `'${inner}'`
  return text.includes('"') ? `'${inner.replaceAll("'", "\\'")}'` : `"${inner}"`
}
