export {
  type Batch,
  type EventBatch,
  type FactBatch,
  NO_ID,
  NOT_GIVEN,
  type StackInWaiting,
  sliceBatch,
  sliceEvents,
  stackAt,
} from './batch.ts'
export { EventContext, Id, Whole } from './codec.ts'
export { type Column, Columns, copyColumns, grown } from './columns.ts'
export {
  arrayBytes,
  DTYPES,
  type Dtype,
  dtypeNamed,
  type ExactFloat,
  elementsOf,
  type FloatRange,
  type ImageFormat,
  imageBytes,
  parseShape,
  type Shape,
  type ValueRange,
} from './dtype.ts'
export { Emit } from './emit.ts'
export { EventColumns, type RowContext } from './event-columns.ts'
export {
  CLOSED_PAGE,
  enterId,
  forEachId,
  handleOfId,
  ID_PAGE_MASK,
  ID_PAGE_SHIFT,
  IdTable,
  NO_HANDLE,
  openId,
  placeOfId,
  removeId,
} from './id-table.ts'
export { lettersApart } from './letters-apart.ts'
export type { Draft, EventIndex, Mechanism, Sealed } from './mechanism.ts'
export { ANY_LAYER_OPCODES, OPCODE_RANGES } from './opcodes.ts'
export { columnBytes, createKeeper, giveStateBack, type Keeper } from './ownership.ts'
export {
  bytesQuantity,
  type DecimalSteps,
  type InformationUnit,
  informationUnits,
  naturalUnit,
  parseQuantity,
  type Quantity,
  quantityIn,
  unitNamed,
} from './quantity.ts'
export { explainRow, foldOf, type Reducer, reducerOf, stepOf, type Wording } from './reducer.ts'
export type { Rejected } from './rejected.ts'
export { StateArchive } from './state-archive.ts'
export { finished } from './steps.ts'
export { formatAddress, formatBytes, formatChange, formatCount, formatCounted, formatDuration, formatShare } from './units.ts'
