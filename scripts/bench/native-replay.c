/*
 * Replays recorded allocator requests through the running interpreter's own allocator and reports the
 * time of a pass.
 *
 * Loaded by that interpreter with ctypes.PyDLL, so that the global interpreter lock is held and the
 * symbols are the interpreter's, whether it is linked statically or against libpython.
 */
#define _POSIX_C_SOURCE 200809L
#include <stddef.h>
#include <stdint.h>
#include <time.h>

extern void *PyObject_Malloc(size_t bytes);
extern void *PyObject_Calloc(size_t count, size_t element_bytes);
extern void *PyObject_Realloc(void *block, size_t bytes);
extern void PyObject_Free(void *block);
extern void *PyMem_RawMalloc(size_t bytes);
extern void *PyMem_RawCalloc(size_t count, size_t element_bytes);
extern void *PyMem_RawRealloc(void *block, size_t bytes);
extern void PyMem_RawFree(void *block);

/* The requests of the MEM and OBJ domains by their opcodes; those of the RAW domain lie RAW above them. */
enum { MALLOC = 1, CALLOC = 2, REALLOC = 3, FREE = 4, RAW = 8 };
#define NO_ID UINT32_MAX

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The block of an id, which is dead from now on. */
static void *taken(void **slots, uint32_t id) {
    if (id == NO_ID) return NULL;
    void *block = slots[id];
    slots[id] = NULL;
    return block;
}

/*
 * Replays the requests once and returns the nanoseconds that it took. `slots` maps ids to live blocks and is all NULL before the
 * first pass; what a pass leaves live is given back outside its time.
 */
double replay(const uint8_t *code, const uint32_t *id, const uint32_t *other, const uint32_t *bytes, size_t length, void **slots, uint8_t *raw,
              size_t ids) {
    double start = nanoseconds();
    for (size_t row = 0; row < length; row++) {
        switch (code[row]) {
        case MALLOC:
            slots[id[row]] = PyObject_Malloc(bytes[row]);
            break;
        case CALLOC:
            slots[id[row]] = PyObject_Calloc(other[row], bytes[row]);
            break;
        case REALLOC: {
            void *before = taken(slots, id[row]);
            slots[other[row]] = PyObject_Realloc(before, bytes[row]);
            break;
        }
        case FREE:
            PyObject_Free(taken(slots, id[row]));
            break;
        case RAW + MALLOC:
            slots[id[row]] = PyMem_RawMalloc(bytes[row]);
            raw[id[row]] = 1;
            break;
        case RAW + CALLOC:
            slots[id[row]] = PyMem_RawCalloc(other[row], bytes[row]);
            raw[id[row]] = 1;
            break;
        case RAW + REALLOC: {
            void *before = taken(slots, id[row]);
            slots[other[row]] = PyMem_RawRealloc(before, bytes[row]);
            raw[other[row]] = 1;
            break;
        }
        case RAW + FREE:
            PyMem_RawFree(taken(slots, id[row]));
            break;
        }
    }
    double took = nanoseconds() - start;
    for (uint32_t block = 0; block < ids; block++) {
        if (raw[block])
            PyMem_RawFree(taken(slots, block));
        else
            PyObject_Free(taken(slots, block));
        raw[block] = 0;
    }
    return took;
}
