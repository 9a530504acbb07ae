import { newText, textAt, type WasmModule } from './wasm-module.ts'

/** Runs once before the script: compiles it, gives it its module, and asks for events of its own code. Nothing of it runs later. */
const SETUP = `
def prepare(source, file, arguments, callbacks):
    import builtins, dis, gc, json, opcode, os, sys, types
    def local_calls(code):
        steps = list(dis.get_instructions(code))
        return [call.offset for load, call in zip(steps, steps[1:]) if call.opname == 'CALL' and load.opname.startswith('LOAD_FAST')]
    code = compile(source, file, 'exec', dont_inherit=True)
    module = types.ModuleType('__main__')
    module.__file__ = file
    module.__builtins__ = __builtins__
    sys.modules['__main__'] = module
    sys.argv = [file, *json.loads(arguments)]
    sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
    codes = []
    waiting = [code]
    while waiting:
        one = waiting.pop()
        codes.append(one)
        waiting += [value for value in one.co_consts if isinstance(value, types.CodeType)]
    wanted = 0
    if callbacks:
        events = sys.monitoring.events
        tool = 4
        sys.monitoring.use_tool_id(tool, 'reheap')
        for name, callback in callbacks.items():
            event = getattr(events, name)
            wanted |= event
            sys.monitoring.register_callback(tool, event, callback)
        for one in codes:
            sys.monitoring.set_local_events(tool, one, wanted)
    class Finalized:
        def __del__(self):
            pass
    def pausing(others):
        yield from others
        yield
    # One has not begun, one waits for another, one for whoever asks it.
    paused = [pausing(()), pausing(pausing(())), pausing(())]
    next(paused[1])
    next(paused[2])
    # Local variables stand in a frame in this order: arguments and others, then cells that are no arguments, then free variables.
    about = {
        'codes': [{'address': id(one), 'name': one.co_qualname,
                   'locals': list(one.co_varnames) + [name for name in one.co_cellvars if name not in one.co_varnames] + list(one.co_freevars),
                   'isFunction': bool(one.co_flags & 2), 'isGenerator': bool(one.co_flags & 0x2a0),
                   'localCalls': local_calls(one)} for one in codes],
        'functions': {'getrefcount': id(sys.getrefcount), 'exec': id(builtins.exec),
                      **{name: id(getattr(gc, name)) for name in ('collect', 'enable', 'disable', 'set_threshold', 'set_debug', 'freeze', 'unfreeze')}},
        'monitoring': {'function': id(sys.monitoring.set_local_events), 'arguments': [id(4), id(wanted)]},
        'folder': os.path.dirname(os.path.abspath(file)),
        'opcodes': {'call': dis.opmap['CALL'], 'loads': [code for name, code in dis.opmap.items() if name.startswith('LOAD_FAST')],
                    'caches': {code: opcode._inline_cache_entries.get(name, 0) for name, code in dis.opmap.items()}},
        'callbacks': id(gc.callbacks),
        'garbage': id(gc.garbage),
        'finalizedType': id(Finalized),
        'paused': [id(one) for one in paused],
    }
    return code, module.__dict__, json.dumps(about), (Finalized, paused)
code, names, about, examples = prepare(source, file, arguments, callbacks)
del prepare
# The one slice that 3.13 keeps for the next: no collection empties that place.
taken = slice(None)
`

/** Runs once when the script is over and nothing is recorded any more: what Python itself does at its end, as far as people see it. */
const ENDING = `
import atexit, sys
atexit._run_exitfuncs()
sys.stdout.flush()
sys.stderr.flush()
`

const FILE_INPUT = 257
const FAST_CALL = 0x80

export interface ScriptCode {
  readonly number: number
  /** As tracebacks name it, but within the script's folder. */
  readonly file: string
  readonly address: number
  readonly name: string
  readonly locals: readonly string[]
  readonly isFunction: boolean
  readonly isGenerator: boolean
  /** Offsets of the calls whose last argument is a local variable. */
  readonly localCalls: readonly number[]
}

/** What has to be known of bytecode to find calls in it. */
export interface Opcodes {
  readonly call: number
  /** Of those that put a local variable on the stack. */
  readonly loads: readonly number[]
  /** By opcode: code units behind the instruction that are no instructions. */
  readonly caches: Readonly<Record<number, number>>
}

export interface PreparedScript {
  readonly code: number
  readonly moduleDict: number
  readonly codes: readonly ScriptCode[]
  /** Addresses of the interpreter's functions that the recorder listens to, by name. */
  readonly functions: Readonly<Record<string, number>>
  /** The interpreter's function that asks for events of a code, and its arguments before and behind the code. */
  readonly monitoring: { readonly function: number; readonly arguments: readonly [number, number] }
  /** Where the script lies. */
  readonly folder: string
  readonly opcodes: Opcodes
  /** The list `gc.callbacks`. */
  readonly callbacks: number
  /** The list `gc.garbage`. */
  readonly garbage: number
  /** A class that has a `__del__`. */
  readonly finalizedType: number
  /** Generators whose call has not ended. */
  readonly paused: readonly number[]
}

export type MonitoringCallback = (args: number, argCount: number) => void

export interface ScriptText {
  readonly source: string
  readonly file: string
  readonly args: readonly string[]
}

/** Null: the script cannot be compiled; the interpreter's error stands. Without callbacks nothing is asked for, and all else is the same. */
export function prepareScript(
  module: WasmModule,
  { source, file, args }: ScriptText,
  callbacks: Readonly<Record<string, MonitoringCallback>>,
): PreparedScript | null {
  const scope = module._PyDict_New()
  const put = (dict: number, name: string, value: number): void => {
    module._PyDict_SetItemString(dict, newText(module, name), value)
    module._Py_DecRef(value)
  }
  const get = (name: string): number => module._PyDict_GetItemString(scope, newText(module, name))
  const functions = module._PyDict_New()
  for (const [name, callback] of Object.entries(callbacks)) {
    const call = callable(module, name, callback)
    // The collector is not to see what an unrecorded run does not have.
    module._PyObject_GC_UnTrack(call)
    put(functions, name, call)
  }
  put(scope, 'source', module._PyUnicode_FromString(newText(module, source)))
  put(scope, 'file', module._PyUnicode_FromString(newText(module, file)))
  put(scope, 'arguments', module._PyUnicode_FromString(newText(module, JSON.stringify(args))))
  put(scope, 'callbacks', functions)
  const result = module._PyRun_String(newText(module, SETUP), FILE_INPUT, scope, scope)
  if (result === 0) return null
  module._Py_DecRef(result)
  const about: Omit<PreparedScript, 'code' | 'moduleDict'> = JSON.parse(textAt(module, module._PyUnicode_AsUTF8(get('about'))))
  const codes = about.codes.map((code, number) => ({ ...code, number, file }))
  return { ...about, codes, code: get('code'), moduleDict: get('names') }
}

/** Has Python do what it does at its end. */
export function endScript(module: WasmModule): void {
  const scope = module._PyDict_New()
  const result = module._PyRun_String(newText(module, ENDING), FILE_INPUT, scope, scope)
  if (result === 0) module._PyErr_Print()
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
