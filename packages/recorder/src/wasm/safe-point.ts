import type { WasmModule } from './wasm-module.ts'

/**
 * Has itself called where the interpreter next looks at its eval breaker, as soon as an object of the collector was made: a due
 * collection runs just there. Nothing is allocated for it.
 */
export class SafePoint {
  private readonly module: WasmModule
  private readonly call: number
  private isArmed = false

  constructor(module: WasmModule, onCheck: () => void) {
    this.module = module
    this.call = module.addFunction(() => {
      this.isArmed = false
      onCheck()
      return 0
    }, 'ii')
  }

  arm(): void {
    if (!this.isArmed) this.isArmed = this.module._Py_AddPendingCall(this.call, 0) === 0
  }
}
