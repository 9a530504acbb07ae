/*
 * The parts of CPython's C interface that the shim uses, declared here so that no Python headers
 * are needed: one shared object serves every CPython from 3.6 on with the same pointer size.
 */
#ifndef REHEAP_PYTHON_H
#define REHEAP_PYTHON_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* PyMemAllocatorDomain. */
enum { DOMAIN_RAW, DOMAIN_MEM, DOMAIN_OBJ };

/* PyMemAllocatorEx. */
struct allocator {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t count, size_t size);
    void *(*realloc)(void *ctx, void *block, size_t size);
    void (*free)(void *ctx, void *block);
};

/* PyObjectArenaAllocator. */
struct arena_allocator {
    void *ctx;
    void *(*alloc)(void *ctx, size_t size);
    void (*free)(void *ctx, void *arena, size_t size);
};

/* The head of every object, in builds with a GIL. */
struct object {
    ssize_t references;
    void *type;
};

/* Functions of the interpreter. Those below the blank line may be null: see python.c for the versions that lack them. */
struct python {
    int minor; /* the 11 of 3.11 */
    void (*get_allocator)(int domain, struct allocator *);
    void (*set_allocator)(int domain, struct allocator *);
    void (*get_arena_allocator)(struct arena_allocator *);
    void (*set_arena_allocator)(struct arena_allocator *);
    int (*is_initialized)(void);
    void *(*current_thread)(void);
    int (*at_exit)(void (*)(void));
    int (*append_inittab)(const char *name, void *(*init)(void));
    void *(*interpreter_head)(void);
    void *(*interpreter_next)(void *interpreter);
    void *(*globals)(void);
    void *(*dict_get)(void *dict, void *key);
    void *(*text_of)(const char *utf8);
    const char *(*utf8_of)(void *text, ssize_t *length);
    int (*text_differs)(void *text, const char *ascii);
    void *(*sys_get)(const char *name);
    void *(*module_of)(void *definition);
    void *(*function_of)(void *builtin);
    ssize_t (*whole_of)(void *integer);
    void (*keep)(void *object);
    void (*drop)(void *object);
    int (*print_stats)(FILE *);
    void *text_type, *builtin_type, *none;

    int (*is_finalizing)(void);
    void *volatile *finalizing;
    ssize_t (*allocated_blocks)(void);
    void *(*interpreter_of)(void *thread);
    int64_t (*interpreter_id)(void *interpreter);
    int (*has_feature)(void *interpreter, unsigned long feature);
    int (*config_of)(int *config, void *interpreter);
};

extern struct python python;

/* Whether this process is a CPython that can be hooked; fills in `python`. */
int python_found(void);

/* Interpreters may have an allocator state and a lock of their own: from 3.12 on. */
static inline int python_has_own_heaps(void) { return python.minor >= 12; }

int python_finalizing(void);

#endif
