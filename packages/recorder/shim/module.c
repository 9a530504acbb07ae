#include "module.h"

#include <string.h>

#include "hooks.h"
#include "observe.h"

/* PyMethodDef, PyModuleDef_Slot and PyModuleDef. */
struct method {
    const char *name;
    void *(*call)(void *module, void *argument);
    int flags;
    const char *doc;
};
struct slot {
    int number;
    void *value;
};
struct definition {
    struct object head;
    void *(*init)(void);
    ssize_t index;
    void *copy;
    const char *name, *doc;
    ssize_t size;
    const struct method *methods;
    const struct slot *slots;
    void *traverse, *clear, *free;
};

enum { TAKES_NOTHING = 4, TAKES_ONE = 8 }; /* METH_NOARGS, METH_O */

static void *nothing(void) {
    python.keep(python.none);
    return python.none;
}

static void *mark(void *module, void *label) {
    ssize_t length;
    (void)module;
    const char *text = python.utf8_of(label, &length);
    if (text == NULL) return NULL;
    if (live->cursor != NULL) {
        moment_taken();
        put_mark(text, (size_t)length, 1);
        order_given();
    }
    return nothing();
}

static void *observe(void *module, void *argument) {
    (void)module, (void)argument;
    if (live->cursor != NULL) {
        moment_taken();
        observe_all();
        order_given();
    }
    return nothing();
}

static const struct method methods[] = {
    {"mark", mark, TAKES_ONE, "mark(label): names this moment in the recording."},
    {"observe", observe, TAKES_NOTHING, "observe(): writes the allocator's own figures into the recording."},
    {NULL, NULL, 0, NULL},
};
/* Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED: unknown before 3.12. */
static const struct slot any_interpreter[] = {{3, (void *)2}, {0, NULL}};
static const struct slot none[] = {{0, NULL}};
static struct definition definition = {
    .head = {1, NULL}, .name = "reheap_recorder", .doc = "Speaks to the recorder of this program.", .methods = methods};

static void *initialized(void) {
    definition.slots = python_has_own_heaps() ? any_interpreter : none;
    return python.module_of(&definition);
}

void module_offered(void) { python.append_inittab("reheap_recorder", initialized); }
