export {
  COLLECTION_REASONS,
  type CollectionReason,
  FACT_OPCODES,
  type Fact,
  type FactOpcode,
  REQUEST_OPCODES,
  Request,
  type RequestOpcode,
} from './events.ts'
export { HEAP_FLAGS, type HeapEditor, type HeapView, type Tracking } from './heap-view.ts'
