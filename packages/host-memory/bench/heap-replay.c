/*
 * Replays requests on the real malloc and prints nanoseconds a request, the median of the passes.
 *
 * usage: heap-replay PASSES < REQUESTS
 * Requests are 4 numbers of 64 bits each: kind (0 malloc, 1 calloc, 2 memalign, 3 realloc, 4 free), id, new id or alignment, bytes. Every
 * pass ends with all blocks freed, outside the time that is taken.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MAPPED_BYTES (1u << 28)

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double one = *(const double *)a, other = *(const double *)b;
    return (one > other) - (one < other);
}

/* Outside the heap that is measured. */
static void *mapped(void) { return mmap(0, MAPPED_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0); }

int main(int argc, char **argv) {
    int passes = argc == 2 ? atoi(argv[1]) : 0;
    if (passes < 1 || passes > 1000) return 2;
    uint64_t(*request)[4] = mapped();
    void **block = mapped();
    size_t bytes = 0;
    ssize_t got;
    while ((got = read(0, (char *)request + bytes, MAPPED_BYTES - bytes)) > 0) bytes += (size_t)got;
    size_t requests = bytes / sizeof *request;
    static double time_of[1000];
    for (int pass = 0; pass < passes; pass++) {
        double begun = now();
        for (size_t n = 0; n < requests; n++) {
            const uint64_t *r = request[n];
            switch (r[0]) {
                case 0: block[r[1]] = malloc(r[3]); break;
                case 1: block[r[1]] = calloc(1, r[3]); break;
                case 2: block[r[1]] = memalign(r[2], r[3]); break;
                case 3: block[r[2]] = realloc(block[r[1]], r[3]), block[r[1]] = NULL; break;
                default: free(block[r[1]]), block[r[1]] = NULL;
            }
        }
        time_of[pass] = (now() - begun) / (double)requests;
        for (size_t n = 0; n < requests; n++)
            for (int at = 1; at < 3; at++)
                if (request[n][at] < requests * 2 && (at == 1 || request[n][0] == 3)) free(block[request[n][at]]), block[request[n][at]] = NULL;
    }
    qsort(time_of, (size_t)passes, sizeof *time_of, ascending);
    printf("%.1f\n", time_of[passes / 2]);
    return 0;
}
