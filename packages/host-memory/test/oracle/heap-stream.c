/*
 * Runs a seeded stream of requests on the real malloc and prints what it answered: the oracle of the C library's heap.
 *
 * usage: heap-stream KIND SEED REQUESTS
 * A line for each request: `m ID BYTES`, `c ID BYTES`, `a ID ALIGNMENT BYTES`, `r ID NEWID BYTES`, `f ID`, then what was answered:
 * the address less the heap's start, or `M` and the address within its page for a mapping; then the size of the heap.
 * Nothing but the stream may ask for memory: output goes through a static buffer and write(2).
 */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIVE_MAX 4096

static char text[1 << 16];
static size_t used;
static uint64_t random_state;
static char *heap;
static void *block[LIVE_MAX];
static unsigned id[LIVE_MAX];
static size_t live;
static unsigned next_id = 1;

static void flush(void) {
    size_t done = 0;
    while (done < used) done += (size_t)write(1, text + done, used - done);
    used = 0;
}

static void put(char c) {
    if (used == sizeof text) flush();
    text[used++] = c;
}

static void number(uint64_t value) {
    char digits[24];
    int n = 0;
    do digits[n++] = (char)('0' + value % 10), value /= 10;
    while (value > 0);
    while (n > 0) put(digits[--n]);
}

static void field(uint64_t value) { number(value), put(' '); }

static uint64_t draw(uint64_t bound) {
    random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
    return random_state % bound;
}

static void answered(void *given) {
    char *end = sbrk(0);
    if ((char *)given >= heap && (char *)given < end) number((uint64_t)((char *)given - heap));
    else put('M'), number((uint64_t)given % 4096);
    put(' '), number((uint64_t)(end - heap)), put('\n');
}

static size_t small(void) { return draw(8) == 0 ? draw(1100) : draw(200); }
static size_t mixed(void) {
    switch (draw(10)) {
        case 0: return draw(70000);
        case 1: case 2: return draw(5000);
        default: return draw(600);
    }
}
static size_t large(void) {
    switch (draw(6)) {
        case 0: return 100000 + draw(100000);
        case 1: return draw(3000000);
        case 2: return 131072 - 64 + draw(128);
        default: return draw(40000);
    }
}
static size_t python_like(void) { return draw(12) == 0 ? 512 + draw(200000) : 513 + draw(3000); }

static size_t size_of(const char *kind) {
    if (strcmp(kind, "small") == 0) return small();
    if (strcmp(kind, "large") == 0) return large();
    if (strcmp(kind, "python") == 0) return python_like();
    return mixed();
}

static void give(size_t at) {
    put('f'), put(' '), field(id[at]);
    free(block[at]);
    live--, block[at] = block[live], id[at] = id[live];
    answered(heap);
}

static void take(const char *kind) {
    size_t bytes = size_of(kind);
    uint64_t way = draw(20);
    void *given;
    if (way == 0) put('c'), put(' '), field(next_id), field(bytes), given = calloc(1, bytes);
    else if (way == 1 && strcmp(kind, "align") == 0) {
        size_t alignment = (size_t)16 << draw(9);
        put('a'), put(' '), field(next_id), field(alignment), field(bytes), given = memalign(alignment, bytes);
    } else put('m'), put(' '), field(next_id), field(bytes), given = malloc(bytes);
    block[live] = given, id[live] = next_id++, live++;
    answered(given);
}

static void resize(const char *kind, size_t at) {
    size_t bytes = strcmp(kind, "grow") == 0 ? malloc_usable_size(block[at]) * (9 + draw(4)) / 8 + 1 : size_of(kind) + 1;
    if (bytes > 8000000) bytes = 100;
    put('r'), put(' '), field(id[at]), field(next_id), field(bytes);
    block[at] = realloc(block[at], bytes), id[at] = next_id++;
    answered(block[at]);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const char *kind = argv[1];
    random_state = strtoull(argv[2], 0, 10) * 2654435761u + 88172645463325252u;
    unsigned requests = (unsigned)strtoul(argv[3], 0, 10);
    heap = sbrk(0);
    unsigned phase = 0;
    for (unsigned n = 0; n < requests; n++) {
        if (n % 500 == 0) phase = (unsigned)draw(3);
        int grows = live < 8 || (live < LIVE_MAX && draw(10) < (phase == 0 ? 7u : phase == 1 ? 5u : 3u));
        if (live > 0 && draw(12) == 0) resize(kind, draw(live));
        else if (grows) take(kind);
        else give(phase == 1 ? live - 1 : draw(live));
    }
    flush();
    return 0;
}
