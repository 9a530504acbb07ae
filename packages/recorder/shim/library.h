/* With REHEAP_NATIVE: the C library's malloc family and the memory-mapping calls, as everyone but Python's own allocators uses them. */
#ifndef REHEAP_LIBRARY_H
#define REHEAP_LIBRARY_H

#ifdef REHEAP_NATIVE
/* Puts what was asked before recording began into the ring, which is open. */
void library_begun(void);
/* This process is not recorded. */
void library_left(void);
/* The request under way was answered with this block: what the C library gave for it is no event of its own. */
void library_settled(void *answer);
#else
static inline void library_begun(void) {}
static inline void library_left(void) {}
#endif

#endif
