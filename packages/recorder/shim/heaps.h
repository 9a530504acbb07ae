/* Which allocator state answers: interpreters from 3.12 on may have one of their own. */
#ifndef REHEAP_HEAPS_H
#define REHEAP_HEAPS_H

#include <stdint.h>

#include "python.h"

/* Number of an interpreter's heap that is not the main interpreter's. */
uint16_t heap_of(void *interpreter);
/* Whether another interpreter is alive, which could run while this thread does. */
int heaps_are_several(void);

extern void *main_interpreter;

static inline uint16_t heap_here(void) {
    if (!python_has_own_heaps()) return 0;
    void *thread = python.current_thread();
    if (thread == NULL) return 0;
    void *interpreter = python.interpreter_of(thread);
    return interpreter == main_interpreter ? 0 : heap_of(interpreter);
}

#endif
