/** A pickler and an unpickler of plain data, as simple as can be: what the package's own are compared with. */

export type Plain = null | boolean | number | bigint | string | Plain[] | { [key: string]: Plain } | Tuple
/** A tuple, which JavaScript has not. */
export class Tuple {
  readonly items: readonly Plain[]
  constructor(...items: Plain[]) {
    this.items = items
  }
}

const bytesOfInt = (value: bigint): number[] => {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 8n) {
    bytes.push(Number(rest & 255n))
    if (rest >> 7n === 0n || rest >> 7n === -1n) return bytes
  }
}
const uint32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]

/** A value as a pickle. Protocol 2 is the one of PyTorch's C++ pickler, 4 and 5 those of Python's. */
export function pickled(value: Plain, protocol: 2 | 4 | 5 = 4, batch = 1000): Uint8Array {
  const out: number[] = [0x80, protocol]
  if (protocol > 2) out.push(0x95, 0, 0, 0, 0, 0, 0, 0, 0)
  const memo = new Map<unknown, number>()
  const remember = (key: unknown): void => {
    const number = memo.size
    memo.set(key, number)
    if (protocol > 2) out.push(0x94)
    else if (number < 256) out.push(0x71, number)
    else out.push(0x72, ...uint32(number))
  }
  const put = (part: Plain): void => {
    const known = memo.get(part)
    if (known !== undefined) {
      if (known < 256) out.push(0x68, known)
      else out.push(0x6a, ...uint32(known))
    } else if (part === null) out.push(0x4e)
    else if (typeof part === 'boolean') out.push(part ? 0x88 : 0x89)
    else if (typeof part === 'number' && !Number.isInteger(part)) {
      const view = new DataView(new ArrayBuffer(8))
      view.setFloat64(0, part)
      out.push(0x47, ...new Uint8Array(view.buffer))
    } else if (typeof part === 'number' || typeof part === 'bigint') putInt(BigInt(part))
    else if (typeof part === 'string') putText(part)
    else if (part instanceof Tuple) {
      for (const item of part.items) put(item)
      out.push([0x29, 0x85, 0x86, 0x87][part.items.length] ?? 0)
      remember(part)
    } else if (Array.isArray(part)) {
      out.push(0x5d)
      remember(part)
      for (let at = 0; at < part.length; at += batch) {
        const some = part.slice(at, at + batch)
        if (some.length > 1) out.push(0x28)
        for (const item of some) put(item)
        out.push(some.length > 1 ? 0x65 : 0x61)
      }
    } else {
      out.push(0x7d)
      remember(part)
      const entries = Object.entries(part)
      if (entries.length > 1) out.push(0x28)
      for (const [key, item] of entries) {
        put(key)
        put(item)
      }
      if (entries.length > 0) out.push(entries.length > 1 ? 0x75 : 0x73)
    }
  }
  const putInt = (int: bigint): void => {
    if (int >= 0n && int < 256n) out.push(0x4b, Number(int))
    else if (int >= 0n && int < 65_536n) out.push(0x4d, Number(int) & 255, Number(int) >> 8)
    else if (int >= -(2n ** 31n) && int < 2n ** 31n) out.push(0x4a, ...uint32(Number(int)))
    else {
      const bytes = bytesOfInt(int)
      out.push(0x8a, bytes.length, ...bytes)
    }
  }
  const putText = (text: string): void => {
    const bytes = new TextEncoder().encode(text)
    if (protocol > 2 && bytes.length < 256) out.push(0x8c, bytes.length)
    else out.push(0x58, ...uint32(bytes.length))
    for (const byte of bytes) out.push(byte)
    remember(text)
  }
  put(value)
  out.push(0x2e)
  return Uint8Array.from(out)
}

/** The value of a pickle that {@link pickled} or the package wrote. Tuples become lists. */
export function unpickled(bytes: Uint8Array): Plain {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const stack: Plain[] = []
  const marks: number[] = []
  const memo: Plain[] = []
  const text = (at: number, length: number): string => new TextDecoder().decode(bytes.subarray(at, at + length))
  for (let at = 0; at < bytes.length; ) {
    const op = bytes[at++] as number
    const byte = bytes[at] as number
    if (op === 0x2e) return stack[0] as Plain
    if (op === 0x80) at += 1
    else if (op === 0x95) at += 8
    else if (op === 0x7d) stack.push({})
    else if (op === 0x5d) stack.push([])
    else if (op === 0x28) marks.push(stack.length)
    else if (op === 0x94) memo.push(stack.at(-1) as Plain)
    else if (op === 0x4e) stack.push(null)
    else if (op === 0x88 || op === 0x89) stack.push(op === 0x88)
    else if (op === 0x68) stack.push(memo[bytes[at++] as number] as Plain)
    else if (op === 0x6a) {
      stack.push(memo[view.getUint32(at, true)] as Plain)
      at += 4
    } else if (op === 0x4b) stack.push(bytes[at++] as number)
    else if (op === 0x4d) {
      stack.push(view.getUint16(at, true))
      at += 2
    } else if (op === 0x4a) {
      stack.push(view.getInt32(at, true))
      at += 4
    } else if (op === 0x47) {
      stack.push(view.getFloat64(at))
      at += 8
    } else if (op === 0x8a) {
      let int = 0n
      for (let place = byte; place > 0; place--) int = int * 256n + BigInt(bytes[at + place] as number)
      stack.push(Number(BigInt.asIntN(byte * 8, int)))
      at += 1 + byte
    } else if (op === 0x8c) {
      stack.push(text(at + 1, byte))
      at += 1 + byte
    } else if (op === 0x58) {
      stack.push(text(at + 4, view.getUint32(at, true)))
      at += 4 + view.getUint32(at, true)
    } else if (op === 0x86) stack.push(stack.splice(-2))
    else if (op === 0x75 || op === 0x65 || op === 0x73 || op === 0x61) {
      const from = op === 0x75 || op === 0x65 ? (marks.pop() as number) : stack.length - (op === 0x73 ? 2 : 1)
      const items = stack.splice(from)
      const below = stack.at(-1) as Plain[] & Record<string, Plain>
      if (op === 0x65 || op === 0x61) below.push(...items)
      else for (let i = 0; i < items.length; i += 2) below[items[i] as string] = items[i + 1] as Plain
    } else throw new Error(`opcode ${op} at ${at - 1}`)
  }
  throw new Error('no STOP')
}
