/* Phases of the interpreter's life, and what it answers about its memory. */
#ifndef REHEAP_OBSERVE_H
#define REHEAP_OBSERVE_H

#include <stddef.h>

/* Whether the program's own code has begun to run, or the interpreter ends without. */
int starting_ended(void);
/* Marks the phase that begins. The caller holds the order and is INSIDE. */
void phase_turned(void);

/* `by_program`: the label is the program's own, not one of ours. */
void put_mark(const char *label, size_t length, int by_program);
/* What can be observed between any two requests. */
void observe_running(void);
/* What can be observed where no lock of the interpreter is held: between two instructions of the program. */
void observe_all(void);

#endif
