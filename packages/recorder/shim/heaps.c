#include "heaps.h"

#include "ring.h"

void *main_interpreter;

/* Interpreters by address and id: a new one may lie where an old one lay. */
static struct heap {
    void *interpreter;
    int64_t id;
    uint16_t number;
} heaps[1024];
static uint32_t heaps_known;
static uint16_t heap_last;

#define USES_MAIN_HEAP (1ul << 5) /* Py_RTFLAGS_USE_MAIN_OBMALLOC */

static int shares_main_heap(void *interpreter) {
    int config[32]; /* PyInterpreterConfig, whose first field is use_main_obmalloc */
    if (python.has_feature != NULL) return python.has_feature(interpreter, USES_MAIN_HEAP);
    return python.config_of != NULL && python.config_of(config, interpreter) == 0 && config[0];
}

uint16_t heap_of(void *interpreter) {
    if (main_interpreter == NULL) {
        main_interpreter = interpreter; /* the first that asks for memory */
        return 0;
    }
    int64_t id = python.interpreter_id(interpreter);
    uint32_t at = 0;
    while (at < heaps_known && heaps[at].interpreter != interpreter) at++;
    if (at < heaps_known && heaps[at].id == id) return heaps[at].number;
    if (at == sizeof heaps / sizeof *heaps || heap_last == UINT16_MAX) {
        ring_stop(STOPPED_TOO_MANY_HEAPS);
        return 0;
    }
    if (at == heaps_known) heaps_known++;
    heaps[at] = (struct heap){interpreter, id, shares_main_heap(interpreter) ? 0 : ++heap_last};
    return heaps[at].number;
}

int heaps_are_several(void) { return python_has_own_heaps() && python.interpreter_next(python.interpreter_head()) != NULL; }
