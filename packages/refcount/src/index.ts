export { FACT_OPCODES, type Fact, type FactOpcode, REQUEST_OPCODES, Request, type RequestOpcode } from './events.ts'
export { LAYOUTS, type Layout } from './layout.ts'
