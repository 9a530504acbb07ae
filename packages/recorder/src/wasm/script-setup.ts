import { newText, textAt, type WasmModule } from './wasm-module.ts'

/** Runs once before the script: compiles it, gives it its module, and asks for line events of its own code. Nothing of it runs later. */
const SETUP = `
def prepare(source, file, callbacks):
    import json, sys, types
    code = compile(source, file, 'exec', dont_inherit=True)
    module = types.ModuleType('__main__')
    module.__file__ = file
    module.__builtins__ = __builtins__
    sys.modules['__main__'] = module
    sys.argv = [file]
    codes = []
    waiting = [code]
    while waiting:
        one = waiting.pop()
        codes.append(one)
        waiting += [value for value in one.co_consts if isinstance(value, types.CodeType)]
    if callbacks:
        events = sys.monitoring.events
        tool = 4
        sys.monitoring.use_tool_id(tool, 'reheap')
        wanted = 0
        for name, callback in callbacks.items():
            event = getattr(events, name)
            wanted |= event
            sys.monitoring.register_callback(tool, event, callback)
        for one in codes:
            sys.monitoring.set_local_events(tool, one, wanted)
    # Local variables stand in a frame in this order: arguments and others, then cells that are no arguments, then free variables.
    about = [{'address': id(one), 'name': one.co_qualname,
              'locals': list(one.co_varnames) + [name for name in one.co_cellvars if name not in one.co_varnames] + list(one.co_freevars),
              'isFunction': bool(one.co_flags & 2), 'isGenerator': bool(one.co_flags & 0x2a0)} for one in codes]
    return code, module.__dict__, json.dumps(about)
code, names, about = prepare(source, file, callbacks)
del prepare
`

const FILE_INPUT = 257
const FAST_CALL = 0x80

export interface ScriptCode {
  readonly address: number
  readonly name: string
  readonly locals: readonly string[]
  readonly isFunction: boolean
  readonly isGenerator: boolean
}

export interface PreparedScript {
  readonly code: number
  readonly moduleDict: number
  readonly codes: readonly ScriptCode[]
}

export type MonitoringCallback = (args: number, argCount: number) => void

/** Null: the script cannot be compiled; the interpreter's error stands. Without callbacks nothing is asked for, and all else is the same. */
export function prepareScript(
  module: WasmModule,
  source: string,
  file: string,
  callbacks: Readonly<Record<string, MonitoringCallback>>,
): PreparedScript | null {
  const scope = module._PyDict_New()
  const put = (dict: number, name: string, value: number): void => {
    module._PyDict_SetItemString(dict, newText(module, name), value)
    module._Py_DecRef(value)
  }
  const get = (name: string): number => module._PyDict_GetItemString(scope, newText(module, name))
  const functions = module._PyDict_New()
  for (const [name, callback] of Object.entries(callbacks)) put(functions, name, callable(module, name, callback))
  put(scope, 'source', module._PyUnicode_FromString(newText(module, source)))
  put(scope, 'file', module._PyUnicode_FromString(newText(module, file)))
  put(scope, 'callbacks', functions)
  const result = module._PyRun_String(newText(module, SETUP), FILE_INPUT, scope, scope)
  if (result === 0) return null
  module._Py_DecRef(result)
  const codes: ScriptCode[] = JSON.parse(textAt(module, module._PyUnicode_AsUTF8(get('about'))))
  return { code: get('code'), moduleDict: get('names'), codes }
}

/** A built-in function that runs JavaScript and returns None, without making an object. */
function callable(module: WasmModule, name: string, callback: MonitoringCallback): number {
  const none = module.__Py_NoneStruct
  const call = module.addFunction((_self = 0, args = 0, argCount = 0) => {
    callback(args, argCount)
    return none
  }, 'iiii')
  const definition = module._PyMem_RawMalloc(16)
  module.HEAP32.set([newText(module, name), call, FAST_CALL, 0], definition >> 2)
  return module._PyCMethod_New(definition, 0, 0, 0)
}
