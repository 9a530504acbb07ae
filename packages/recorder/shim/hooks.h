/* The wrapped allocators of the MEM and OBJ domains and of arenas. */
#ifndef REHEAP_HOOKS_H
#define REHEAP_HOOKS_H

#include <stdint.h>

#include "python.h"
#include "ring.h"

/* What the current thread is doing. */
enum {
    OUTSIDE, /* of every request */
    INSIDE,  /* a request or an observation, whose records stand together */
    ASIDE    /* a question to the interpreter whose own objects are not the program's: see scratch.h */
};

/* Of the initial-exec model: reading it is one instruction, and never allocates. */
struct self {
    int doing;
    uint32_t thread; /* number + 1; 0: not numbered yet */
#ifdef REHEAP_NATIVE
    void *operand;         /* what the request under way frees or resizes */
    struct record pending; /* what the C library gave in the course of it: perhaps the answer itself */
#endif
};
extern __thread struct self self __attribute__((tls_model("initial-exec")));

/* Replaces the allocators; from here on every request is recorded. */
void hooks_set(void);
/* The OBJ allocator below the hook. */
struct allocator hooks_original_objects(void);

/* Records of one thread stand together between these two. From 3.12 on interpreters run side by side. */
void order_taken(void);
void order_given(void);
/* As order_taken(), at a point where a phase of the interpreter may be found to have ended. */
void moment_taken(void);

/* A record of the current thread and its interpreter's heap. */
struct record record_here(uint8_t op, uint8_t domain, uint64_t address, uint64_t size, uint64_t other);

/* A record of the current thread, of no interpreter's heap. */
struct record record_outside(uint8_t op, uint64_t address, uint64_t size, uint64_t other);

#endif
