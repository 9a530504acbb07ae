/*
 * Runs a seeded stream of requests on the real malloc and prints what it answered: the oracle of the C library's heap.
 *
 * usage: heap-stream KIND SEED REQUESTS
 * A line for each request: `m ID BYTES`, `c ID BYTES`, `a ID ALIGNMENT BYTES`, `r ID NEWID BYTES`, `f ID`, then what was answered:
 * the address less the heap's start, or `M` and the address within its page for a mapping, or `0` for NULL; then the size of the heap.
 * Every so often a line `i` with the figures of mallinfo2 (arena ordblks smblks hblks hblkhd fsmblks uordblks fordblks keepcost) and the
 * bytes of the heap that are resident. The program writes blocks below 128 KiB whole, as most programs do, and no others.
 * Nothing but the stream may ask for memory: output goes through a static buffer and write(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LIVE_MAX 4096
#define PAGE_BYTES 4096
/* Blocks of this size and more the program does not write. */
#define LARGE_BYTES 131072
/* Requests between two lines of figures. */
#define FIGURES_EVERY 100
/* More chunks than malloc sorts for one request. */
#define UNSORTED_CHUNKS 12000

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
    if (given == NULL) put('0');
    else if ((char *)given >= heap && (char *)given < end) number((uint64_t)((char *)given - heap));
    else put('M'), number((uint64_t)given % 4096);
    put(' '), number((uint64_t)(end - heap)), put('\n');
}

/* Of the heap, from /proc/self/smaps: pages of zeros do not count. */
static uint64_t resident_bytes(void) {
    static char map[1 << 16];
    size_t length = 0;
    ssize_t got;
    int file = open("/proc/self/smaps", O_RDONLY);
    while ((got = read(file, map + length, sizeof map - 1 - length)) > 0) length += (size_t)got;
    close(file);
    map[length] = 0;
    char *area = strstr(map, "[heap]"), *rss = area == NULL ? NULL : strstr(area, "Rss:");
    return rss == NULL ? 0 : strtoull(rss + 4, 0, 10) * 1024;
}

static void figures(void) {
    struct mallinfo2 m = mallinfo2();
    put('i'), put(' ');
    field(m.arena), field(m.ordblks), field(m.smblks), field(m.hblks), field(m.hblkhd);
    field(m.fsmblks), field(m.uordblks), field(m.fordblks), field(m.keepcost);
    number(resident_bytes()), put('\n');
}

static void written(void *given, size_t bytes) {
    if (given != NULL && bytes < LARGE_BYTES) memset(given, 1, bytes);
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

/* Frees more chunks than are sorted for one request, none beside another. */
static void fill_unsorted(void) {
    static void *freed[UNSORTED_CHUNKS];
    unsigned first = next_id;
    for (size_t n = 0; n < UNSORTED_CHUNKS; n++) {
        for (int apart = 0; apart < 2; apart++) {
            size_t bytes = apart ? 24 : draw(20) == 0 ? 1024 : 600 + draw(900);
            put('m'), put(' '), field(next_id++), field(bytes);
            void *given = malloc(bytes);
            written(given, bytes);
            if (!apart) freed[n] = given;
            answered(given);
        }
    }
    for (size_t n = 0; n < UNSORTED_CHUNKS; n++) {
        put('f'), put(' '), field(first + 2 * (unsigned)n);
        free(freed[n]);
        answered(heap);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const char *kind = argv[1];
    random_state = strtoull(argv[2], 0, 10) * 2654435761u + 88172645463325252u;
    unsigned requests = (unsigned)strtoul(argv[3], 0, 10);
    heap = sbrk(0);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
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
