import { DETAIL_COLUMN, type StoredColumn } from './columns.ts'
import { Malformed, shown } from './error.ts'
import type { FlatTable } from './flatbuffer.ts'

/** Arrow's numbers of the types that a log uses. */
const TYPE = { int: 2, floatingPoint: 3, utf8: 5 } as const
const PRECISIONS = ['halffloat', 'float', 'double']

/** The keys of the schema's metadata. */
export const SCHEMA_KEYS = { header: 'reheap', vocabulary: 'reheap.vocabulary', checksum: 'reheap.checksum' } as const

function integerName(int: FlatTable): string {
  return `${int.uint8(1) === 0 ? 'u' : ''}int${int.int32(0)}`
}

function typeName(field: FlatTable): string {
  switch (field.uint8(2)) {
    case TYPE.int:
      return integerName(field.table(3))
    case TYPE.floatingPoint:
      return PRECISIONS[field.table(3).int16(0)] ?? 'unknown'
    case TYPE.utf8:
      return 'string'
    default:
      return `Arrow type ${field.uint8(2)}`
  }
}

/** The name and the type of every field of a schema, types spelled as pyarrow does. */
export function fieldsOf(schema: FlatTable): { readonly name: string; readonly type: string }[] {
  if (schema.int16(0) !== 0) throw new Malformed('the columns are big-endian')
  return schema.tables(1).map((field) => ({
    name: field.string(0),
    type: field.has(4) ? `dictionary<${integerName(field.table(4).table(1))}, ${typeName(field)}>` : typeName(field),
  }))
}

/** What keeps fields from being these columns and the detail, or null. */
export function columnFault(fields: readonly { name: string; type: string }[], columns: readonly StoredColumn[]): string | null {
  const wanted = [...columns, DETAIL_COLUMN]
  for (const [i, { name, type }] of wanted.entries()) {
    const field = fields[i]
    if (field === undefined) return `column ${name} (${type}) is missing`
    if (field.name !== name) return `column ${i} is ${shown(field.name)} and must be ${name}`
    if (field.type !== type) return `column ${name} is ${field.type} and must be ${type}`
  }
  const surplus = fields[wanted.length]
  return surplus === undefined ? null : `column ${shown(surplus.name)} is not one of a log`
}
