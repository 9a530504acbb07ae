#define _GNU_SOURCE
#include "python.h"

#include <dlfcn.h>

struct python python;

static int sought(const char *name, void *slot) {
    *(void **)slot = dlsym(RTLD_DEFAULT, name);
    return *(void **)slot != NULL;
}

/* What differs by version. Interpreters of their own: `has_feature` is 3.12's, `config_of` that of 3.13 and later. */
static void find_by_version(void) {
    if (!sought("Py_IsFinalizing", &python.is_finalizing)) sought("_Py_IsFinalizing", &python.is_finalizing);
    sought("_Py_Finalizing", &python.finalizing); /* 3.6, which has no function for it */
    sought("_Py_GetAllocatedBlocks", &python.allocated_blocks); /* up to 3.11 */
    sought("PyThreadState_GetInterpreter", &python.interpreter_of);
    sought("PyInterpreterState_GetID", &python.interpreter_id);
    sought("_PyInterpreterState_HasFeature", &python.has_feature);
    sought("_PyInterpreterConfig_InitFromState", &python.config_of);
}

int python_found(void) {
    const char *(*version)(void);
    int complete =
        sought("PyMem_GetAllocator", &python.get_allocator) && sought("PyMem_SetAllocator", &python.set_allocator) &&
        sought("PyObject_GetArenaAllocator", &python.get_arena_allocator) &&
        sought("PyObject_SetArenaAllocator", &python.set_arena_allocator) && sought("Py_GetVersion", &version) &&
        sought("Py_IsInitialized", &python.is_initialized) && sought("Py_AtExit", &python.at_exit) &&
        sought("PyImport_AppendInittab", &python.append_inittab) && sought("PyInterpreterState_Head", &python.interpreter_head) &&
        sought("PyInterpreterState_Next", &python.interpreter_next) && sought("PyEval_GetGlobals", &python.globals) &&
        sought("PyDict_GetItem", &python.dict_get) && sought("PyUnicode_FromString", &python.text_of) &&
        sought("PyUnicode_AsUTF8AndSize", &python.utf8_of) &&
        sought("PyUnicode_CompareWithASCIIString", &python.text_differs) && sought("PySys_GetObject", &python.sys_get) &&
        sought("PyModuleDef_Init", &python.module_of) && sought("PyCFunction_GetFunction", &python.function_of) &&
        sought("PyLong_AsSsize_t", &python.whole_of) && sought("Py_IncRef", &python.keep) && sought("Py_DecRef", &python.drop) &&
        sought("_PyObject_DebugMallocStats", &python.print_stats) && sought("PyUnicode_Type", &python.text_type) &&
        sought("PyCFunction_Type", &python.builtin_type) && sought("_Py_NoneStruct", &python.none) &&
        (sought("PyThreadState_GetUnchecked", &python.current_thread) ||
         sought("_PyThreadState_UncheckedGet", &python.current_thread));
    if (!complete || sscanf(version(), "3.%d", &python.minor) != 1) return 0;
    find_by_version();
    return python.is_finalizing != NULL || python.finalizing != NULL;
}

int python_finalizing(void) {
    return python.is_finalizing != NULL ? python.is_finalizing() : *python.finalizing != NULL;
}
