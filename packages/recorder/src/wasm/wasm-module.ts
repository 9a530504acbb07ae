/** The part of an emscripten module of CPython that the recorder calls. Addresses and objects are numbers. */
export interface WasmModule {
  readonly HEAP32: Int32Array
  readonly HEAPU8: Uint8Array
  readonly wasmTable: { get(index: number): (...args: number[]) => number }
  addFunction(callback: (...args: number[]) => number | undefined, signature: string): number
  _PyMem_RawMalloc(bytes: number): number
  _Py_DecRef(object: number): void
  _PyInterpreterState_Get(): number
  _PyThreadState_Get(): number
  _PyDict_New(): number
  _PyDict_SetItemString(dict: number, key: number, value: number): number
  _PyDict_GetItemString(dict: number, key: number): number
  _PyUnicode_AsUTF8(text: number): number
  _PyUnicode_FromString(text: number): number
  _PyRun_String(source: number, start: number, globals: number, locals: number): number
  _PyEval_EvalCode(code: number, globals: number, locals: number): number
  _PyCMethod_New(definition: number, self: number, module: number, type: number): number
  _PyGC_Collect(): number
  _PyObject_GC_UnTrack(object: number): void
  _Py_AddPendingCall(call: number, argument: number): number
  _PyObject_GetAttrString(object: number, name: number): number
  _PyLong_AsLong(value: number): number
  _PyObject_Str(object: number): number
  _PyErr_ExceptionMatches(type: number): number
  _PyErr_GetRaisedException(): number
  _PyErr_Occurred(): number
  _PyErr_Clear(): void
  _PyErr_Print(): void
  _PyMem_GetAllocator(domain: number, allocator: number): void
  _PyMem_SetAllocator(domain: number, allocator: number): void
  _PyRefTracer_SetTracer(tracer: number, data: number): number
  readonly __Py_NoneStruct: number
  readonly __PyRuntime: number
  /** The address of a pointer to the type. */
  readonly _PyExc_SystemExit: number
  readonly _PyCode_Type: number
  readonly _PyLong_Type: number
  readonly _PyFloat_Type: number
  readonly _PyList_Type: number
  readonly _PyTuple_Type: number
  readonly _PyDict_Type: number
  readonly _PySet_Type: number
  readonly _PyFrozenSet_Type: number
  readonly __PyWeakref_RefType: number
  readonly _PyFunction_Type: number
  readonly _PyMethod_Type: number
  readonly _PyCFunction_Type: number
  readonly _PyFrame_Type: number
  readonly _PyCell_Type: number
  readonly _PyGen_Type: number
  readonly _PyCoro_Type: number
  readonly _PyModule_Type: number
  readonly _PyListIter_Type: number
  readonly _PyTupleIter_Type: number
  readonly _PySlice_Type: number
  readonly _PyCMethod_Type: number
}

const DECODER = new TextDecoder()

/** Text that ends with a zero byte. */
export function textAt(module: WasmModule, address: number): string {
  const bytes = module.HEAPU8
  const end = bytes.indexOf(0, address)
  return DECODER.decode(bytes.slice(address, end))
}

/** The text in memory of its own, with a zero byte behind it; it stays until the interpreter ends. */
export function newText(module: WasmModule, text: string): number {
  const bytes = new TextEncoder().encode(text)
  const address = module._PyMem_RawMalloc(bytes.length + 1)
  module.HEAPU8.set(bytes, address)
  module.HEAPU8[address + bytes.length] = 0
  return address
}
