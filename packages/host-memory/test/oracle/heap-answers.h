/*
 * How the oracles of the C library's heap print what the real malloc answered: the address less the heap's start, or `M` and the address
 * within its page for a mapping, or `0` for NULL; then the size of the heap. A line `i` has the figures of mallinfo2 (arena ordblks smblks
 * hblks hblkhd fsmblks uordblks fordblks keepcost) and the bytes of the heap that are resident.
 * The program writes blocks below 128 KiB whole, as most programs do, and no others. Nothing else may ask for memory: output goes through
 * a static buffer and write(2).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE_BYTES 4096
/* Blocks of this size and more the program does not write. */
#define LARGE_BYTES 131072

static char text[1 << 16];
static size_t used;
static char *heap;

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

static void begin(void) {
    heap = sbrk(0);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}
