#define _GNU_SOURCE
#include "observe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "heaps.h"
#include "hooks.h"
#include "scratch.h"

static int runs_main, end_awaited;
static void *(*count_blocks)(void *module, void *arguments); /* sys.getallocatedblocks, from 3.12 on */

void put_mark(const char *label, size_t length, int by_program) {
    ring_sample(record_outside(OP_SAMPLE, ring_now(), 0, 0));
    ring_put_text(record_here(OP_MARK, (uint8_t)by_program, ring_now(), 0, 0), label, length);
}

static void mark(const char *label) { put_mark(label, strlen(label), 0); }

/* Runs when Py_FinalizeEx has done all its work. */
static void finalized(void) {
    if (live->cursor == NULL) return;
    order_taken();
    mark("finalized");
    order_given();
}

/*
 * The program's own code runs when the globals of the running frame are those of `__main__`.
 * Looking it up allocates nothing, but for the key, which is scratch.
 */
static int main_runs(void) {
    static void *key, *seen;
    void *globals = python.globals();
    if (globals == NULL || globals == seen) return 0;
    seen = globals;
    if (key == NULL) {
        self.doing = ASIDE;
        key = python.text_of("__name__");
        scratch_kept();
        self.doing = INSIDE;
    }
    struct object *name = key != NULL ? python.dict_get(globals, key) : NULL;
    return name != NULL && name->type == python.text_type && python.text_differs(name, "__main__") == 0;
}

int starting_ended(void) {
    if (!python.is_initialized() && !python_finalizing()) return 0;
    if (python.current_thread() == NULL) return 0;
    int saved = errno;
    if (!end_awaited) end_awaited = python.at_exit(finalized) == 0;
    int ended = python_finalizing() || (runs_main = main_runs());
    errno = saved;
    return ended;
}

/* `sys` answers from its dictionary; the function's own code is what is kept. */
static void find_count(void) {
    if (python.allocated_blocks != NULL) return;
    self.doing = ASIDE;
    struct object *builtin = python.sys_get("getallocatedblocks");
    if (builtin != NULL && builtin->type == python.builtin_type) *(void **)&count_blocks = python.function_of(builtin);
    scratch_cleared();
    self.doing = INSIDE;
}

void phase_turned(void) {
    int saved = errno;
    int finalizing = python_finalizing();
    live->phase_ended = finalizing ? NULL : python_finalizing;
    mark(finalizing ? "finalizing" : "initialized");
    if (runs_main && !finalizing) find_count();
    if (finalizing) observe_all();
    errno = saved;
}

/* The interpreter prints these figures for its own allocator only, so that is put back for the one call. */
static void observe_stats(void) {
    struct allocator hooked, original = hooks_original_objects();
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) return;
    struct record head = record_here(OP_STATS, 0, ring_now(), 0, 0);
    python.get_allocator(DOMAIN_OBJ, &hooked);
    python.set_allocator(DOMAIN_OBJ, &original);
    python.print_stats(out);
    python.set_allocator(DOMAIN_OBJ, &hooked);
    fclose(out);
    ring_put_text(head, text, length);
    free(text);
}

/* The integer that `sys.getallocatedblocks` answers with is scratch, or the interpreter's own spare one. */
static ssize_t blocks_counted(void) {
    self.doing = ASIDE;
    void *integer = count_blocks(NULL, NULL);
    ssize_t count = integer != NULL ? python.whole_of(integer) : -1;
    if (integer != NULL && !scratch_holds(integer)) python.drop(integer);
    scratch_cleared();
    self.doing = INSIDE;
    return count;
}

static void put_count(ssize_t count) { ring_put(record_here(OP_BLOCKS, 0, ring_now(), (uint64_t)count, 0), 0); }

/*
 * With another interpreter running beside this one, its requests would pass the allocator that is
 * put back unseen, and the locks that a count takes may be held by a thread that waits for us.
 */
static int disturbs(void) {
    if (!heaps_are_several()) return 0;
    ring_put(record_here(OP_SKIPPED, 0, ring_now(), 0, 0), 0);
    return 1;
}

void observe_running(void) {
    if (live->phase_ended == starting_ended || disturbs()) return;
    observe_stats();
    if (python.allocated_blocks != NULL) put_count(python.allocated_blocks());
}

void observe_all(void) {
    ring_sample(record_outside(OP_SAMPLE, ring_now(), 0, 0));
    if (disturbs()) return;
    observe_stats();
    if (python.allocated_blocks != NULL) put_count(python.allocated_blocks());
    else if (count_blocks != NULL) put_count(blocks_counted());
}
