/*
 * Runs a seeded stream of requests on the real malloc and prints what it answered: the oracle of the C library's heap.
 *
 * usage: heap-stream KIND SEED REQUESTS
 * A line for each request: `m ID BYTES`, `c ID BYTES`, `a ID ALIGNMENT BYTES`, `r ID NEWID BYTES`, `f ID`, then what was answered; every so
 * often a line of figures.
 */
#include "heap-answers.h"

#define LIVE_MAX 4096
/* Requests between two lines of figures. */
#define FIGURES_EVERY 100
/* Chunks that malloc sorts for one request, and twice as many and some. */
#define SORTED_MAX 10000
#define UNSORTED_CHUNKS 20500

static uint64_t random_state;
static void *block[LIVE_MAX];
static unsigned id[LIVE_MAX];
static size_t live;
static unsigned next_id = 1;

static uint64_t draw(uint64_t bound) {
    random_state ^= random_state << 13, random_state ^= random_state >> 7, random_state ^= random_state << 17;
    return random_state % bound;
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

/* Just below, at and above what moves the threshold of mappings. */
static size_t edge(void) {
    switch (draw(12)) {
        case 0: return 33554432 - 2 * PAGE_BYTES + draw(3 * PAGE_BYTES);
        case 1: return LARGE_BYTES - 64 + draw(128);
        case 2: return LARGE_BYTES - PAGE_BYTES + draw(3 * PAGE_BYTES);
        case 3: return PAGE_BYTES * draw(1000) + draw(64);
        default: return draw(3000);
    }
}

static size_t size_of(const char *kind) {
    if (strcmp(kind, "small") == 0) return small();
    if (strcmp(kind, "large") == 0) return large();
    if (strcmp(kind, "python") == 0) return python_like();
    if (strcmp(kind, "edge") == 0) return edge();
    if (strcmp(kind, "unsorted") == 0) return 1040 + draw(2000);
    return mixed();
}

static void give(size_t at) {
    put('f'), put(' '), field(id[at]);
    free(block[at]);
    live--, block[at] = block[live], id[at] = id[live];
    answered(heap);
}

static void keep(void *given, size_t bytes) {
    written(given, bytes);
    block[live] = given, id[live] = next_id++, live++;
    answered(given);
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
    keep(given, bytes);
}

static void resize(const char *kind, size_t at) {
    size_t bytes = strcmp(kind, "grow") == 0 ? malloc_usable_size(block[at]) * (9 + draw(4)) / 8 + 1 : size_of(kind) + 1;
    if (bytes > 8000000 && strcmp(kind, "edge") != 0) bytes = 100;
    if (strcmp(kind, "edge") == 0 && draw(8) == 0) bytes = 0;
    put('r'), put(' '), field(id[at]), field(next_id), field(bytes);
    void *given = realloc(block[at], bytes);
    live--, block[at] = block[live], id[at] = id[live];
    if (bytes > 0) keep(given, bytes);
    else next_id++, answered(NULL);
}

static void *ask(size_t bytes) {
    put('m'), put(' '), field(next_id++), field(bytes);
    void *given = malloc(bytes);
    written(given, bytes);
    answered(given);
    return given;
}

/* One more than are sorted for one request, and the last of the next round, have a size of their own, which is asked for then. */
static void fill_unsorted(void) {
    static void *freed[UNSORTED_CHUNKS];
    unsigned first = next_id;
    for (size_t n = 0; n < UNSORTED_CHUNKS; n++) {
        freed[n] = ask(n == SORTED_MAX ? 2500 : n == 2 * SORTED_MAX - 1 ? 2000 : 1040 + 16 * (n % 20));
        ask(24);
    }
    for (size_t n = 0; n < UNSORTED_CHUNKS; n++) {
        put('f'), put(' '), field(first + 2 * (unsigned)n);
        free(freed[n]);
        answered(heap);
    }
    ask(2500), ask(2000), figures();
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const char *kind = argv[1];
    random_state = strtoull(argv[2], 0, 10) * 2654435761u + 88172645463325252u;
    unsigned requests = (unsigned)strtoul(argv[3], 0, 10);
    begin();
    if (strcmp(kind, "unsorted") == 0) fill_unsorted();
    unsigned phase = 0;
    for (unsigned n = 0; n < requests; n++) {
        if (n % FIGURES_EVERY == 0) figures();
        if (n % 500 == 0) phase = (unsigned)draw(3);
        int grows = live < 8 || (live < LIVE_MAX && draw(10) < (phase == 0 ? 7u : phase == 1 ? 5u : 3u));
        if (live > 0 && draw(12) == 0) resize(kind, draw(live));
        else if (grows) take(kind);
        else give(phase == 1 ? live - 1 : draw(live));
    }
    flush();
    return 0;
}
