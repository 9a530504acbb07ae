#define _GNU_SOURCE
#include "hooks.h"

#include <sched.h>

#include "heaps.h"
#include "library.h"
#include "observe.h"
#include "scratch.h"

__thread struct self self;

struct domain {
    struct allocator original;
    uint8_t number;
};
static struct domain domains[] = {[DOMAIN_MEM] = {.number = DOMAIN_MEM}, [DOMAIN_OBJ] = {.number = DOMAIN_OBJ}};
static struct arena_allocator arenas;

struct allocator hooks_original_objects(void) { return domains[DOMAIN_OBJ].original; }

/* The one GIL keeps the order, unless others than Python are recorded. */
static inline int needs_lock(void) {
#ifdef REHEAP_NATIVE
    return 1;
#else
    return python_has_own_heaps();
#endif
}

static inline void lock(void) {
    if (!needs_lock()) return;
    while (__builtin_expect(__atomic_exchange_n(&live->lock, 1, __ATOMIC_ACQUIRE), 0)) sched_yield();
}

static inline void unlock(void) {
    if (needs_lock()) __atomic_store_n(&live->lock, 0, __ATOMIC_RELEASE);
}

void order_taken(void) {
    lock();
    self.doing = INSIDE;
}

void order_given(void) {
#ifdef REHEAP_NATIVE
    library_settled(NULL);
    if (live->until_sampled == 0) ring_sample(record_outside(OP_SAMPLE, ring_now(), 0, 0));
#endif
    self.doing = OUTSIDE;
    unlock();
}

static inline uint16_t thread_here(void) {
    if (self.thread == 0) {
        live->threads += live->threads <= UINT16_MAX; /* the last number stands for all later threads */
        self.thread = live->threads;
    }
    return (uint16_t)(self.thread - 1);
}

static inline struct record here(uint8_t op, uint8_t domain, uint64_t address, uint64_t size, uint64_t other) {
    return (struct record){op, domain, thread_here(), heap_here(), 0, address, size, other};
}

struct record record_here(uint8_t op, uint8_t domain, uint64_t address, uint64_t size, uint64_t other) {
    return here(op, domain, address, size, other);
}

struct record record_outside(uint8_t op, uint64_t address, uint64_t size, uint64_t other) {
    return (struct record){op, 0, thread_here(), 0, 0, address, size, other};
}

/* Whether a request is to be passed through unseen: in a forked child, after the end, or below another request. */
static inline int unseen(void) {
    if (__builtin_expect(live->cursor != NULL && self.doing == OUTSIDE, 1)) return 0;
    if (live->cursor == NULL) ring_fork_seen();
    return 1;
}

static inline void request_begun(void) {
    lock();
    self.doing = INSIDE;
    if (live->phase_ended != NULL && live->phase_ended()) phase_turned();
}

void moment_taken(void) { request_begun(); }

static inline void request_finished(struct record record) {
#ifdef REHEAP_NATIVE
    library_settled(record.op == OP_FREE ? NULL : (void *)record.address);
    self.operand = NULL;
    live->until_sampled -= live->until_sampled > 0;
    ring_put(record, 1);
    order_given();
#else
    ring_put(record, 1);
    self.doing = OUTSIDE;
    unlock();
#endif
}

static inline void operand_noted(void *block) {
#ifdef REHEAP_NATIVE
    self.operand = block;
#else
    (void)block;
#endif
}

/* A request that got no memory has changed nothing. It is counted, and is no event. */
static inline void block_born(uint8_t op, struct domain *domain, void *block, uint64_t size, uint64_t other) {
    request_finished(here(block != NULL ? op : OP_REFUSED, domain->number, (uintptr_t)block, size, other));
}

static void *on_malloc(void *ctx, size_t size) {
    struct domain *domain = ctx;
    if (unseen()) return self.doing == ASIDE ? scratch_taken(size) : domain->original.malloc(domain->original.ctx, size);
    request_begun();
    void *block = domain->original.malloc(domain->original.ctx, size);
    block_born(OP_MALLOC, domain, block, size, 0);
    return block;
}

static void *on_calloc(void *ctx, size_t count, size_t size) {
    struct domain *domain = ctx;
    if (unseen()) return self.doing == ASIDE ? scratch_taken(count * size) : domain->original.calloc(domain->original.ctx, count, size);
    request_begun();
    void *block = domain->original.calloc(domain->original.ctx, count, size);
    block_born(OP_CALLOC, domain, block, size, count);
    return block;
}

static void *on_realloc(void *ctx, void *old, size_t size) {
    struct domain *domain = ctx;
    if (unseen()) return domain->original.realloc(domain->original.ctx, old, size);
    request_begun();
    operand_noted(old);
    void *block = domain->original.realloc(domain->original.ctx, old, size);
    block_born(OP_REALLOC, domain, block, size, (uintptr_t)old);
    return block;
}

static void on_free(void *ctx, void *block) {
    struct domain *domain = ctx;
    if (unseen()) {
        if (!scratch_holds(block)) domain->original.free(domain->original.ctx, block);
        return;
    }
    request_begun();
    operand_noted(block);
    domain->original.free(domain->original.ctx, block);
    request_finished(here(OP_FREE, domain->number, (uintptr_t)block, 0, 0));
}

/* An arena that is mapped outside every request: the interpreter's own (a stack for frames), or our hooks were replaced. */
static int bypassed(void) {
    struct allocator current;
    python.get_allocator(DOMAIN_OBJ, &current);
    return current.malloc != on_malloc;
}

static void *on_arena_alloc(void *ctx, size_t size) {
    (void)ctx;
    void *arena = arenas.alloc(arenas.ctx, size);
    if (live->cursor == NULL) return arena;
    if (self.doing == INSIDE) {
        ring_put(here(OP_ARENA_MAPPED, 0, (uintptr_t)arena, size, 0), 0);
    } else if (arena != NULL && bypassed()) {
        order_taken();
        ring_put(here(OP_BYPASSED, 0, (uintptr_t)arena, size, 0), 0);
        order_given();
    }
    return arena;
}

static void on_arena_free(void *ctx, void *arena, size_t size) {
    (void)ctx;
    if (live->cursor != NULL && arena != NULL) {
        if (self.doing == INSIDE) {
            ring_put(here(OP_ARENA_UNMAPPED, 0, (uintptr_t)arena, size, 0), 0);
        } else {
            order_taken();
            ring_put(here(OP_ARENA_UNMAPPED_OUTSIDE, 0, (uintptr_t)arena, size, ring_now()), 0);
            order_given();
        }
    }
    arenas.free(arenas.ctx, arena, size);
}

void hooks_set(void) {
    struct arena_allocator own_arenas = {NULL, on_arena_alloc, on_arena_free};
    python.get_arena_allocator(&arenas);
    python.set_arena_allocator(&own_arenas);
    for (int number = DOMAIN_MEM; number <= DOMAIN_OBJ; number++) {
        struct allocator own = {&domains[number], on_malloc, on_calloc, on_realloc, on_free};
        python.get_allocator(number, &domains[number].original);
        python.set_allocator(number, &own);
    }
    live->phase_ended = starting_ended;
}
