/*
 * Replays recorded allocator requests through the running interpreter's own PyObject_Malloc,
 * PyObject_Calloc, PyObject_Realloc and PyObject_Free, and reports the time of each pass.
 *
 * Loaded by that interpreter with ctypes.PyDLL, so that the global interpreter lock is held and the
 * symbols are the interpreter's, whether it is linked statically or against libpython.
 */
#define _POSIX_C_SOURCE 200809L
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

extern void *PyObject_Malloc(size_t bytes);
extern void *PyObject_Calloc(size_t count, size_t element_bytes);
extern void *PyObject_Realloc(void *block, size_t bytes);
extern void PyObject_Free(void *block);

enum { MALLOC = 1, CALLOC = 2, REALLOC = 3, FREE = 4 };
#define NO_ID UINT32_MAX

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* One pass over the requests; `slots` maps ids to live blocks and is all NULL before the first request. */
static void replay(const uint8_t *code, const uint32_t *id, const uint32_t *other, const uint32_t *bytes, size_t length, void **slots) {
    for (size_t row = 0; row < length; row++) {
        switch (code[row]) {
        case MALLOC:
            slots[id[row]] = PyObject_Malloc(bytes[row]);
            break;
        case CALLOC:
            slots[id[row]] = PyObject_Calloc(other[row], bytes[row]);
            break;
        case REALLOC: {
            void *before = id[row] == NO_ID ? NULL : slots[id[row]];
            void *after = PyObject_Realloc(before, bytes[row]);
            if (before != NULL) slots[id[row]] = NULL;
            slots[other[row]] = after;
            break;
        }
        case FREE:
            if (id[row] != NO_ID) {
                PyObject_Free(slots[id[row]]);
                slots[id[row]] = NULL;
            }
            break;
        }
    }
}

/* Runs `passes` passes and writes the nanoseconds of each; what a pass leaves live is freed outside its time. Returns 0, or -1 without memory. */
int replay_passes(const uint8_t *code, const uint32_t *id, const uint32_t *other, const uint32_t *bytes, size_t length, size_t ids, int passes, double *times) {
    void **slots = calloc(ids, sizeof *slots);
    if (slots == NULL) return -1;
    for (int pass = 0; pass < passes; pass++) {
        double start = nanoseconds();
        replay(code, id, other, bytes, length, slots);
        times[pass] = nanoseconds() - start;
        for (size_t block = 0; block < ids; block++) {
            PyObject_Free(slots[block]);
            slots[block] = NULL;
        }
    }
    free(slots);
    return 0;
}
