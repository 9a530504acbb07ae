#include "scratch.h"

#include <string.h>

static _Alignas(16) char scratch[4096];
static size_t kept, taken;

void *scratch_taken(size_t size) {
    size_t rounded = (size + 15) & ~(size_t)15;
    if (size > sizeof scratch || rounded > sizeof scratch - taken) return NULL;
    void *block = scratch + taken;
    taken += rounded;
    return memset(block, 0, rounded);
}

int scratch_holds(const void *block) { return (const char *)block >= scratch && (const char *)block < scratch + sizeof scratch; }

void scratch_cleared(void) { taken = kept; }

void scratch_kept(void) { kept = taken; }
