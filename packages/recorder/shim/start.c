/* Runs before main(): decides whether this process is the program to be recorded, and hooks it. */
#define _GNU_SOURCE
#include <string.h>

#include "hooks.h"
#include "library.h"
#include "module.h"
#include "python.h"
#include "ring.h"

extern char **environ;

static const char *variable(const char *name) {
    size_t length = strlen(name);
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') return *entry + length + 1;
    return NULL;
}

static void variable_removed(const char *name) {
    size_t length = strlen(name);
    char **kept = environ;
    for (char **entry = environ; *entry != NULL; entry++)
        if (strncmp(*entry, name, length) != 0 || (*entry)[length] != '=') *kept++ = *entry;
    *kept = NULL;
}

/* The program and its children see the environment that it would have had: we stand first in LD_PRELOAD. */
static void environment_restored(void) {
    char *preload = (char *)variable("LD_PRELOAD");
    char *others = preload != NULL ? strchr(preload, ':') : NULL;
    if (others != NULL) memmove(preload, others + 1, strlen(others));
    else variable_removed("LD_PRELOAD");
    variable_removed("REHEAP_RING");
}

static void recording_begun(void) {
    hooks_set();
    module_offered();
}

#ifdef REHEAP_RESETS_ALLOCATORS
/*
 * CPython 3.6 sets its allocators twice on its way up: main() to the C library's, then Py_Main(),
 * having read PYTHONMALLOC, to its own. The next thing that it asks the C library for is another
 * variable, before anything is allocated: there the hooks are set.
 */
static void *pymalloc;
static int bootstraps;

static void allocators_reset(void) {
    struct allocator current;
    if (pymalloc == NULL) return;
    python.get_allocator(DOMAIN_OBJ, &current);
    if (current.malloc != pymalloc) bootstraps = 1;
    else if (bootstraps) {
        pymalloc = NULL;
        recording_begun();
    }
}

__attribute__((visibility("default"))) char *getenv(const char *name) {
    allocators_reset();
    return (char *)variable(name);
}

static void allocators_awaited(void) {
    struct allocator first;
    python.get_allocator(DOMAIN_OBJ, &first);
    pymalloc = first.malloc;
}
#define RECORDING_PREPARED allocators_awaited
#else
#define RECORDING_PREPARED recording_begun
#endif

__attribute__((constructor)) static void start(void) {
    const char *path = variable("REHEAP_RING");
    if (path == NULL || !python_found() || !ring_opened(path)) {
        library_left();
        return;
    }
    library_begun();
    if (!ring_follows_children()) environment_restored();
    RECORDING_PREPARED();
}
