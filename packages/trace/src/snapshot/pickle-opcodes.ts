/** The opcodes of Python's pickles: those that only make data, and the names of all others. */

const code = (letter: string): number => letter.charCodeAt(0)

export const OP = {
  MARK: code('('),
  STOP: code('.'),
  NONE: code('N'),
  BININT: code('J'),
  BININT1: code('K'),
  BININT2: code('M'),
  LONG1: 0x8a,
  LONG4: 0x8b,
  BINFLOAT: code('G'),
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  BINUNICODE: code('X'),
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES: code('B'),
  SHORT_BINBYTES: code('C'),
  BINBYTES8: 0x8e,
  EMPTY_LIST: code(']'),
  APPEND: code('a'),
  APPENDS: code('e'),
  EMPTY_DICT: code('}'),
  SETITEM: code('s'),
  SETITEMS: code('u'),
  EMPTY_TUPLE: code(')'),
  TUPLE: code('t'),
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  BINPUT: code('q'),
  LONG_BINPUT: code('r'),
  MEMOIZE: 0x94,
  BINGET: code('h'),
  LONG_BINGET: code('j'),
  PROTO: 0x80,
  FRAME: 0x95,
} as const

/** Bytes of the operand of every opcode; of a text, a long number or bytes those of its length. Others are refused: 255. */
export const OPERAND_BYTES: Uint8Array = new Uint8Array(256).fill(255)
for (const op of Object.values(OP)) OPERAND_BYTES[op] = 0
const OPERANDS: readonly (readonly [bytes: number, ops: readonly number[]])[] = [
  [1, [OP.BININT1, OP.LONG1, OP.SHORT_BINUNICODE, OP.SHORT_BINBYTES, OP.BINPUT, OP.BINGET, OP.PROTO]],
  [2, [OP.BININT2]],
  [4, [OP.BININT, OP.LONG4, OP.BINUNICODE, OP.BINBYTES, OP.LONG_BINPUT, OP.LONG_BINGET]],
  [8, [OP.BINFLOAT, OP.BINUNICODE8, OP.BINBYTES8, OP.FRAME]],
]
for (const [bytes, ops] of OPERANDS) for (const op of ops) OPERAND_BYTES[op] = bytes

/** Names of the opcodes that are refused: they can name or call code, or no snapshot has them. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [code('c'), 'GLOBAL'],
  [0x93, 'STACK_GLOBAL'],
  [code('R'), 'REDUCE'],
  [code('b'), 'BUILD'],
  [code('i'), 'INST'],
  [code('o'), 'OBJ'],
  [0x81, 'NEWOBJ'],
  [0x92, 'NEWOBJ_EX'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [code('P'), 'PERSID'],
  [code('Q'), 'BINPERSID'],
  [code('0'), 'POP'],
  [code('1'), 'POP_MARK'],
  [code('2'), 'DUP'],
  [code('F'), 'FLOAT'],
  [code('I'), 'INT'],
  [code('L'), 'LONG'],
  [code('S'), 'STRING'],
  [code('T'), 'BINSTRING'],
  [code('U'), 'SHORT_BINSTRING'],
  [code('V'), 'UNICODE'],
  [code('d'), 'DICT'],
  [code('l'), 'LIST'],
  [code('g'), 'GET'],
  [code('p'), 'PUT'],
  [0x8f, 'EMPTY_SET'],
  [0x90, 'ADDITEMS'],
  [0x91, 'FROZENSET'],
  [0x96, 'BYTEARRAY8'],
  [0x97, 'NEXT_BUFFER'],
  [0x98, 'READONLY_BUFFER'],
])

/** An opcode that is refused, by its name. */
export const refusedName = (op: number): string => REFUSED.get(op) ?? `0x${op.toString(16).padStart(2, '0')} (none of Python's)`
