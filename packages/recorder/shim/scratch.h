/*
 * Memory for objects that the interpreter makes to answer a question of ours. They must not take
 * blocks of the heap that is recorded, so while a thread is ASIDE its births are served from here.
 */
#ifndef REHEAP_SCRATCH_H
#define REHEAP_SCRATCH_H

#include <stddef.h>

void *scratch_taken(size_t size);
int scratch_holds(const void *block);
/* Forgets what was taken, but for what was kept before. */
void scratch_cleared(void);
/* Keeps what was taken so far for good. */
void scratch_kept(void);

#endif
